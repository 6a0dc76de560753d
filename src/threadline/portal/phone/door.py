"""Where the provider asks what a call does next: `/in/<channel>/call/…` and `/in/<channel>/leg/<number>/…`.

The same checks as at the door of everything that comes in: a bearable size, a channel that is on, a genuine signature.
"""

import logging
from datetime import UTC, datetime

from django.db import DatabaseError
from django.utils.translation import override
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from threadline.channels import twiml
from threadline.channels.adapters.twilio_voice import TwilioVoice
from threadline.channels.contract import Broken, Failure, Hook
from threadline.channels.models import Channel
from threadline.interactions.api.door import in_thread
from threadline.interactions.hooks.door import Known, body_of, channel_of, complain, words
from threadline.lib.errors import ThreadlineError
from threadline.portal.models import PhoneLeg
from threadline.portal.phone import ours, steps, told
from threadline.portal.phone.lines import line_of

log = logging.getLogger(__name__)
LARGEST = 64 * 1024


async def asked(request: Request) -> Response:
    found = await channel_of(request.path_params["channel"])
    connector = found.connector
    if not isinstance(connector, TwilioVoice):
        return words(404, "Nobody calls this channel.")
    body = await body_of(request, LARGEST)
    if body is None:
        return words(413, f"The body is larger than {LARGEST:,} bytes.")
    hook = hook_of(request, connector, body)
    if (refused := await refusal(found, connector, hook)) is not None:
        return refused
    if not found.channel.active:
        return answered([twiml.Verb("Reject", options={"reason": "busy"})])
    try:
        return answered(await in_thread(next_of, found.channel, dict(request.path_params), hook.form()))
    except (DatabaseError, HTTPException) as error:
        log.warning("a call of %s could not go on (%s)", found.channel, error)
        return words(503, "Nothing was done: ask again in a moment.", {"Retry-After": "2"})
    except ThreadlineError as error:
        log.info("a request about a call of %s changed nothing: %s", found.channel, error)
        return answered([twiml.hang_up()])


async def refusal(found: Known, connector: TwilioVoice, hook: Hook) -> Response | None:
    """None for what is genuine."""
    try:
        connector.verify(hook)
    except Broken as error:
        await complain(found, str(error))
        return words(401, str(error))
    except Failure as error:
        await complain(found, str(error))
        return words(503, "The channel is not set up yet.", {"Retry-After": "300"})
    return None


def hook_of(request: Request, connector: TwilioVoice, body: bytes) -> Hook:
    """As the provider sent it to our public address: the signature is of that."""
    place = request.url.path.partition(f"/in/{request.path_params['channel']}")[2]
    query = request.url.query
    return Hook(
        method="POST",
        url=f"{connector.endpoint.hook_url}{place}{'?' + query if query else ''}",
        body=body,
        received_at=datetime.now(UTC),
        headers={name.lower(): value for name, value in request.headers.items()},
    )


def next_of(channel: Channel, path: dict[str, object], said: dict[str, str]) -> list[twiml.Verb]:
    """What comes next, in the language of the line. Places that nobody knows end the call."""
    now, place = datetime.now(UTC), str(path.get("place", ""))
    with override(line_of(channel).language.partition("-")[0]):
        if "leg" in path:
            leg = PhoneLeg.objects.select_related("call__channel__brand", "agent").filter(pk=int(str(path["leg"])))
            found = leg.filter(call__channel=channel).first()
            if found is None or place not in ours.PLACES:
                return [twiml.hang_up()]
            return ours.PLACES[place](ours.Ours(found, said, now))
        answer = steps.PLACES.get(place) or told.PLACES.get(place)
        if answer is None or not said.get("CallSid"):
            return [twiml.hang_up()]
        return answer(steps.Asked(channel, said, now))


def answered(verbs: list[twiml.Verb]) -> Response:
    return Response(twiml.document(verbs), media_type=twiml.CONTENT_TYPE)
