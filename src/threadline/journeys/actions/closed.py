"""While we are closed: people who write by e-mail are told when we open, and by when they have an answer.

Once for each story and closing time, never to a machine, never in public. It goes through the ledger like every
answer, marked as automatic, so it answers nobody's wait.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threadline.accounts.events import record_many
from threadline.accounts.models import Event
from threadline.channels.adapters.email.own import OwnAddresses
from threadline.core.calendars import Calendar
from threadline.core.routing import Measured
from threadline.interactions.actions.addresses import unwanted
from threadline.interactions.models import Delivery, IntakeEntry, Interaction
from threadline.interactions.outgoing import reply_subject
from threadline.interactions.reading import endpoint_of
from threadline.journeys.actions.delivery import deliver_due
from threadline.journeys.actions.promises import facts_of
from threadline.journeys.actions.reply import references_of, through_the_ledger
from threadline.journeys.actions.ruling import ledger_mark, restricted_team
from threadline.journeys.actions.structure import next_number
from threadline.journeys.book import Versions
from threadline.journeys.changes import apply
from threadline.journeys.lock import hold_pipeline
from threadline.journeys.models import Clock
from threadline.journeys.waits import Position, position_of
from threadline.lib.jobs import enqueue, job, periodic

RECENT = timedelta(hours=1)  # who wrote longer ago (a worker that stood still) is not told any more
AT_ONCE = 50
WHY = "We were closed: when we open, and by when they have an answer."


@periodic(cron="* * * * * */10")
@job(queueing_lock="tell_when_closed")
def tell_when_closed(timestamp: int = 0) -> None:
    """Tell those who wrote while we are closed what to expect. Safe to run twice or late."""
    tell(now=timezone.now())


def tell(*, now: datetime) -> int:
    """Returns how many were told. Each in a transaction of its own."""
    waiting = Clock.objects.filter(
        told_at=None, met_at=None, opens_at__gt=now, started_at__gt=now - RECENT, started_at__lte=now, channel="email"
    ).exclude(kind="resolution")
    found = list(waiting.order_by("started_at").values_list("pk", "book", "promise")[:AT_ONCE])
    books = Versions() if found else None
    telling = [
        number for number, book, promise in found if books and books.book(book).promises[promise].tells_when_closed
    ]
    return sum(tell_one(number, now) for number in telling)


@transaction.atomic
def tell_one(number: int, now: datetime) -> bool:
    hold_pipeline()
    clock = Clock.objects.select_related("journey__team").filter(pk=number, told_at=None, met_at=None).first()
    asked = question_of(clock) if clock else None
    if clock is None or asked is None or told_already(clock):
        return False
    calendar = Versions().book(clock.book_id).calendar_of(clock.promise)
    send(clock, asked, words(clock, calendar, position_of(clock.journey, now=now)), now)
    return True


def question_of(clock: Clock) -> Interaction | None:
    """The mail that began the wait, if a person wrote it and its thread has an address."""
    touch = (
        Interaction.objects.filter(memberships__journey=clock.journey_id, memberships__superseded_at=None)
        .filter(at=clock.started_at, kind="email", direction="in", automatic="", public=False)
        .exclude(triage="noise")
        .exclude(thread__reply_address="")
        .select_related("thread__channel", "identity")
        .order_by("pk")
        .first()
    )
    if touch is None or not touch.thread.channel.active or is_denied(touch) or was_imported(touch):
        return None
    return None if unwanted(touch.thread.channel, touch.thread, automatic=True) else touch


def is_denied(touch: Interaction) -> bool:
    """Its sender failed the check: whoever would get the answer may not have written."""
    return bool((touch.attributes.get("sender_check") or {}).get("verdict") == "fail")


def was_imported(touch: Interaction) -> bool:
    """It is told of a past, in which somebody may have answered elsewhere: no machine answers that."""
    return IntakeEntry.objects.filter(pk=touch.pk, source="import").exists()


def told_already(clock: Clock) -> bool:
    """In this story, about the same closing time."""
    return Clock.objects.filter(journey=clock.journey_id, opens_at=clock.opens_at, told_at__isnull=False).exists()


def words(clock: Clock, calendar: Calendar, position: Position | None) -> str:
    """What to expect, and when, by the calendar; how many wait before them, and how long it lately took."""
    zone = ZoneInfo(calendar.zone)
    assert clock.opens_at is not None, "it began while we were closed"
    given = {"opens": moment(clock.opens_at, zone), "due": moment(clock.due_at, zone), "zone": calendar.zone}
    given["before"] = "".join(f" {words}" for words in _queue(position) if words) if position else ""
    return (
        _(
            "Thank you for your message. We have it, and nobody has to send it again.\n\n"
            "We are closed right now and open again on %(opens)s. You will have an answer from one of us by %(due)s "
            "(%(zone)s) at the latest.%(before)s\n\n"
            "This message was sent automatically. You can answer it if you want to add something."
        )
        % given
    )


def _queue(position: Position) -> tuple[str, str]:
    """How many wait before them, and how long the last ones truly waited, nights and holidays counted."""
    return (_who_waits(position.before) if position.before else "", _waited(position.wait) if position.wait else "")


def _waited(wait: Measured) -> str:
    said = {"median": wait.median_spelled, "n": wait.answers}
    return _("Of the last %(n)s who asked on this channel, half had an answer within %(median)s.") % said


def _who_waits(before: int) -> str:
    words = ngettext(
        "Right now %(n)s person waits before you on this channel.",
        "Right now %(n)s people wait before you on this channel.",
        before,
    )
    return words % {"n": before}


def moment(at: datetime, zone: ZoneInfo) -> str:
    return date_format(at.astimezone(zone).replace(tzinfo=None), "l j F, H:i")


def send(clock: Clock, asked: Interaction, text: str, now: datetime) -> None:
    number, thread = next_number(), asked.thread
    name = OwnAddresses(endpoint_of(thread.channel)).message_id(str(number))
    references = [*references_of(thread), asked.external_id]
    payload: dict[str, object] = {
        "id": name,
        "at": now.isoformat(),
        "channel": thread.channel.kind,
        "direction": "out",
        "endpoint": thread.channel.address,
        "sender": {},
        "to": {"email": thread.reply_address},
        "thread": {"message_id": name, "in_reply_to": references[-1], "references": references},
        "subject": reply_subject(thread.subject, clock.journey.title),
        "text": text,
        "automatic": WHY,
        "desk": {"journey": clock.journey_id, "thread": thread.pk, "handle": ["email", thread.reply_address]},
    }
    touch = through_the_ledger(number, thread.channel, payload, now)
    Delivery.objects.create(interaction=touch, state=Delivery.State.QUEUED, due_at=now, changed_at=now)
    event = Event(
        verb="told_when_closed",
        at=now,
        journey_id=clock.journey_id,
        customer_id=clock.journey.customer_id,
        interaction_id=touch.pk,
        team_id=restricted_team(clock.journey),
        ledger_mark=ledger_mark(),
        facts=facts_of(clock),
    )
    record_many([event])
    apply(event)
    enqueue(deliver_due)
