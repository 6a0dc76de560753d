"""Each reason in words, and the ways it is told as usual."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from threadline.core.durations import spell
from threadline.journeys.notices.models import Reason, Way

Said = Mapping[str, Any]
USUAL: dict[str, tuple[str, ...]] = {
    Reason.WROTE: (Way.SCREEN, Way.PUSH, Way.MAIL),
    Reason.MENTION: (Way.SCREEN, Way.PUSH, Way.MAIL),
    Reason.HANDED: (Way.SCREEN, Way.PUSH, Way.MAIL),
    Reason.PROMISE: (Way.SCREEN, Way.PUSH, Way.MAIL),
    Reason.FAILED: (Way.SCREEN, Way.PUSH, Way.MAIL),
    Reason.SUPERVISOR: (Way.SCREEN, Way.PUSH, Way.MAIL),
    Reason.WOKE: (Way.SCREEN, Way.MAIL),
    Reason.TEAM: (),
}


def sentence(reason: str, said: Said, *, now: datetime) -> str:
    """Why, for the one who is told."""
    return WORDS[reason](said, now)


def _wrote(said: Said, now: datetime) -> str:
    return _("You hold this story and they wrote again")


def _mention(said: Said, now: datetime) -> str:
    return _("%(name)s named you in a note") % {"name": _who(said)}


def _handed(said: Said, now: datetime) -> str:
    if said.get("rules"):
        return _("The routing rules gave it to you")
    if said.get("brief"):
        return _("%(name)s handed it to you with a brief") % {"name": _who(said)}
    return _("%(name)s gave it to you") % {"name": _who(said)}


def _promise(said: Said, now: datetime) -> str:
    due = datetime.fromisoformat(said["due"])
    left = {"time": spell(abs(due - now))}
    return _("A promise breaks in %(time)s") % left if due > now else _("A promise broke %(time)s ago") % left


def _failed(said: Said, now: datetime) -> str:
    why = {"why": said.get("why") or _("no reason was given")}
    if said.get("planned"):
        return _("Your planned answer did not go out: %(why)s") % why
    return _("Your answer was not delivered: %(why)s") % why


def _supervisor(said: Said, now: datetime) -> str:
    return _("They asked for a supervisor, and you may decide; %(name)s brought it to you") % {"name": _who(said)}


def _woke(said: Said, now: datetime) -> str:
    return _("You put it to sleep until now")


def _team(said: Said, now: datetime) -> str:
    return _("It came to %(team)s, and nobody has it") % {"team": said.get("team") or _("your team")}


def _who(said: Said) -> str:
    return str(said.get("by") or _("Somebody"))


WORDS: dict[str, Callable[[Said, datetime], str]] = {
    Reason.WROTE: _wrote,
    Reason.MENTION: _mention,
    Reason.HANDED: _handed,
    Reason.PROMISE: _promise,
    Reason.FAILED: _failed,
    Reason.SUPERVISOR: _supervisor,
    Reason.WOKE: _woke,
    Reason.TEAM: _team,
}


def more_words(count: int) -> str:
    """How many reasons stand behind the newest one; empty where there is one."""
    if count < 2:
        return ""
    return _("and one more reason") if count == 2 else _("and %(n)s more reasons") % {"n": count - 1}
