"""A telephone call that is over becomes one touch of a story, with its notes, its words and what was recorded.

It passes through the ledger as everything does. A voicemail came through the door already, with its words.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from threadline.accounts.models import Agent
from threadline.channels.shapes import packed
from threadline.core.durations import spell
from threadline.interactions.models import IntakeEntry, Interaction
from threadline.journeys import pipeline
from threadline.journeys.actions import move
from threadline.journeys.actions.structure import next_number
from threadline.journeys.lock import hold_pipeline
from threadline.journeys.models import Journey, Membership
from threadline.lib.errors import ThreadlineError
from threadline.lib.jobs import enqueue, job, periodic
from threadline.portal.actions import callbacks
from threadline.portal.actions.phoning import SILENT_AFTER, end
from threadline.portal.models import PhoneCall, PhonePiece
from threadline.portal.phone.lines import line_of

GRACE = timedelta(seconds=45)  # the recording is told some seconds after the end
WORDS_TAKE = timedelta(minutes=4)  # what was said after the tone is written down meanwhile, or never
AT_ONCE = 50
MOST_SAID = 2000


@periodic(cron="* * * * *")
@job(queueing_lock="keep_calls")
def keep_calls(timestamp: int = 0) -> None:
    """Write down the calls that are over. Safe to run twice or late."""
    now = timezone.now()
    lost = PhoneCall.objects.going_on().filter(rang_at__lt=now - SILENT_AFTER).order_by("pk")
    for call in lost[:AT_ONCE]:
        end(call=call, why="lost", now=now)
    over = PhoneCall.objects.filter(Q(kept_at=None) & Q(ended_at__isnull=False)).order_by("ended_at", "pk")
    for call in over[:AT_ONCE]:
        keep(call=call, now=now)


def keep_soon() -> None:
    """Something of a call is over: look without waiting for the minute."""
    enqueue(keep_calls)


@transaction.atomic
def keep(*, call: PhoneCall, now: datetime) -> Interaction | None:
    """Once, when all is there that will come; None until then, and for what is no touch."""
    hold_pipeline()
    call = PhoneCall.objects.select_for_update(of=["self"]).select_related("channel", "agent").get(pk=call.pk)
    if call.kept_at is not None or call.ended_at is None or not complete(call, now):
        return None
    touch = voicemail(call, now) if call.why == "voicemail" else written_down(call, now)
    call.kept_at, call.touch = now, touch.pk if touch else None
    call.save(update_fields=["kept_at", "touch"])
    if touch is not None:
        in_its_story(call, touch, now)
    return touch


def complete(call: PhoneCall, now: datetime) -> bool:
    """Nothing more is to be waited for: the recording of who agreed, the words of a message."""
    assert call.ended_at is not None, "only asked of calls that are over"
    if call.why == "voicemail":
        if not line_of(call.channel).transcribes or now - call.ended_at > WORDS_TAKE:
            return True
        return Interaction.objects.filter(once_key__in=messages(call)).exists()
    awaited = call.consent == "yes" and call.answered_at is not None and not call.from_us
    return not awaited or now - call.ended_at > GRACE or call.pieces.filter(kind="recording").exists()


def messages(call: PhoneCall) -> list[str]:
    return [f"twilio:{name}" for name in call.pieces.filter(kind="voicemail").values_list("name", flat=True)]


def voicemail(call: PhoneCall, now: datetime) -> Interaction | None:
    """The one that came by itself; where its words never came, without them."""
    found = Interaction.objects.filter(once_key__in=messages(call)).first()
    piece = call.pieces.filter(kind="voicemail").first()
    if found is not None or piece is None:
        return found
    said: dict[str, object] = {
        "CallSid": call.sid,
        "From": call.number,
        "RecordingSid": piece.name,
        "RecordingUrl": piece.source,
        "RecordingDuration": str(piece.seconds),
        "RecordingStatus": "completed",
        "Seen": piece.at.isoformat(),
    }
    return through_the_ledger(call, said, piece.name, now)


def written_down(call: PhoneCall, now: datetime) -> Interaction | None:
    """None for who hung up without a wish, and for our own call that nobody answered."""
    if call.from_us and call.answered_at is None:
        return None
    if call.why in ("hung up", "lost") and not any(step["what"] == "status" for step in call.path):
        return None
    if not call.number and call.answered_at is None:
        return None
    with override(line_of(call.channel).language.partition("-")[0]):
        told = told_of(call)
    return through_the_ledger(call, {"Kept": told}, str(call.sid or f"call-{call.pk}"), now)


def told_of(call: PhoneCall) -> dict[str, object]:
    """The call as the adapter reads it again."""
    assert call.ended_at is not None, "it is over"
    agent, seconds = call.agent, call.seconds(call.ended_at)
    recordings = list(call.pieces.filter(kind="recording").order_by("at", "pk"))
    asks = call.answered_at is not None or hasattr(call, "callback") or call.why == "gave up"
    attributes: dict[str, object] = {
        "call": call.sid,
        "ended": call.why,
        "waited": round(call.waited.total_seconds()),
        "path": [step["what"] for step in call.path],
        "caller": call.known,
        "recordings": len(recordings),
    }
    if call.answered_at is not None and agent is not None:
        spoke = {"seconds": seconds, "talked_with": agent.name, "agreed": call.consent == "yes"}
        attributes |= {**spoke, **({} if call.from_us else {"taken_by": agent.handle or agent.email})}
    return {
        "call": str(call.sid or f"call-{call.pk}"),
        "number": call.number,
        "direction": "out" if call.from_us else "in" if asks else "event",
        "at": (call.answered_at or call.rang_at).isoformat(),
        "text": words(call, seconds),
        "agent": (agent.handle or agent.email) if agent else "",
        "files": [{"id": each.name, "source": each.source} for each in recordings],
        "attributes": attributes,
    }


def words(call: PhoneCall, seconds: int) -> str:
    """The notes of who talked, then what was said; without either, what happened."""
    said = [call.notes, *transcript(call)] if call.notes else [happened(call, seconds), *transcript(call)]
    return "\n\n".join(filter(None, said))


def happened(call: PhoneCall, seconds: int) -> str:
    waited = spell(timedelta(seconds=round(call.waited.total_seconds())))
    if call.answered_at is not None:
        name = call.agent.first_name if call.agent else _("Somebody")
        told = {"agent": name, "length": spell(timedelta(seconds=seconds)), "waited": waited}
        if call.from_us:
            return _("%(agent)s called back as promised, and they talked for %(length)s.") % told
        return _("%(agent)s and they talked on the telephone for %(length)s, after a wait of %(waited)s.") % told
    if hasattr(call, "callback"):
        return _("Called and asked to be called back.")
    if call.why == "gave up":
        return _("Called, waited %(waited)s, and hung up before anybody answered.") % {"waited": waited}
    return _("Called, and heard how the story stands.")


def transcript(call: PhoneCall) -> list[str]:
    """Who said what, a line each, in the order in which it was said."""
    lines = PhonePiece.objects.filter(call=call, kind="said").order_by("at", "pk")[:MOST_SAID]
    name = call.agent.first_name if call.agent else _("We")
    said = [f"{name if line.ours else _('They')}: {line.text}" for line in lines if line.text]
    return ["\n".join(said)] if said else []


def through_the_ledger(call: PhoneCall, said: dict[str, object], name: str, now: datetime) -> Interaction | None:
    entry = IntakeEntry.objects.create(
        pk=next_number(), channel=call.channel, source="hook", external_id=name, raw=packed(said), received_at=now
    )
    pipeline.process([entry])
    entry.refresh_from_db(fields=["verdict", "duplicate_of"])
    return Interaction.objects.filter(pk=entry.duplicate_of_id or entry.pk).first()


def in_its_story(call: PhoneCall, touch: Interaction, now: datetime) -> None:
    """Where the agent said it belongs; and the promise that was given in it."""
    wanted = next((step for step in reversed(call.path) if step["what"] == "story"), None)
    home = Membership.objects.filter(interaction=touch, superseded_at=None).values_list("journey", flat=True).first()
    if wanted and wanted["story"] and wanted["story"] != home and home is not None:
        home = moved(touch, int(wanted["story"]), int(wanted["by"]), now) or home
    if home is not None and hasattr(call, "callback"):
        callbacks.stands_in(callback=call.callback, journey=home, now=now)


def moved(touch: Interaction, story: int, by: int, now: datetime) -> int | None:
    """None where it can not be moved there any more: where the rules put it, it is found as well."""
    agent, to = Agent.objects.get(pk=by), Journey.objects.filter(pk=story, joined_into=None).first()
    if to is None:
        return None
    try:
        move(interaction=touch, to=to, by=agent, now=now)
    except ThreadlineError:
        return None
    return to.pk
