"""What we say: replies, notes and logged calls. Replies and calls are touches, so they pass through the ledger too."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from threadline.accounts.events import record
from threadline.accounts.models import Agent, Event
from threadline.channels.adapters import limits_of, scheme_of
from threadline.channels.adapters.email.own import OwnAddresses
from threadline.channels.models import Channel
from threadline.core.mail.rich import Rich, rich
from threadline.customers.models import Customer
from threadline.interactions.models import Delivery, IntakeEntry, Interaction, Thread, Upload
from threadline.interactions.outgoing import announced, good_copies, reply_subject
from threadline.interactions.reading import endpoint_of
from threadline.journeys import pipeline
from threadline.journeys.actions.delivery import deliver_due, deliver_held
from threadline.journeys.actions.mentions import mentioned, saw
from threadline.journeys.actions.ruling import restricted_team, rule, standing_journey
from threadline.journeys.actions.structure import next_number
from threadline.journeys.lock import hold_pipeline
from threadline.journeys.models import Journey
from threadline.journeys.windows import check_open, is_public
from threadline.lib.errors import ThreadlineError
from threadline.lib.jobs import enqueue, enqueue_at

FIELDS = {"chat": "visitor_id"}  # what an object calls whom it goes to, where that is not the kind of channel


class NewerTouch(ThreadlineError):
    """The customer said something that the writer has not seen."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a reply goes out: over which channel of ours, in which thread, to which address, fixed before typing."""

    channel: Channel
    address: str
    thread: Thread | None = None


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What goes along with a reply: addresses in copy, files, and whether marks in the text stay as they are."""

    cc: Sequence[str] = ()
    files: Sequence[Upload] = field(default_factory=list)
    plain: bool = False


NOTHING = Enclosed()
AT_ONCE = timedelta(0)


@transaction.atomic
def reply(
    *,
    journey: Journey,
    text: str,
    way: Way,
    by: Agent,
    now: datetime,
    seen: int = 0,
    even_if_stale: bool = False,
    enclosed: Enclosed = NOTHING,
    hold: timedelta = AT_ONCE,
) -> Interaction:
    """Answer the customer. The row, its Event and the delivery job are one transaction; sending happens after it.

    For the time of `hold` the answer waits and can be taken back.

    Raises:
        NewerTouch: somebody wrote after touch `seen`, and `even_if_stale` is not set.
        ThreadlineError: empty text, more than the channel takes or later than it lets us answer, or a joined journey.
    """
    hold_pipeline()
    standing_journey(journey)
    if not text.strip():
        raise ThreadlineError("The reply is empty. Write something, or choose a note.")
    check_fits(text, way, enclosed)
    check_open(way.channel, way.thread, text, by=by, at=now)
    _check_fresh(journey, by, seen, even_if_stale)
    number = next_number()
    payload = reply_payload(number, journey, text, way, by, now, enclosed)
    touch = through_the_ledger(number, way.channel, payload, now)
    Upload.objects.filter(pk__in=[file.pk for file in enclosed.files]).update(sent=True)
    # The time to change one's mind begins when all is stored: the writer sees no button before.
    state, due_at = (Delivery.State.HELD, timezone.now() + hold) if hold else (Delivery.State.QUEUED, now)
    Delivery.objects.create(interaction=touch, state=state, due_at=due_at, changed_at=now)
    record(
        "replied",
        at=now,
        by=by,
        interaction_id=touch.pk,
        journey_id=journey.pk,
        customer_id=journey.customer_id,
        team_id=restricted_team(journey),
    )
    if hold:
        enqueue_at(deliver_held, due_at)
    else:
        enqueue(deliver_due)
    return touch


def check_fits(text: str, way: Way, enclosed: Enclosed) -> None:
    """Nothing is sent that the channel would cut or refuse."""
    limits, name = limits_of(way.channel), way.channel.kind_name
    if limits.max_chars is not None and len(text.strip()) > limits.max_chars:
        raise ThreadlineError(
            f"{name} takes {limits.max_chars:,} characters; this has {len(text.strip()):,}. Shorten it, or send a mail."
        )
    if enclosed.files and not limits.encloses:
        raise ThreadlineError(f"{name} takes no files. Remove them, or answer by e-mail.")
    size = sum(file.size for file in enclosed.files)
    if limits.max_file_bytes is not None and size > limits.max_file_bytes:
        most = limits.max_file_bytes // 1_000_000
        raise ThreadlineError(f"The files have {size / 1e6:.1f} MB together; {name} takes {most} MB. Remove some.")
    if enclosed.cc and not limits.copies:
        raise ThreadlineError(f"{name} knows no copies. Remove the addresses in cc, or answer by e-mail.")
    good_copies(enclosed.cc)


def reply_payload(
    number: int, journey: Journey, text: str, way: Way, by: Agent, now: datetime, enclosed: Enclosed = NOTHING
) -> dict[str, object]:
    """The reply as an item of the ledger: the object form, and what the desk knows beyond it."""
    said = rich(text) if limits_of(way.channel).rich and not enclosed.plain else Rich(text.strip(), "")
    mail_id = OwnAddresses(endpoint_of(way.channel)).message_id(str(number))
    answered = last_inbound(way.thread)
    references = [*references_of(way.thread), *([answered.external_id] if answered else [])]
    return {
        "id": mail_id,
        "at": now.isoformat(),
        "channel": way.channel.kind,
        "direction": "out",
        "endpoint": way.channel.address,
        "sender": {"agent": by.handle or by.email},
        "to": {FIELDS.get(way.channel.kind, way.channel.kind): way.address},
        "thread": {
            "message_id": mail_id,
            "in_reply_to": references[-1] if references else None,
            "references": references,
            **session_of(way.thread),
        },
        "subject": reply_subject(way.thread.subject if way.thread else "", journey.title),
        "text": said.text,
        **({"attributes": {"cc": list(enclosed.cc)}} if enclosed.cc else {}),
        "desk": {
            "journey": journey.pk,
            "agent": by.pk,
            "thread": way.thread.pk if way.thread else None,
            "handle": [scheme_of(way.channel), way.address],
            **own_thread(way),
            **({"html": said.html, "written": text.strip()} if said.html else {}),
            **({"plain": True} if enclosed.plain else {}),
            **({"files": announced(enclosed.files)} if enclosed.files else {}),
        },
    }


def session_of(thread: Thread | None) -> dict[str, str]:
    """Chats and their like name their thread themselves."""
    grouping, _, name = thread.key.partition(":") if thread else ("", "", "")
    return {"session": name} if grouping == "session" else {}


def own_thread(way: Way) -> dict[str, object]:
    """Channels other than mail and chat know their threads themselves; one that we begin is told by its address."""
    if way.channel.kind in ("email", "chat"):
        return {}
    key = way.thread.key if way.thread else f"{scheme_of(way.channel)}:{way.address}"
    return {"thread_key": key, **({"public": True} if is_public(way.thread) else {})}


def last_inbound(thread: Thread | None) -> Interaction | None:
    if thread is None:
        return None
    return Interaction.objects.filter(thread=thread, direction="in").order_by("-at", "-pk").first()


def references_of(thread: Thread | None) -> list[str]:
    """The newest message ids of the thread, oldest first, as mail programs expect them."""
    if thread is None:
        return []
    went = Interaction.objects.filter(thread=thread).exclude(delivery__state=Delivery.State.WITHDRAWN)
    names = went.order_by("-at", "-pk").values_list("external_id", flat=True)[:10]
    return list(reversed(names))


def _check_fresh(journey: Journey, by: Agent, seen: int, even_if_stale: bool) -> None:
    """Nobody answers what they have not read, or what a colleague has answered meanwhile, unless they say so."""
    if even_if_stale or not seen:
        return
    newest = (
        Interaction.objects.filter(memberships__journey=journey, memberships__superseded_at=None)
        .filter(pk__gt=seen, direction__in=["in", "out"])
        .exclude(author=by)
        .select_related("author")
        .order_by("pk")
        .last()
    )
    if newest is None:
        return
    if newest.author is not None:
        raise NewerTouch(f"{newest.author} answered while you were writing. Read it first, or send all the same.")
    raise NewerTouch("Something newer arrived while you were writing. Read it first, or send all the same.")


def through_the_ledger(number: int, channel: Channel, payload: dict[str, object], now: datetime) -> Interaction:
    entry = IntakeEntry.objects.create(
        pk=number, channel=channel, source="desk", external_id=str(payload["id"]), payload=payload, received_at=now
    )
    pipeline.process([entry])
    entry.refresh_from_db(fields=["verdict", "reason"])
    if entry.verdict != IntakeEntry.Verdict.ACCEPTED:
        raise ThreadlineError(f"This could not be stored: {entry.reason}")
    return Interaction.objects.get(pk=number)


@transaction.atomic
def note(*, journey: Journey, text: str, by: Agent, now: datetime) -> Event:
    """Write something for colleagues. Customers never see it. Whom it names with an @ finds it in the queue."""
    standing_journey(journey)
    if not text.strip():
        raise ThreadlineError("The note is empty. Write something first.")
    named = mentioned(text, journey=journey, by=by)
    saw(journey=journey, by=by, now=now)
    facts = {"text": text.strip(), **({"mentions": [agent.pk for agent in named]} if named else {})}
    return rule("noted", facts, journey=journey, by=by, now=now)


@transaction.atomic
def log_call(
    *,
    channel: Channel,
    number: str,
    name: str,
    text: str,
    by: Agent,
    now: datetime,
    inbound: bool = True,
    journey: Journey | None = None,
    customer: Customer | None = None,
    seconds: int | None = None,
) -> Interaction:
    """Log a call with its notes. `number` is E.164 or empty when withheld. Without a journey, the rules find it."""
    hold_pipeline()
    if not text.strip():
        raise ThreadlineError("The call has no notes. Write down what it was about.")
    entry_id = next_number()
    desk: dict[str, object] = {"agent": by.pk}
    if journey is not None:
        desk["journey"] = standing_journey(journey).pk
    if customer is not None:
        desk["customer"] = customer.pk
    payload: dict[str, object] = {
        "id": f"call-{entry_id}@{settings.PUBLIC_URL}",
        "at": now.isoformat(),
        "channel": "phone",
        "direction": "in" if inbound else "out",
        "endpoint": channel.address,
        "sender": {"number": number or None, "name": name} if inbound else {"agent": by.handle or by.email},
        "to": {"number": number or None} if not inbound else None,
        "thread": {"call_id": f"call-{entry_id}"},
        "text": text.strip(),
        "attributes": {"logged_by": by.name, **({"seconds": seconds} if seconds else {})},
        "desk": desk,
    }
    touch = through_the_ledger(entry_id, channel, payload, now)
    record(
        "call_logged",
        at=now,
        by=by,
        interaction_id=touch.pk,
        journey_id=journey.pk if journey else None,
        customer_id=touch.identity.customer_id if touch.identity else None,
        team_id=restricted_team(journey),
    )
    return touch
