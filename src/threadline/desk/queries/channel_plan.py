"""Which channel is for what, as the settings show it: one group of intents at a time, a row each."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from threadline.channels.kinds import label
from threadline.channels.models import Channel
from threadline.core.calendars.calendar import clock
from threadline.core.fitness import NETWORKS, Complexity, Need, Plan, Privacy, Standing, Wording, is_public
from threadline.core.fitness.manners import Manners
from threadline.desk.glyphs import glyph_of
from threadline.interactions.intents import tree_in_use
from threadline.journeys.models import ChannelPlan
from threadline.journeys.reaching import plans
from threadline.journeys.reaching.fitting import sides_of, told_of

ELSE = ""  # the intent of whatever has none
OTHERS: str | Promise = _("Everything else")
COMPLEXITIES: dict[Complexity, str | Promise] = {
    Complexity.SIMPLE: _("simple"),
    Complexity.MORE: _("less simple"),
    Complexity.DIFFICULT: _("hard"),
}
PRIVACIES: dict[Privacy, str | Promise] = {
    Privacy.PUBLIC: _("for everybody"),
    Privacy.ORDINARY: _("between them and us"),
    Privacy.PERSONAL: _("personal"),
    Privacy.VERY_PRIVATE: _("very private"),
}
STANDINGS: dict[Standing, str | Promise] = {Standing.BEST: _("Best"), Standing.YES: _("Yes"), Standing.NO: _("No")}


@dataclass(frozen=True, slots=True)
class Side:
    """A column. `level` is the most private thing that may be said there."""

    key: str
    level: Privacy
    public: bool

    @property
    def name(self) -> str:
        return str(glyph_of(self.key).name)


@dataclass(frozen=True, slots=True)
class Cell:
    """`own`: the house said so; else it follows from the levels."""

    side: Side
    standing: Standing
    own: bool


@dataclass(frozen=True, slots=True)
class Row:
    intent: str
    need: Need
    cells: list[Cell]

    @property
    def name(self) -> str:
        return self.intent or str(_("What has no name here"))


@dataclass(frozen=True, slots=True)
class Network:
    key: str
    wording: Wording
    own: bool

    @property
    def name(self) -> str:
        return network_name(self.key)


@dataclass(frozen=True)
class Matrix:
    """One group of the grid, and what belongs to the whole plan. `seen` is the version that is shown."""

    plan: Plan
    group: str
    seen: int

    @cached_property
    def tree(self) -> dict[str, list[str]]:
        """Group to its intents."""
        found: dict[str, list[str]] = {}
        for node in tree_in_use():
            if node.name:
                found.setdefault(node.parent, []).append(node.name)
        return {**found, str(OTHERS): [ELSE]}

    @property
    def groups(self) -> list[str]:
        return list(self.tree)

    @cached_property
    def here(self) -> str:
        return self.group if self.group in self.tree else self.groups[0]

    @cached_property
    def sides(self) -> list[Side]:
        found = sides_of(Channel.objects.active().order_by("pk"))
        ordered = sorted(found, key=lambda one: (not is_public(one),))
        return [Side(key, self.plan.level(key, told_of(key.partition("+")[0])), is_public(key)) for key in ordered]

    @cached_property
    def rows(self) -> list[Row]:
        return [Row(intent, self.plan.need(intent), self.cells(intent)) for intent in self.tree[self.here]]

    def cells(self, intent: str) -> list[Cell]:
        return [
            Cell(side, self.plan.standing(intent, side.key, told), (intent, side.key) in self.plan.cells)
            for side in self.sides
            for told in [told_of(side.key.partition("+")[0])]
        ]

    @property
    def networks(self) -> list[Network]:
        """Those where we are, and what the others share."""
        here = {side.key.partition("+")[0] for side in self.sides if side.public}
        shown = [name for name in NETWORKS if name in here or name == "other"]
        return [Network(name, self.plan.wording(name), name in self.plan.words) for name in shown]

    @property
    def manners(self) -> Manners:
        return self.plan.manners

    @property
    def quiet(self) -> tuple[str, str]:
        """When the quiet hours begin and end, as a clock shows it."""
        since, until = self.manners.since, self.manners.until
        return ("", "") if since is None or until is None else (clock(since), clock(until))

    @cached_property
    def changes(self) -> list[ChannelPlan]:
        return plans.changes()

    @cached_property
    def undoable(self) -> ChannelPlan | None:
        return plans.last_change()


def matrix(group: str = "") -> Matrix:
    """Cost: one query for the plan; one for the tree, one for the channels, two for the changes when they are shown."""
    row = plans.newest()
    return Matrix(plans.plan_of(row) if row else Plan(), group, row.pk if row else 0)


def network_name(network: str) -> str:
    return str(_("Elsewhere")) if network == "other" else label(network)


def choices(among: dict[Complexity, str | Promise] | dict[Privacy, str | Promise]) -> Sequence[tuple[str, str]]:
    return [(str(key if isinstance(key, str) else int(key)), str(words)) for key, words in among.items()]
