"""One request of a provider: small enough, genuine, fresh, in the ledger, and only then answered with 200.

Refusals are told in words: 401 for a wrong or an old signature, 413 for too much, 404 for no such channel. When the
database is away the provider hears 503 and sends it again. A request that comes twice is in the ledger twice, and the
second time a duplicate of the first.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import DatabaseError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from threadline.channels import log as channel_log
from threadline.channels.adapters import adapter, served
from threadline.channels.contract import Adapter, Answer, Broken, Failure, Hook
from threadline.channels.models import Channel
from threadline.interactions.api.door import in_thread
from threadline.interactions.hooks.taking import gathering
from threadline.interactions.reading import endpoint_with_secrets
from threadline.lib.errors import ThreadlineError

log = logging.getLogger(__name__)
REMEMBERED_SECONDS = 2.0
MOST_REMEMBERED = 500
SKEW = timedelta(minutes=5)  # by which a provider's clock may differ from ours, as Standard Webhooks has it
COMPLAIN_EVERY = 60.0
PAUSED_SECONDS = "300"
KEPT_HEADERS = ("content-type", "user-agent", "x-request-id", "webhook-id", "webhook-timestamp")


@dataclass(slots=True)
class Known:
    """A channel that was looked up a moment ago. `complained`: when a refusal was last noted in its log."""

    channel: Channel
    connector: Adapter | None
    until: float
    complained: float = 0.0


known: dict[int, Known] = {}


async def hook(request: Request) -> Response:
    """`/in/<channel>`. Async all the way to the commit, which it shares with whoever calls meanwhile."""
    found = await channel_of(request.path_params["channel"])
    connector = found.connector
    if connector is None or not connector.hooked:
        return words(404, "Nobody calls this channel.")
    if not found.channel.active:
        return words(503, "This channel is paused. Send it again later.", {"Retry-After": PAUSED_SECONDS})
    body = await body_of(request, connector.max_hook_bytes)
    if body is None:
        return words(413, f"The body is larger than {connector.max_hook_bytes:,} bytes.")
    return await answer(found, connector, hook_of(request, connector, body))


async def answer(found: Known, connector: Adapter, given: Hook) -> Response:
    try:
        greeting = connector.handshake(given)
        if greeting is not None:
            return said(greeting)
        if given.method == "GET":
            return words(405, "Send what happened with POST.")
        check_fresh(connector.verify(given), given.received_at)
        pieces = connector.split(given)
    except Broken as error:
        await complain(found, str(error))
        return words(401, str(error))
    except Failure as error:
        await complain(found, str(error))
        return words(503, "The channel is not set up yet.", {"Retry-After": PAUSED_SECONDS})
    except ThreadlineError as error:
        return words(400, str(error))
    try:
        await gathering.take(found.channel, pieces, headers_of(given.headers))
    except (DatabaseError, HTTPException) as error:
        log.warning("a request for %s could not be kept (%s)", found.channel, error)
        return words(503, "Nothing was taken: send it again in a moment.", {"Retry-After": "2"})
    return said(connector.received)


def check_fresh(signed_at: datetime | None, now: datetime) -> None:
    """A signature that was heard once can not be used later."""
    if signed_at is not None and abs(now - signed_at) > SKEW:
        raise Broken(
            f"It was signed on {signed_at:%d %b %Y %H:%M:%S} UTC, more than {SKEW.seconds // 60} minutes away."
        )


def hook_of(request: Request, connector: Adapter, body: bytes) -> Hook:
    """As the provider sent it to our public address, whatever stands between."""
    query = request.url.query
    return Hook(
        method=request.method,
        url=f"{connector.endpoint.hook_url}{'?' + query if query else ''}",
        body=body,
        received_at=datetime.now(UTC),
        headers={name.lower(): value for name, value in request.headers.items()},
        query=dict(request.query_params),
    )


async def body_of(request: Request, largest: int) -> bytes | None:
    """None as soon as it is too large."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > largest:
        return None
    pieces, length = [], 0
    async for piece in request.stream():
        length += len(piece)
        if length > largest:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def headers_of(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: headers[name][:500] for name in KEPT_HEADERS if name in headers}


def said(given: Answer) -> Response:
    return Response(given.body, given.status, media_type=given.content_type)


def words(status: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
    return Response(text, status, headers=dict(headers or {}), media_type="text/plain; charset=utf-8")


# ---- channels ------------------------------------------------------------------------------------------------------


async def channel_of(number: int) -> Known:
    found = known.get(number)
    if found is None or found.until < time.monotonic():
        found = await in_thread(look_up, number)
    return found


def look_up(number: int) -> Known:
    channel = Channel.objects.filter(pk=number).first()
    if channel is None:
        raise HTTPException(404, "There is no such channel.")
    connector = adapter(endpoint_with_secrets(channel)) if served(channel) else None
    if len(known) >= MOST_REMEMBERED:
        known.clear()
    before = known.get(number)
    known[number] = Known(
        channel, connector, time.monotonic() + REMEMBERED_SECONDS, before.complained if before else 0.0
    )
    return known[number]


def forget() -> None:
    """As after a start."""
    known.clear()


async def complain(found: Known, why: str) -> None:
    """Note a refusal on the channel, once a minute at most: whoever knocks must not fill the log."""
    if time.monotonic() - found.complained < COMPLAIN_EVERY and found.complained:
        return
    found.complained = time.monotonic()
    await in_thread(channel_log.note, found.channel, f"Refused a request: {why}", ok=False, coming=True)
