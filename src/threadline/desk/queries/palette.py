"""The palette: what can be gone to, done to the story at hand, or found, for the words typed so far."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from threadline.accounts.models import Agent, Event, Team
from threadline.accounts.rights import Right
from threadline.customers.models import Customer
from threadline.desk.queries.queue.kept import kept_by
from threadline.desk.queries.queue.rows import people
from threadline.desk.queries.queue.views import VIEWS
from threadline.desk.queries.search import hits
from threadline.desk.queries.settings.menu import menu
from threadline.desk.queries.settings.verbs import VERBS
from threadline.journeys.changes import UNDOES
from threadline.journeys.models import Journey, Macro

EACH, FOUND = 7, 5
LEAST = 2
UNDOABLE = 20
Status = Journey.Status


@dataclass(frozen=True, slots=True)
class Option:
    """A link, or, with `values`, something that is sent; `target` takes the answer where it is a part of the page."""

    words: str
    href: str
    icon: str = "right"
    key: str = ""
    beside: str = ""
    values: dict[str, object] | None = None
    target: str = ""

    @property
    def sent(self) -> str:
        return json.dumps(self.values or {})


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    title: str
    options: list[Option] = field(default_factory=list)


def offered(typed: str, *, agent: Agent, journey: Journey | None, open_story: bool, now: datetime) -> list[Group]:
    """Each group only with what fits. Cost: with words twelve queries at most, on a story four more."""
    words = typed.lower().split()
    groups = [Group("story", _("This story"), list(_of_story(journey, agent, open_story)))] if journey else []
    groups += [Group("go", _("Go to"), list(_places(agent))), Group("views", _("Views"), _views(agent))]
    fitting = [Group(each.name, each.title, _fitting(each.options, words)) for each in groups]
    found = _found(typed.strip(), agent)
    return [each for each in [*fitting, *found] if each.options]


def _fitting(options: Sequence[Option], words: Sequence[str]) -> list[Option]:
    """Every word begins a word of it, or stands in it; nothing typed shows the first few."""
    if not words:
        return list(options[:EACH])
    said = [(option, f"{option.words} {option.beside}".lower()) for option in options]
    found = [option for option, text in said if all(word in text for word in words)]
    return sorted(found, key=lambda option: not option.words.lower().startswith(words[0]))[:EACH]


def _places(agent: Agent) -> Iterator[Option]:
    yield Option(_("My work"), reverse("work"), "check", "g w")
    yield Option(_("Queue"), reverse("queue"), "reply", "g i")
    yield Option(_("Chats"), reverse("chats"), "note", "g c")
    yield Option(_("Telephone"), reverse("phone"), "reply")
    yield Option(_("Log a call"), reverse("call-new"), "plus")
    yield Option(_("Review"), reverse("review-people"), "why", "g r")
    if agent.may(Right.MEASURES):
        yield Option(_("Reports"), reverse("reports"), "sort", "g v")
        yield Option(_("Wallboard"), reverse("wallboard"), "clock")
    yield Option(_("Find"), reverse("search"), "search")
    yield Option(_("Your page"), reverse("me"), "person")
    for heading, entries in menu(agent):
        for entry in entries:
            yield Option(
                str(entry.words), reverse(entry.name), "filter", beside=_("Settings: %(part)s") % {"part": heading}
            )


def _views(agent: Agent) -> list[Option]:
    queue = reverse("queue")
    kept = [Option(each.name, f"{queue}?saved={each.pk}", each.filters.base.icon) for each in kept_by(agent)]
    return [*kept, *(Option(str(view.title), f"{queue}?view={view.name}", view.icon) for view in VIEWS.values())]


# ---- the story at hand ---------------------------------------------------------------------------------------------


def _of_story(journey: Journey, agent: Agent, open_story: bool) -> Iterator[Option]:
    at = [journey.pk]
    if not open_story:
        yield Option(_("Open the whole story"), reverse("story", args=at), "right", "↵")
    if agent.may(Right.ANSWER):
        yield from _undo(journey, agent)
        yield from _turns(journey)
        if open_story:
            yield from _texts(journey, agent)
        yield from _owners(journey, agent)
    if open_story and agent.may(Right.ORGANISE):
        yield Option(_("Join with another story"), "#join", "join", "g j", target="g j")
        yield Option(_("Split the story"), "#split", "apart", "g s", target="g s")
    yield Option(_("The person"), reverse("person", args=[journey.customer_id]), "person")


def _turns(journey: Journey) -> Iterator[Option]:
    at = [journey.pk]
    if journey.status == Status.DONE:
        yield Option(_("Open it again"), reverse("story-reopen", args=at), "reply", values={})
        return
    yield Option(_("Done"), reverse("story-done", args=at), "check", "e", values={})
    if journey.status == Status.OPEN:
        yield Option(_("Their turn"), reverse("story-wait", args=at), "pause", values={})
    moments = {
        "tonight": _("Sleep until this evening"),
        "tomorrow": _("Sleep until tomorrow morning"),
        "monday": _("Sleep until Monday morning"),
        "week": _("Sleep for a week"),
    }
    for when, words in moments.items():
        yield Option(words, reverse("story-snooze", args=at), "snooze", values={"when": when})


def _owners(journey: Journey, agent: Agent) -> Iterator[Option]:
    address = reverse("story-assign", args=[journey.pk])
    if journey.owner_id != agent.pk:
        yield Option(_("Take it"), address, "person", values={"owner": agent.pk})
    if journey.owner_id is not None:
        yield Option(_("Leave it to whoever is free"), address, "people", values={"owner": 0})
    others = Agent.objects.filter(is_active=True).exclude(pk__in=[agent.pk, journey.owner_id or 0]).order_by("name")
    for number, name in others.values_list("pk", "name")[:200]:
        yield Option(_("Hand over to %(name)s") % {"name": name}, address, "person", values={"owner": number})
    for number, name in Team.objects.exclude(pk=journey.team_id or 0).values_list("pk", "name")[:200]:
        yield Option(_("Give to team %(name)s") % {"name": name}, address, "people", values={"team": number})


def _texts(journey: Journey, agent: Agent) -> Iterator[Option]:
    for number, name in Macro.objects.visible_to(agent).standing().values_list("pk", "name")[:200]:
        address = reverse("macro-use", args=[journey.pk, number])
        yield Option(_("Write “%(name)s”") % {"name": name}, address, "note", beside="/", values={}, target="#composer")


def _undo(journey: Journey, agent: Agent) -> Iterator[Option]:
    """The last thing somebody did to it that can be taken back."""
    latest = list(Event.objects.visible_to(agent).filter(journey_id=journey.pk).order_by("-pk")[:UNDOABLE])
    undone = {event.facts.get("event") for event in latest if event.verb == "undone"}
    for event in latest:
        if event.verb in UNDOES and event.agent_id is not None and event.pk not in undone:
            address, verb = reverse("event-undo", args=[event.pk]), VERBS.get(event.verb, event.verb)
            yield Option(_("Undo: %(what)s") % {"what": verb}, address, "undo", "g u", values={})
            return


# ---- found ---------------------------------------------------------------------------------------------------------


def _found(typed: str, agent: Agent) -> list[Group]:
    if len(typed) < LEAST:
        return []
    everywhere = Option(
        _("Find “%(words)s” in everything") % {"words": typed},
        f"{reverse('search')}?{urlencode({'q': typed})}",
        "search",
    )
    return [
        Group("stories", _("Stories"), _stories(typed, agent)),
        Group("people", _("People"), _people(typed, agent)),
        Group("search", _("Everything"), [everywhere]),
    ]


def _people(typed: str, agent: Agent) -> list[Option]:
    known = hits.people(typed, limit=FOUND)
    found = (Customer.objects.visible_to(agent) if agent.is_partner else Customer.objects).filter(pk__in=known)
    names = people(found.only("name"))
    return [Option(names[number], reverse("person", args=[number]), "person") for number in known if number in names]


def _stories(typed: str, agent: Agent) -> list[Option]:
    """By its number, as it stands in addresses and in what colleagues write."""
    number = typed.lstrip("#")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return []
    journey = Journey.objects.visible_to(agent).filter(pk=number).first()
    words = _("Story %(number)s") % {"number": number}
    return [Option(words, reverse("story", args=[number]), "right", beside=journey.title)] if journey else []
