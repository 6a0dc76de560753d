"""What the screen asks before something is done to many stories, and what it tells of it afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threadline.accounts.models import Agent, Team
from threadline.desk.moments import planned
from threadline.desk.queries.queue.filters import Filters, narrowed
from threadline.desk.queries.queue.rows import people
from threadline.desk.queries.queue.views import visible
from threadline.desk.queries.story.macros import does, names_of
from threadline.interactions.intents import tree_in_use
from threadline.journeys.actions.bulk import MOST
from threadline.journeys.models import BulkRun, Journey, Macro
from threadline.lib.errors import ThreadlineError

PEOPLE = 200
What = BulkRun.What


@dataclass(frozen=True, slots=True)
class Asking:
    """The question in words, and what there is to choose from: value, words, what stands beside it."""

    what: str
    title: str
    stories: Sequence[int]
    groups: list[tuple[str, str, list[tuple[str, str, str]]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Told:
    """A run in words. `refused` are who, story and reason; `undo` whether it can be taken back now."""

    run: BulkRun
    words: str
    refused: list[tuple[str, int, str]]
    undo: bool

    @property
    def all(self) -> int:
        return len(self.run.stories)


def fitting(filters: Filters, agent: Agent, *, now: datetime) -> list[int]:
    """All stories of a view in its order. Raises ThreadlineError where they are too many for one go."""
    found = narrowed(visible(agent), filters, agent=agent, now=now).order_by(filters.by, "pk")
    numbers = list(found.values_list("pk", flat=True)[: MOST + 1])
    if len(numbers) > MOST:
        raise ThreadlineError(
            _("This view has more than %(most)s stories. Narrow it with a filter first.") % {"most": f"{MOST:,}"}
        )
    return numbers


def asking(what: str, stories: Sequence[int], agent: Agent) -> Asking:
    """Cost: two queries for who or which text, none for a moment."""
    if not stories:
        raise ThreadlineError(_("No story is chosen. Choose some with x or their boxes, then say what to do."))
    n = {"n": len(stories)}
    match what:
        case What.ASSIGN:
            title = ngettext("Hand over %(n)d story to", "Hand over %(n)d stories to", len(stories)) % n
            return Asking(what, title, stories, [*_people(agent), *_teams()])
        case What.SNOOZE:
            title = ngettext("Let %(n)d story sleep until", "Let %(n)d stories sleep until", len(stories)) % n
            return Asking(what, title, stories, [("when", "", [(*each, "") for each in _sleeps()])])
        case What.INTENT:
            title = ngettext("%(n)d story is about", "%(n)d stories are about", len(stories)) % n
            names = [(node.name, node.name, "") for node in tree_in_use() if node.name]
            return Asking(what, title, stories, [("intent", "", names)])
        case What.MACRO:
            title = ngettext("Do to %(n)d story what a text does", "Do to %(n)d stories what a text does", len(stories))
            return Asking(what, title % n, stories, [("macro", "", _macros(agent))])
        case What.WAIT:
            return Asking(
                what, ngettext("%(n)d story: their turn", "%(n)d stories: their turn", len(stories)) % n, stories
            )
        case What.DONE:
            return Asking(what, ngettext("%(n)d story: done", "%(n)d stories: done", len(stories)) % n, stories)
        case _other:
            raise ThreadlineError(_("Choose what shall be done with these stories."))


def _sleeps() -> list[tuple[str, str]]:
    return [
        ("tonight", _("This evening")),
        ("tomorrow", _("Tomorrow morning")),
        ("monday", _("Monday morning")),
        ("week", _("In a week")),
    ]


def _people(agent: Agent) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    found = Agent.objects.filter(is_active=True).exclude(pk=agent.pk).order_by("name")
    others = [(str(one.pk), one.name, one.get_presence_display()) for one in found[:PEOPLE]]
    own = [(str(agent.pk), _("Me"), ""), ("0", _("Nobody: whoever is free"), "")]
    return [("owner", _("A person"), [*own, *others])]


def _teams() -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    found = [(str(team.pk), team.name, "") for team in Team.objects.order_by("name")[:PEOPLE]]
    return [("team", _("A team"), found)] if found else []


def _macros(agent: Agent) -> list[tuple[str, str, str]]:
    """Those that do something; their words are for one person and are not sent to many."""
    found = list(Macro.objects.visible_to(agent).standing().exclude(actions={})[:PEOPLE])
    names = names_of(found)
    return [(str(macro.pk), macro.name, does(macro, names)) for macro in found]


def told(run: BulkRun, agent: Agent) -> Told:
    """Cost: one query for whom it is with, two for those that could not be done."""
    stories = [number for number, _reason in run.refused]
    found = list(Journey.objects.visible_to(agent).filter(pk__in=stories).select_related("customer"))
    names = people(journey.customer for journey in found)
    who = {journey.pk: names[journey.customer_id] for journey in found}
    refused = [(who.get(number, ""), number, reason) for number, reason in run.refused]
    taken_back = run.what == What.UNDO or BulkRun.objects.filter(undoes=run).exists()
    return Told(run, _words(run), refused, run.ended_at is not None and run.changed > 0 and not taken_back)


def _words(run: BulkRun) -> str:
    under_way, n = run.ended_at is None, {"n": run.handled if run.ended_at is None else run.changed}
    count = int(n["n"])
    stories = ngettext("%(n)d story", "%(n)d stories", count) % n
    of = _("%(n)d of %(all)d stories") % {**n, "all": len(run.stories)}
    return f"{of if under_way else stories}: {_what(run)}"


def _what(run: BulkRun) -> str:
    how: dict[str, Any] = run.how
    match run.what:
        case What.ASSIGN:
            return _to_whom(how, run.agent_id)
        case What.SNOOZE:
            until = parse_datetime(how["until"])
            return _("asleep until %(moment)s") % {"moment": planned(until, now=timezone.now()) if until else ""}
        case What.INTENT:
            return _("about “%(intent)s” now") % {"intent": how["intent"]}
        case What.MACRO:
            name = Macro.objects.filter(pk=how["macro"]).values_list("name", flat=True).first()
            return _("done what “%(name)s” does") % {"name": name or "?"}
        case _other:
            words = {What.WAIT: _("their turn"), What.DONE: _("done"), What.UNDO: _("as before")}
            return words[What(run.what)]


def _to_whom(how: dict[str, Any], me: int) -> str:
    if how.get("team"):
        return _("given to %(team)s") % {"team": Team.objects.get(pk=how["team"])}
    if not how.get("owner"):
        return _("left to whoever is free") if "owner" in how else _("given to no team")
    if how["owner"] == me:
        return _("yours now")
    return _("handed over to %(name)s") % {"name": Agent.objects.get(pk=how["owner"]).name}
