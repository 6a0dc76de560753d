"""Telephone calls at the desk: who waits, whom I talk with, and whom we promised to call."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet

from threadline.accounts.models import Agent, Event, Team
from threadline.customers.models import Customer
from threadline.desk.handles import international
from threadline.journeys.models import Journey, Membership
from threadline.lib.prepared import prepared
from threadline.portal.models import Callback, Handset, PhoneCall, PhoneLeg
from threadline.portal.phone.lines import lines

MOST = 50
OWED = 100
LATELY = timedelta(hours=1)
RINGS_FOR = timedelta(minutes=5)
COLLEAGUES = 200


@dataclass(frozen=True, slots=True)
class Card:
    """One call. `name` is empty for nobody we know; `sure` is False where somebody else may hold the telephone."""

    call: PhoneCall
    name: str
    story: Journey | None
    now: datetime
    leg: PhoneLeg | None = None

    @property
    def sure(self) -> bool:
        return self.call.known == PhoneCall.Known.KNOWN

    @property
    def written(self) -> str:
        return international(self.call.number) if self.call.number else ""

    @property
    def since(self) -> datetime:
        """When they rang: they do not care how often they were handed over."""
        return self.call.rang_at

    @property
    def heard(self) -> list[str]:
        """What they chose before, so that nobody asks them to say it again."""
        return [str(step["what"]) for step in self.call.path]


@dataclass(frozen=True, slots=True)
class Owed:
    """A call that we promised."""

    callback: Callback
    name: str
    story: Journey | None
    now: datetime
    taken_by: str = ""

    @property
    def written(self) -> str:
        return international(self.callback.number)

    @property
    def late(self) -> bool:
        return self.callback.due_at < self.now


@dataclass(frozen=True, slots=True)
class Promised:
    """Calls that we promised, in numbers; `minutes` until the next falls due."""

    owed: int
    late: int
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Last:
    """What my last call became: a touch of a story."""

    touch: int
    story: int
    text: str


@dataclass(frozen=True, slots=True)
class PhonePage:
    """`mine` is the call that I am in or that rings at my telephone; `last` the story of the one before."""

    waiting: list[Card]
    mine: Card | None
    owed: list[Owed]
    kept: list[Owed]
    handset: str
    lines: int
    last: Last | None
    colleagues: Sequence[Agent]
    teams: Sequence[Team]


def page(agent: Agent, *, now: datetime) -> PhonePage:
    """Cost: at most fourteen queries, however many call."""
    calls = PhoneCall.objects.visible_to(agent).going_on().select_related("channel", "agent", "wanted", "team")
    waiting = list(calls.filter(waits_since__isnull=False).order_by("rang_at")[:MOST])
    own = list(calls.filter(agent=agent)[:1])
    cards = _cards([*waiting, *own], agent, now)
    mine = next((card for card in cards if card.call.agent_id == agent.pk), None)
    handset = Handset.objects.filter(agent=agent).values_list("number", flat=True).first() or ""
    talks = mine is not None and mine.call.state == "talking"
    return PhonePage(
        waiting=[card for card in cards if card.call.waits_since is not None and card.call.agent_id != agent.pk],
        mine=mine,
        owed=owed(agent, now=now),
        kept=_lately_kept(agent, now),
        handset=international(handset) if handset else "",
        lines=len(lines()),
        last=_last(agent, now),
        colleagues=_colleagues(agent) if talks else [],
        teams=list(Team.objects.running().order_by("name")[:COLLEAGUES]) if talks else [],
    )


def owed(agent: Agent, *, now: datetime, story: int | None = None) -> list[Owed]:
    """Those that fall due first, first. Cost: four queries."""
    found = Callback.objects.visible_to(agent).owed()
    if story is not None:
        found = found.filter(journey=story)
    return _owed(found.select_related("call").order_by("due_at")[:OWED], agent, now)


def promised_calls(agent: Agent, *, now: datetime) -> Promised:
    """Cost: one query over the index of what is owed."""
    late = Count("pk", filter=Q(due_at__lte=now))
    soon = Min("due_at", filter=Q(due_at__gt=now))
    found = Callback.objects.visible_to(agent).owed().aggregate(owed=Count("pk"), late=late, soon=soon)
    minutes = max(1, int((found["soon"] - now).total_seconds() // 60)) if found["soon"] else None
    return Promised(found["owed"], found["late"], minutes)


def of_story(journey: Journey, agent: Agent, *, now: datetime) -> list[Owed]:
    """Those that stand in one story. Most stories have none, which one plain query tells."""
    return owed(agent, now=now, story=journey.pk) if _owed_in(journey.pk) else []


@prepared
def _owed_in(journey: int) -> QuerySet[Callback, int]:
    return Callback.objects.owed().filter(journey=journey).values_list("pk", flat=True)[:1]


def _owed(rows: Iterable[Callback], agent: Agent, now: datetime) -> list[Owed]:
    rows = list(rows)
    if not rows:
        return []
    touches = [row.call.touch for row in rows if row.call.touch]
    homes = dict(
        Membership.objects.filter(interaction__in=touches, superseded_at=None).values_list("interaction", "journey")
    )
    where = {row.pk: homes.get(row.call.touch or 0) or row.journey for row in rows}
    stories = _stories(where.values(), agent)
    names = _names((row.call.customer for row in rows), agent)
    going_on = PhoneCall.objects.going_on().filter(keeps__in=rows).select_related("agent")
    by = {call.pk: call.agent.first_name for call in going_on if call.agent}
    return [
        Owed(
            row,
            names.get(row.call.customer or 0, ""),
            stories.get(where[row.pk] or 0),
            now,
            by.get(row.kept_by_id or 0, ""),
        )
        for row in rows
    ]


def _lately_kept(agent: Agent, now: datetime) -> list[Owed]:
    """What one may still take back: kept or dropped by mistake."""
    done = Callback.objects.visible_to(agent).exclude(kept_at=None, dropped_at=None)
    lately = done.filter(call__rang_at__gt=now - timedelta(days=7))
    mine = lately.filter(kept_by__agent=agent, kept_at__gt=now - LATELY) | lately.filter(dropped_at__gt=now - LATELY)
    return _owed(mine.select_related("call").order_by("-pk")[:5], agent, now)


def _cards(calls: Sequence[PhoneCall], agent: Agent, now: datetime) -> list[Card]:
    by_id = {call.pk: call for call in calls}
    names = _names((call.customer for call in by_id.values()), agent)
    stories = _stories((call.journey for call in by_id.values()), agent)
    legs = {leg.call_id: leg for leg in PhoneLeg.objects.filter(call__in=by_id, over_at=None)} if by_id else {}
    return [
        Card(call, names.get(call.customer or 0, ""), stories.get(call.journey or 0), now, legs.get(call.pk))
        for call in by_id.values()
    ]


def one(call: PhoneCall, agent: Agent, *, now: datetime) -> Card:
    return _cards([call], agent, now)[0]


def _names(numbers: Iterable[int | None], agent: Agent) -> dict[int, str]:
    wanted = {number for number in numbers if number}
    if not wanted:
        return {}
    rows = Customer.objects.visible_to(agent).filter(pk__in=wanted).select_related("merged_into")
    return {row.pk: str(row.merged_into or row) for row in rows}


def _stories(numbers: Iterable[int | None], agent: Agent) -> dict[int, Journey]:
    wanted = {number for number in numbers if number}
    return {row.pk: row for row in Journey.objects.visible_to(agent).filter(pk__in=wanted)} if wanted else {}


def _last(agent: Agent, now: datetime) -> Last | None:
    """The touch that my last call became."""
    ended = PhoneCall.objects.filter(agent=agent, ended_at__gt=now - LATELY, touch__isnull=False)
    touch = ended.order_by("-ended_at").values_list("touch", flat=True).first()
    at = Membership.objects.filter(interaction=touch or 0, superseded_at=None)
    found = at.filter(journey__in=Journey.objects.visible_to(agent)).values_list("journey", "interaction__text").first()
    return Last(touch, found[0], found[1]) if touch and found else None


def _colleagues(agent: Agent) -> list[Agent]:
    """Who has a telephone, those who are there first."""
    found = Agent.objects.filter(is_active=True, handset__isnull=False).exclude(pk=agent.pk)
    order = {"available": 0, "busy": 1, "away": 2}
    return sorted(found[:COLLEAGUES], key=lambda each: (order.get(each.presence, 3), each.name))


def rings(number: int, agent: Agent, *, now: datetime) -> Card | None:
    """What an event tells this agent; nothing once somebody has the call."""
    event = Event.objects.visible_to(agent).filter(pk=number, verb__in=["phone_waits", "phone_handed"]).first()
    if event is None or now - event.at > RINGS_FOR or event.agent_id == agent.pk:
        return None
    found = PhoneCall.objects.visible_to(agent).waiting().filter(pk=event.facts.get("call") or 0, agent=None)
    call = found.select_related("channel", "agent", "wanted", "team").first()
    if call is None or (call.wanted_id is not None and call.wanted_id != agent.pk):
        return None
    if call.team_id is not None and not agent.teams.filter(pk=call.team_id).exists():
        return None
    return one(call, agent, now=now)
