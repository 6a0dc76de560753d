"""An answer that a rule sends: the text of a macro, by e-mail, marked as automatic, so it answers nobody's wait.

Machines that answer machines never end, so: only what a person wrote in private is answered; once a day in one story,
three times a day to one address; never after one of us has answered; and what goes out later than they asked keeps
their quiet hours and counts towards what a person gets from us in a week.
"""

from datetime import datetime, timedelta

from threadline.accounts.events import record_many
from threadline.accounts.models import Event
from threadline.channels.adapters.email.own import OwnAddresses
from threadline.core.macros import filled
from threadline.interactions.actions.addresses import unwanted
from threadline.interactions.models import Delivery, Fact, Interaction
from threadline.interactions.outgoing import reply_subject
from threadline.interactions.reading import endpoint_of
from threadline.journeys.actions.closed import is_denied, was_imported
from threadline.journeys.actions.delivery import deliver_due
from threadline.journeys.actions.reply import references_of, through_the_ledger
from threadline.journeys.actions.ruling import ByRule, ledger_mark, restricted_team
from threadline.journeys.actions.structure import next_number
from threadline.journeys.lock import hold_pipeline
from threadline.journeys.models import Journey
from threadline.journeys.reaching.leaving import moment, waits
from threadline.lib.errors import ThreadlineError
from threadline.lib.jobs import enqueue

DAY = timedelta(days=1)
EACH_DAY = 3
JUST_ASKED = timedelta(minutes=30)  # who wrote that lately sits there and waits: quiet hours are not for them
VERB = "answered_by_rule"
PLACES = {"order": "order number", "product": "product", "tracking": "parcel number", "amount": "amount"}


def answer(*, journey: Journey, text: str, by: ByRule, now: datetime) -> Event:
    """Send it as a reply to what they wrote last.

    Raises:
        ThreadlineError: a guard holds it back, or a place in the text stays open.
    """
    hold_pipeline()
    asked = _question(journey)
    _guard(journey, asked, now)
    told = filled(text, _values(journey))
    if told.missing:
        raise ThreadlineError(f"Nothing fills {{{told.missing[0]}}} here, so nothing was sent.")
    touch = _send(journey, asked, told.text, by, now)
    event = Event(
        verb=VERB,
        at=now,
        journey_id=journey.pk,
        customer_id=journey.customer_id,
        interaction_id=touch.pk,
        team_id=restricted_team(journey),
        ledger_mark=ledger_mark(),
        facts={"address": asked.thread.reply_address, "by_rule": {"name": by.name, "key": by.key,
               "version": by.version, "because": by.because, "chain": list(by.chain)}},
    )  # fmt: skip
    record_many([event])
    enqueue(deliver_due)
    return event


def _question(journey: Journey) -> Interaction:
    """What they wrote last."""
    here = Interaction.objects.filter(memberships__journey=journey, memberships__superseded_at=None)
    last = (
        here.exclude(direction="event").filter(direction="in").select_related("thread__channel").order_by("-at", "-pk")
    )
    touch = last.first()
    if touch is None or touch.kind != "email" or touch.public or not touch.thread.reply_address:
        raise ThreadlineError("They did not write by e-mail last, and automatic answers go out by e-mail only.")
    if not touch.thread.channel.active:
        raise ThreadlineError("The mailbox they wrote to is paused.")
    answered = here.filter(direction="out", automatic="", at__gt=touch.at).exists()
    if answered:
        raise ThreadlineError("One of us has answered already.")
    return touch


def _guard(journey: Journey, asked: Interaction, now: datetime) -> None:
    if asked.automatic or asked.triage == "noise":
        raise ThreadlineError("A machine wrote last, and machines that answer machines never end.")
    if was_imported(asked):
        raise ThreadlineError("It came with an import: somebody may have answered elsewhere.")
    if is_denied(asked):
        raise ThreadlineError("Its sender failed the check: whoever would get the answer may not have written.")
    if why := unwanted(asked.thread.channel, asked.thread, automatic=True):
        raise ThreadlineError(why)
    lately = Event.objects.filter(verb=VERB, at__gt=now - DAY)
    if lately.filter(journey_id=journey.pk).exists():
        raise ThreadlineError("They had an automatic answer in this story within a day.")
    sent = lately.filter(customer_id=journey.customer_id, facts__address=asked.thread.reply_address).count()
    if sent >= EACH_DAY:
        raise ThreadlineError(f"{asked.thread.reply_address} had {EACH_DAY} automatic answers within a day.")
    if now - asked.received_at > JUST_ASKED:
        _leave_alone(journey.customer_id, now)


def _leave_alone(customer: int, now: datetime) -> None:
    """What nobody asked for just now waits for its hour, and does not come too often."""
    found = waits(customer, now=now)
    if found is None:
        return
    held, zone = found
    if held.why == "often":
        raise ThreadlineError("They had as many automatic messages in seven days as your company allows.")
    assert held.until is not None, "quiet hours end"
    raise ThreadlineError(f"Quiet hours in {zone} until {moment(held.until, zone)}; they did not ask just now.")


def _values(journey: Journey) -> dict[str, str]:
    """What fills the places of the text: their name and what they told us last."""
    name = journey.customer.name
    words = name.split()
    values = {
        "name": name,
        "first name": words[0] if words and words[0][:1].isalpha() else name,
        "brand": journey.brand.name if journey.brand else "",
    }
    facts = Fact.objects.filter(interaction__memberships__journey=journey, interaction__memberships__superseded_at=None)
    for fact in facts.exclude(interaction__direction="out").filter(name__in=PLACES).order_by("-interaction__at")[:50]:
        values.setdefault(PLACES[fact.name], fact.value)
    return values


def _send(journey: Journey, asked: Interaction, text: str, by: ByRule, now: datetime) -> Interaction:
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
        "subject": reply_subject(thread.subject, journey.title),
        "text": text,
        "automatic": f"By the rule “{by.name}”.",
        "desk": {"journey": journey.pk, "thread": thread.pk, "handle": ["email", thread.reply_address]},
    }
    touch = through_the_ledger(number, thread.channel, payload, now)
    Delivery.objects.create(interaction=touch, state=Delivery.State.QUEUED, due_at=now, changed_at=now)
    return touch
