"""Who may be calling, and which story it may be about."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from threadline.accounts.models import Agent, Event
from threadline.channels.models import Channel
from threadline.core.understanding.contacts import e164
from threadline.customers.models import Customer, Identity
from threadline.customers.queries import standing
from threadline.desk.handles import international
from threadline.desk.queries.people.finding import find, id_in
from threadline.journeys.models import Journey

CALLERS = 8
STORIES = 8
REGION = "GB"
RINGS_FOR = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who may be on the line. `level` says how the number is known to be theirs; empty: found by name."""

    customer: Customer
    why: str
    level: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a number and a name lead to. `state`: withheld, empty, wrong, known, maybe, nobody."""

    state: str
    number: str = ""
    callers: list[Caller] = field(default_factory=list)
    chosen: Customer | None = None
    stories: list[Journey] = field(default_factory=list)
    journey: str = ""

    @property
    def written(self) -> str:
        return international(self.number)


@dataclass(frozen=True, slots=True)
class Asked:
    """The call form as far as it was filled in. `about`: the person whose page or story it was opened from."""

    number: str = ""
    withheld: bool = False
    name: str = ""
    customer: str = ""
    journey: str = ""
    about: str = ""
    region: str = REGION


def phones() -> list[Channel]:
    return list(Channel.objects.active().filter(kind="phone"))


def region_of(channel: Channel | None) -> str:
    return str(channel.settings.get("region") or REGION) if channel else REGION


def lookup(asked: Asked, *, agent: Agent) -> Lookup:
    """Known: one person's proven number. Maybe: shared or only claimed. Cost: at most seven queries."""
    number = "" if asked.withheld else e164(asked.number, asked.region)
    by_number = _holders(number) if number else []
    state = _state(asked, number, by_number)
    callers = _without_twice([*_about(asked.about, agent), *by_number, *_named(asked.name, agent)])
    chosen = _chosen(asked.customer, callers, state)
    stories = open_stories(chosen, agent=agent) if chosen else []
    journey = asked.journey if asked.journey in {"new", *(str(story.pk) for story in stories)} else ""
    return Lookup(state, number, callers, chosen, stories, journey)


def _state(asked: Asked, number: str, callers: list[Caller]) -> str:
    if asked.withheld:
        return "withheld"
    if not asked.number.strip():
        return "empty"
    if not number:
        return "wrong"
    if not callers:
        return "nobody"
    certain = not callers[0].why and not any(caller.shared for caller in callers)
    return "known" if certain else "maybe"


def _holders(number: str) -> list[Caller]:
    """Everybody whose number this is or may be, proven ones first."""
    rows = Identity.objects.filter(scheme="tel", value=number, customer__merged_into=None)
    rows = rows.select_related("customer__account")
    ranked = sorted(rows, key=lambda row: (row.level == "claimed", row.shared, -row.last_seen_at.timestamp()))
    return [
        Caller(row.customer, _why(row), row.level) for row in ranked[:CALLERS] if row.customer.merged_into_id is None
    ]


def _why(row: Identity) -> str:
    if row.shared:
        return _("Several people call from this number.")
    if row.level == "claimed":
        return _("They gave this number, but never called from it.")
    return ""


def _named(name: str, agent: Agent) -> list[Caller]:
    return (
        [Caller(customer, _("Found by what you typed.")) for customer in find(name, by=agent)] if name.strip() else []
    )


def _about(number: str, agent: Agent) -> list[Caller]:
    """The person whose page the form was opened from."""
    person = Customer.objects.visible_to(agent).filter(pk=id_in(number) or 0).first()
    return [Caller(standing(person.pk), _("You came from here."))] if person else []


def _without_twice(callers: list[Caller]) -> list[Caller]:
    """Each person once; what the number says counts more than how else they were found."""
    best: dict[int, Caller] = {}
    for caller in callers:
        held = best.get(caller.customer.pk)
        if held is None or (caller.level and not held.level):
            best[caller.customer.pk] = caller
    return list(best.values())


def _chosen(customer: str, callers: list[Caller], state: str) -> Customer | None:
    """Whom the agent chose; before that the one whose number it is, or whose story this is."""
    if customer == "new":
        return None
    asked_for = next((caller.customer for caller in callers if str(caller.customer.pk) == customer), None)
    if asked_for is not None or not callers:
        return asked_for
    first = callers[0]
    return first.customer if state == "known" or first.why == _("You came from here.") else None


def open_stories(customer: Customer, *, agent: Agent) -> list[Journey]:
    """What the call may be about: the stories under way, those that wait for us first."""
    under_way = Journey.objects.visible_to(agent).standing().filter(customer=customer).exclude(status="done")
    newest = under_way.order_by("-last_at", "-pk")[:STORIES]
    return sorted(newest, key=lambda story: story.status != Journey.Status.OPEN)


@dataclass(frozen=True, slots=True)
class Ringing:
    """A call that comes in now."""

    number: str
    customer: Customer | None
    sure: bool
    journey: Journey | None

    @property
    def written(self) -> str:
        return international(self.number)


def ringing(number: int, *, agent: Agent, now: datetime) -> Ringing | None:
    """What a ringing event tells this agent; nothing once it is over. Cost: at most four queries."""
    event = Event.objects.visible_to(agent).filter(pk=number, verb="ringing").first()
    if event is None or now - event.at > RINGS_FOR:
        return None
    caller = _caller(event, agent)
    if caller is None and agent.is_partner:
        return None
    stories = open_stories(caller, agent=agent) if caller else []
    return Ringing(
        number=str(event.facts.get("number") or ""),
        customer=caller,
        sure=event.facts.get("known") in (True, "known"),
        journey=stories[0] if stories else None,
    )


def _caller(event: Event, agent: Agent) -> Customer | None:
    number = event.customer_id or event.facts.get("customer")
    if not isinstance(number, int) or not Customer.objects.visible_to(agent).filter(pk=number).exists():
        return None
    return standing(number)
