"""What agents did to a story, in one quiet line each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threadline.accounts.models import Event
from threadline.core.picture import Turn
from threadline.desk.moments import planned
from threadline.desk.queries.fields import words_of
from threadline.desk.queries.story.phoning import PHONING
from threadline.journeys.changes import UNDOES
from threadline.journeys.models import Journey

STRUCTURAL = frozenset({"moved", "kept_here", "split", "joined", "field_set"})


@dataclass(frozen=True, slots=True)
class Doing:
    """`undo`: it can still be undone here; `turn`: it changed whose turn it is; `rule`: the key of what did it."""

    event: int
    at: datetime
    verb: str
    words: str
    story: int | None = None
    undo: bool = False
    turn: Turn | None = None
    rule: str = ""


def tell(events: Sequence[Event], journey: Journey) -> list[Doing]:
    """Turn events into lines. What was undone keeps its line and says so."""
    undone = {event.facts.get("event") for event in events if event.verb == "undone"}
    return [_told(event, journey, undone=event.pk in undone) for event in events if event.verb != "undone"]


def _told(event: Event, journey: Journey, *, undone: bool) -> Doing:
    words, story = TELLERS[event.verb](event, journey)
    words, by_rule = f"{who(event)} {words}", event.facts.get("by_rule") or {}
    if by_rule:
        words = _("%(what)s. Because: %(why)s") % {"what": words, "why": by_rule["because"]}
    if undone:
        words = _("%(what)s; undone since") % {"what": words}
    undo = event.verb in UNDOES if by_rule else event.verb in STRUCTURAL and (event.agent_id or "by_key" in event.facts)
    turn = None if undone else TURNS.get(event.verb)
    return Doing(
        event.pk, event.at, event.verb, words, story, bool(undo) and not undone, turn, str(by_rule.get("key", ""))
    )


def who(event: Event) -> str:
    """The agent, the rule of this house, or Threadline itself."""
    if event.agent is not None:
        return event.agent.name
    if by_key := event.facts.get("by_key"):
        return _("The program with the key “%(name)s”") % {"name": by_key["name"]}
    by_rule = event.facts.get("by_rule")
    return _("The rule “%(name)s”") % {"name": by_rule["name"]} if by_rule else _("Threadline")


def _moved(event: Event, journey: Journey) -> tuple[str, int | None]:
    count = len(event.facts["interactions"])
    words = ngettext("moved a touch to story", "moved %(n)d touches to story", count) % {"n": count}
    return words, event.facts["to"]


def _kept_here(event: Event, journey: Journey) -> tuple[str, int | None]:
    return _("looked: a touch belongs here"), None


def _split(event: Event, journey: Journey) -> tuple[str, int | None]:
    count = len(event.facts["interactions"])
    words = ngettext("split a touch off into story", "split %(n)d touches off into story", count) % {"n": count}
    return words, event.facts["to"]


def _joined(event: Event, journey: Journey) -> tuple[str, int | None]:
    if event.journey_id == journey.pk:
        return _("joined this with story"), event.facts["into"]
    count = len(event.facts["interactions"])
    words = ngettext(
        "joined a story of one touch with this one", "joined a story of %(n)d touches with this one", count
    )
    return words % {"n": count}, None


def _assigned(event: Event, journey: Journey) -> tuple[str, int | None]:
    before, facts = event.facts["before"], event.facts
    if facts["owner"] == before["owner"]:
        return _("gave it to another team"), None
    if facts["owner"] is None:
        return _("left it to whoever is free"), None
    return (_("took it over") if facts["owner"] == event.agent_id else _("handed it over")), None


def _routed(event: Event, journey: Journey) -> tuple[str, int | None]:
    facts = event.facts
    what = _("found somebody for it") if facts["owner"] else _("found its team")
    return f"{what}: {facts['reason']}", None


def _demanded(event: Event, journey: Journey) -> tuple[str, int | None]:
    words = event.facts.get("words")
    said = _("noted that they asked for a supervisor")
    return f"{said}: “{words}”" if words else said, None


def _snoozed(event: Event, journey: Journey) -> tuple[str, int | None]:
    until = parse_datetime(event.facts["until"])
    return _("let it sleep until %(moment)s") % {"moment": planned(until, now=event.at) if until else "?"}, None


def _scheduled(event: Event, journey: Journey) -> tuple[str, int | None]:
    until = parse_datetime(event.facts["until"])
    return _("planned an answer for %(moment)s") % {"moment": planned(until, now=event.at) if until else "?"}, None


def _intent(event: Event, journey: Journey) -> tuple[str, int | None]:
    if not event.facts["intent"]:
        return _("took back what it is about"), None
    return _("said what it is about: %(intent)s") % {"intent": event.facts["intent"]}, None


def _field_set(event: Event, journey: Journey) -> tuple[str, int | None]:
    facts = event.facts
    said = {"name": facts["name"], "value": words_of(facts["kind"], facts["value"])}
    return (_("filled in %(name)s: %(value)s") if facts["value"] else _("emptied %(name)s")) % said, None


def _warned(event: Event, journey: Journey) -> tuple[str, int | None]:
    return _("warned: %(promise)s") % {"promise": _by(event)}, None


def _broken(event: Event, journey: Journey) -> tuple[str, int | None]:
    return _("noted a broken promise: %(promise)s") % {"promise": _by(event)}, None


def _missed(event: Event, journey: Journey) -> tuple[str, int | None]:
    ours = event.facts.get("from_us")
    declined = event.facts.get("why") == "declined"
    if ours:
        return _("rang in the chat, and they declined") if declined else _("rang in the chat; nobody answered"), None
    return _("saw them ring in the chat; it was declined") if declined else _(
        "saw them ring in the chat; nobody answered"
    ), None


def _agreed(event: Event, journey: Journey) -> tuple[str, int | None]:
    facts = event.facts
    if facts["topic"] == "record":
        yes, no = _("agreed to record the call"), _("stopped the recording of the call")
        their_yes, their_no = (
            _("noted that they agreed to record the call"),
            _("noted that they refused or stopped the recording"),
        )
    else:
        yes, no = _("agreed to cameras in the call"), _("switched the cameras of the call off")
        their_yes, their_no = _("noted that they agreed to cameras"), _("noted that they want no cameras")
    if facts.get("theirs"):
        return their_yes if facts["yes"] else their_no, None
    return yes if facts["yes"] else no, None


def _by(event: Event) -> str:
    due = planned(datetime.fromisoformat(event.facts["due"]), now=event.at)
    name = {"first": _("a first answer by %(due)s"), "next": _("an answer by %(due)s")}
    return name.get(event.facts["kind"], _("settled by %(due)s")) % {"due": due}


Teller = Callable[[Event, Journey], tuple[str, int | None]]
TELLERS: dict[str, Teller] = {
    "moved": _moved,
    "kept_here": _kept_here,
    "split": _split,
    "joined": _joined,
    "assigned": _assigned,
    "routed": _routed,
    "handed_over": lambda event, journey: (_("handed it over with a brief"), None),
    "supervisor_demanded": _demanded,
    "snoozed": _snoozed,
    "intent_set": _intent,
    "field_set": _field_set,
    "promise_warned": _warned,
    "promise_broken": _broken,
    "told_when_closed": lambda event, journey: (_("told them when we open, and by when we answer"), None),
    "answered_by_rule": lambda event, journey: (_("sent an automatic answer"), None),
    "taken_back": lambda event, journey: (_("took back an answer before it went out"), None),
    "reply_scheduled": _scheduled,
    "reply_unscheduled": lambda event, journey: (_("keeps the planned answer as a draft"), None),
    "reply_kept_back": lambda event, journey: (_("did not send the planned answer: %(why)s") % event.facts, None),
    "woken": lambda event, journey: (_("woke it up"), None),
    "waited": lambda event, journey: (_("said that it is their turn"), None),
    "done": lambda event, journey: (_("called it done"), None),
    "reopened": lambda event, journey: (_("opened it again"), None),
    "went_by_mail": lambda event, journey: (_("sent by mail what they had not read when they left the chat"), None),
    "call_missed": _missed,
    "call_agreed": _agreed,
    **PHONING,
    "film_viewed": lambda event, journey: (_("saw that the video was played"), None),
    "film_withdrawn": lambda event, journey: (_("withdrew a video"), None),
    "film_put_back": lambda event, journey: (_("put a video back"), None),
    "chat_ended": lambda event, journey: (_("saw that they ended the chat"), None),
}
TURNS = {"waited": Turn.THEIRS, "done": Turn.NOBODY, "reopened": Turn.OURS, "woken": Turn.OURS}
VERBS = (*TELLERS, "undone")
