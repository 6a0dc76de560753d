"""Two people side by side, before somebody says that they are one."""

from dataclasses import dataclass

from django.db.models import Q

from threadline.accounts.models import Agent
from threadline.core.identity.comparison import Says, Side, Strand, compare, holding, odds
from threadline.customers.models import Customer, Identity, IdentityLink
from threadline.desk.handles import COMPARED, NUMBERS, Scheme, scheme_of, ways, written
from threadline.desk.queries.people.history import ABOUT_PEOPLE, Line, history
from threadline.desk.queries.people.weighing import Weighing, weighing
from threadline.journeys.models import Journey

VALUES = 6
BEFORE = 6


@dataclass(frozen=True, slots=True)
class Value:
    written: str
    level: str


@dataclass(frozen=True, slots=True)
class Row:
    """One strand, ready to be shown. `left_more` and `right_more` count what did not fit."""

    scheme: Scheme
    says: Says
    left: list[Value]
    right: list[Value]
    left_more: int
    right_more: int


@dataclass(frozen=True, slots=True)
class Known:
    customer: Customer
    stories: int
    orders: int


@dataclass(frozen=True, slots=True)
class Pair:
    """`left` is the one who stays: known longer. `odds` is None where nothing was worked out about the two.

    `before` is what people decided about either; `asking` is the story in which one can ask the customer.
    """

    left: Known
    right: Known
    rows: list[Row]
    hold: int
    cut: int
    link: IdentityLink | None
    odds: int | None
    in_favour: bool
    weighing: Weighing | None
    before: list[Line]
    asking: int | None


def pair(one: Customer, other: Customer, *, agent: Agent) -> Pair:
    """Cost: ten queries."""
    left, right = sorted((one, other), key=lambda person: person.pk)
    rows = list(Identity.objects.filter(customer__in=[left, right], scheme__in=[*ways(), *NUMBERS, *COMPARED]))
    levels = {(row.customer_id, row.scheme, row.value): row.level for row in rows}
    strands = compare(_side(left, rows), _side(right, rows))
    link = _link(left, right)
    number, in_favour = odds(link.bits) if link else (None, True)
    hold, cut = holding(strands)
    return Pair(
        left=_known(left, rows, agent),
        right=_known(right, rows, agent),
        rows=[_row(strand, left, right, levels) for strand in strands],
        hold=hold,
        cut=cut,
        link=link,
        odds=number,
        in_favour=in_favour,
        weighing=weighing(link),
        before=_before(left, right, agent),
        asking=_asking(left, right, agent),
    )


def _before(left: Customer, right: Customer, agent: Agent) -> list[Line]:
    """What people decided about the one who stays, and about the other."""
    both = [*history(left, related=[right.pk], agent=agent), *history(right, related=[left.pk], agent=agent)]
    lines = {line.event.pk: line for line in both if line.event.verb in ABOUT_PEOPLE}
    return sorted(lines.values(), key=lambda line: line.event.pk, reverse=True)[:BEFORE]


def _asking(left: Customer, right: Customer, agent: Agent) -> int | None:
    """The story of the two that moved last: where a question would reach somebody."""
    stories = Journey.objects.visible_to(agent).standing().filter(customer__in=[left, right])
    return stories.order_by("-last_at").values_list("pk", flat=True).first()


def _side(person: Customer, rows: list[Identity]) -> Side:
    handles: dict[str, list[str]] = {}
    for row in rows:
        if row.customer_id == person.pk:
            handles.setdefault(row.scheme, []).append(row.value)
    names = tuple(person.names) or ((person.name,) if person.name else ())
    return Side(names, {scheme: tuple(values) for scheme, values in handles.items()})


def _known(person: Customer, rows: list[Identity], agent: Agent) -> Known:
    stories = Journey.objects.filter(customer=person).standing().visible_to(agent).count()
    return Known(person, stories, sum(row.customer_id == person.pk and row.scheme == "order" for row in rows))


def _link(left: Customer, right: Customer) -> IdentityLink | None:
    return (
        IdentityLink.objects.filter(
            Q(left__customer=left, right__customer=right) | Q(left__customer=right, right__customer=left),
            superseded_at=None,
        )
        .select_related("decision__agent")
        .order_by("-at", "-pk")
        .first()
    )


def _row(strand: Strand, left: Customer, right: Customer, levels: dict[tuple[int, str, str], str]) -> Row:
    def values(person: Customer, raw: tuple[str, ...]) -> list[Value]:
        level = [levels.get((person.pk, strand.what, value), "") for value in raw[:VALUES]]
        return [Value(_shown(strand.what, value), how) for value, how in zip(raw[:VALUES], level, strict=True)]

    return Row(
        scheme=scheme_of(strand.what),
        says=strand.says,
        left=values(left, strand.left),
        right=values(right, strand.right),
        left_more=max(0, len(strand.left) - VALUES),
        right_more=max(0, len(strand.right) - VALUES),
    )


def _shown(what: str, value: str) -> str:
    return value.lstrip("~") if what == "name" else written(what, value)
