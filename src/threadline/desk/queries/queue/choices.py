"""What the form of filters offers: only what there is here."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from threadline.accounts.models import Agent, Team
from threadline.channels import kinds
from threadline.core.understanding.language import LANGUAGES
from threadline.desk.glyphs import glyph_of
from threadline.desk.queries.fields import choices_of
from threadline.desk.queries.queue.filters import (
    EMPTY,
    FILLED,
    ME,
    MOODS,
    NOBODY,
    PROMISES,
    WAITS,
    Filters,
    language_name,
    span,
)
from threadline.desk.queries.queue.views import VIEWS
from threadline.interactions.intents import tree_in_use
from threadline.journeys.models import Field

MOST = 200
Words = str | Promise


@dataclass(frozen=True, slots=True)
class Choice:
    """One field: its name in the address, its label, and value and words of each option.

    One that is `typed` takes words of one's own too; its options are only proposed, and `hint` says what it takes.
    """

    name: str
    label: str
    options: list[tuple[str, Words]]
    chosen: str
    typed: bool = False
    hint: str = ""


def choices(filters: Filters, agent: Agent) -> list[Choice]:
    """Cost: four queries and the tree of intents."""
    options: dict[str, tuple[str, Iterable[tuple[str, Words]]]] = {
        "view": (_("Which stories"), [(view.name, view.title) for view in VIEWS.values()]),
        "owner": (_("Who has it"), [(ME, _("I")), (NOBODY, _("Nobody")), *_people()]),
        "team": (_("Team"), [(str(team.pk), team.name) for team in _teams(agent)]),
        "intent": (_("About"), [(node.name, node.name) for node in tree_in_use() if node.name]),
        "channel": (_("Channel used"), [(kind, glyph_of(kind).name) for kind in kinds.known()]),
        "language": (_("Language they last wrote in"), [(code, language_name(code)) for code in LANGUAGES]),
        "mood": (_("Their last words"), list(MOODS.items())),
        "waits": (
            _("Waits for us"),
            [(str(hours), _("%(span)s or longer") % {"span": span(hours)}) for hours in WAITS],
        ),
        "due": (_("Promise"), list(PROMISES.items())),
        "public": (_("Who can read it"), [("1", _("Something is public")), ("0", _("Nothing is public"))]),
    }
    usual = [
        Choice(name, label, _with(list(found), getattr(filters, name), name), getattr(filters, name))
        for name, (label, found) in options.items()
    ]
    return [*usual, *_own(filters, agent)]


def _own(filters: Filters, agent: Agent) -> Iterable[Choice]:
    """The fields of this house that the agent may see."""
    said = dict(filters.own)
    for each in Field.objects.visible_to(agent).standing():
        name, found = f"{each.of}{each.pk}", choices_of(each)
        chosen = said.get(name, "")
        options: list[tuple[str, Words]] = [*found, (FILLED, _("Filled in")), (EMPTY, _("Empty"))]
        if found:
            yield Choice(name, each.name, _with(options, chosen, name), chosen)
        else:
            yield Choice(name, each.name, options, chosen, typed=True, hint=_hint(each.kind))


def _hint(kind: str) -> str:
    if kind == Field.Kind.DATE:
        return _("A date, < or > before it; * filled in, - empty: < 2026-03-31")
    if kind == Field.Kind.NUMBER:
        return _("A number, < or > before it; * filled in, - empty: > 100")
    return _("Just as it stands there; * filled in, - empty")


def _with(found: list[tuple[str, Words]], chosen: str, name: str) -> list[tuple[str, Words]]:
    """What is chosen is always offered, also when it is no longer usual."""
    empty = [] if name == "view" else [("", _("Any"))]
    missing = [(chosen, chosen)] if chosen and chosen not in dict(found) else []
    return [*empty, *missing, *found]


def _people() -> list[tuple[str, str]]:
    found = Agent.objects.filter(is_active=True).order_by("name").values_list("pk", "name")[:MOST]
    return [(str(number), name) for number, name in found]


def _teams(agent: Agent) -> list[Team]:
    """Those whose stories this agent may see."""
    if agent.sees_every_team:
        return list(Team.objects.all()[:MOST])
    own = Q(pk__in=agent.running_teams)
    return list(Team.objects.filter(own if agent.is_partner else own | Q(restricted=False))[:MOST])
