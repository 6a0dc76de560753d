"""The views of the queue. Each follows an index of `Journey`, so that a page costs the same in any queue."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from threadline.accounts.models import Agent
from threadline.journeys.models import Journey, JourneyQuerySet, Mention

Status = Journey.Status


@dataclass(frozen=True, slots=True)
class View:
    """`by` is the order; `owed`: people wait for us here; `calm` is what an empty list says."""

    name: str
    title: str | Promise
    icon: str
    by: str
    order: str | Promise
    calm: str | Promise
    comfort: str | Promise
    owed: bool = False


DUE = "due_at"
BY_PROMISE = _("What we promised, the next to fall due first. Stories without a promise are not listed.")
LONGEST = _("Longest wait first.")
NEWEST = _("Newest first.")
VIEWS = {
    view.name: view
    for view in (
        View(
            "mine",
            _("My turn"),
            "reply",
            "waiting_since",
            LONGEST,
            _("Nobody waits for you"),
            _("Whoever writes to you next appears here by itself. Somebody nobody has taken yet may be glad of you."),
            owed=True,
        ),
        View(
            "unowned",
            _("Nobody’s yet"),
            "people",
            "waiting_since",
            LONGEST,
            _("Everybody who waits has somebody"),
            _("New stories appear here until somebody takes them."),
            owed=True,
        ),
        View(
            "ours",
            _("Our turn"),
            "clock",
            "waiting_since",
            LONGEST,
            _("Nobody waits for us"),
            _("Every person has an answer. Whoever writes next appears here by itself."),
            owed=True,
        ),
        View(
            "mentions",
            _("Mentions"),
            "note",
            "-last_at",
            NEWEST,
            _("Nobody has asked for you"),
            _("When a colleague names you with an @ in a note, the story stands here until you have seen it."),
        ),
        View(
            "theirs",
            _("Their turn"),
            "pause",
            "-last_at",
            NEWEST,
            _("We wait for nobody"),
            _("Stories come here once we have answered, and return to our turn when the person does."),
        ),
        View(
            "asleep",
            _("Asleep"),
            "snooze",
            "wake_at",
            _("Next to wake first."),
            _("Nothing sleeps"),
            _("Let a story sleep until its day comes; it wakes by itself, or earlier when the person writes."),
        ),
        View(
            "done",
            _("Done"),
            "check",
            "-last_at",
            NEWEST,
            _("Nothing is done yet"),
            _("Stories that are over rest here. A touch about one of them opens it again."),
        ),
    )
}
STATUSES = {"theirs": Status.WAITING, "asleep": Status.SNOOZED, "done": Status.DONE}


def stories(view: View, *, agent: Agent, team: int | None = None) -> JourneyQuerySet:
    """The stories of a view that this agent may see, in no order yet."""
    return of_view(visible(agent), view, agent=agent, team=team)


def visible(agent: Agent) -> JourneyQuerySet:
    return Journey.objects.visible_to(agent).standing()


def of_view(among: JourneyQuerySet, view: View, *, agent: Agent, team: int | None = None) -> JourneyQuerySet:
    if view.name == "mentions":
        return among.filter(pk__in=Mention.objects.filter(agent=agent, seen_at=None).values("journey"))
    conditions: dict[str, object] = {"status": STATUSES.get(view.name, Status.OPEN)}
    if view.name in ("mine", "unowned"):
        conditions["owner"] = agent if view.name == "mine" else None
    if team is not None:
        conditions["team"] = team
    found = among.filter(**conditions)
    # A purchase or a page view that nobody wrote about waits for nobody.
    return found.exclude(last_text="") if view.name == "theirs" else found
