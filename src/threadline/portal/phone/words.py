"""The sentences that callers hear, in the language of the line. What an admin wrote goes before the usual ones.

Nothing here says what a story is about: whoever holds the telephone hears it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threadline.core.phone import Does, Key, Line
from threadline.journeys.models import Journey
from threadline.portal.models import Callback, PhoneCall
from threadline.portal.phone.lines import Answering, Wait


def greeting(here: Answering) -> str:
    if here.line.greeting:
        return here.line.greeting
    return _("Welcome to %(house)s.") % {"house": here.house} if here.house else _("Welcome.")


def closed(here: Answering) -> str:
    if here.line.closed:
        return here.line.closed
    if here.opens_at is None:
        return _("Nobody is here now.")
    return _("Nobody is here now. We are back %(when)s.") % {"when": moment(here.opens_at, here.now, here.zone)}


def waiting(wait: Wait) -> str:
    """How many wait before them, and how long it really took lately. Too few calls: nothing is claimed."""
    if wait.before:
        text = ngettext("One caller waits before you.", "%(n)d callers wait before you.", wait.before) % {
            "n": wait.before
        }
    else:
        text = _("Nobody waits before you.")
    if wait.taken is None:
        return text
    told = {"half": lasting(wait.taken.median), "most": lasting(wait.taken.most)}
    if told["half"] == told["most"]:
        return f"{text} {_('Lately, callers waited about %(most)s.') % told}"
    return (
        f"{text} {_('Lately, half of the callers waited less than %(half)s, nine in ten less than %(most)s.') % told}"
    )


def offers(keys: Sequence[Key], *, is_open: bool) -> str:
    """The person comes first, and needs no key."""
    person = (
        _("For a person, stay on the line or press 0.") if is_open else _("To be called back by a person, press 0.")
    )
    rest = [_("%(what)s, press %(digit)s.") % {"what": offer(key), "digit": key.digit} for key in keys]
    return " ".join([person, *rest])


def offer(key: Key) -> str:
    usual = {
        Does.STATUS: _("To hear how your matter stands"),
        Does.CALLBACK: _("To be called back"),
        Does.VOICEMAIL: _("To leave a message"),
    }
    return key.words or usual.get(key.does, "")


def question(line: Line) -> str:
    """Asked before anybody is recorded. Silence is a no."""
    usual = _("May we record this call, to get everything right? Press 1 for yes. Otherwise nothing is recorded.")
    return line.question or usual


def consented(yes: bool) -> str:
    return _("Thank you. The call is recorded.") if yes else _("Nothing is recorded.")


def while_waiting(keys: Sequence[Key]) -> str:
    return " ".join(_("%(what)s, press %(digit)s.") % {"what": offer(key), "digit": key.digit} for key in keys)


def promise_offer(number: str, due: datetime, here: Answering) -> str:
    """Asked before we promise: whom, and by when."""
    when = moment(due, here.now, here.zone)
    if not number:
        return _("We call you back %(when)s. Key in your number, then the hash key.") % {"when": by(when)}
    return _(
        "We call you back %(when)s, at the number ending in %(end)s. Press 1 if that is right, "
        "or key in another number, then the hash key."
    ) % {"when": by(when), "end": spaced(number[-4:])}


def promised(number: str, due: datetime, here: Answering) -> str:
    told = {"when": by(moment(due, here.now, here.zone)), "end": spaced(number[-4:])}
    return _("We call you %(when)s, at the number ending in %(end)s. That is a promise. Goodbye.") % told


def by(when: str) -> str:
    return _("no later than %(when)s") % {"when": when}


def standing(journey: Journey | None, owed: Callback | None, here: Answering) -> str:
    """How a story stands: whose turn it is and by when we promised what. Never what it is about."""
    if owed is not None:
        return _("We promised to call you back, %(when)s.") % {"when": by(moment(owed.due_at, here.now, here.zone))}
    if journey is None or journey.status == Journey.Status.DONE:
        return _("There is nothing open with us at the moment.")
    if journey.status == Journey.Status.OPEN:
        return _ours(journey, here)
    if journey.status == Journey.Status.SNOOZED and journey.wake_at is not None:
        return _("We work on it, and come back to it %(when)s.") % {
            "when": moment(journey.wake_at, here.now, here.zone)
        }
    return _("We answered you %(when)s, and wait for your word.") % {
        "when": moment(journey.settled_at or journey.last_at, here.now, here.zone)
    }


def _ours(journey: Journey, here: Answering) -> str:
    since = moment(journey.waiting_since or journey.last_at, here.now, here.zone)
    text = _("We have what you told us %(since)s. You have no answer yet; it is our turn.") % {"since": since}
    if journey.due_at is None:
        return text
    when = moment(journey.due_at, here.now, here.zone)
    if journey.due_at > here.now:
        return f"{text} {_('You have one %(when)s.') % {'when': by(when)}}"
    return f"{text} {_('We promised one for %(when)s, and are late. We are sorry.') % {'when': when}}"


def whisper(call: PhoneCall, name: str, waited: timedelta, about: str, by_whom: str) -> str:
    """What one of us hears before they are connected: who, how sure, about what, the wait, the brief."""
    who = (
        {
            PhoneCall.Known.KNOWN: _("%(name)s, known by the number.") % {"name": name},
            PhoneCall.Known.MAYBE: _("Perhaps %(name)s. Ask for the name.") % {"name": name},
        }.get(PhoneCall.Known(call.known), _("Nobody we know yet."))
        if name
        else _("Nobody we know yet.")
    )
    parts = [who]
    if about:
        parts.append(_("About: %(about)s.") % {"about": about})
    if call.from_us:
        parts.append(_("We promised to call back."))
    else:
        parts.append(_("Has waited %(lasting)s.") % {"lasting": lasting(waited)})
    if call.brief:
        parts.append(
            _("%(name)s says: %(brief)s.") % {"name": by_whom or _("A colleague"), "brief": call.brief.rstrip(".")}
        )
    if call.consent == "yes" and not call.from_us:
        parts.append(_("The call is recorded; they agreed."))
    return " ".join([*parts, _("Press any key to talk.")])


# ---- times, as one says them ----------------------------------------------------------------------------------------


def lasting(span: timedelta) -> str:
    """Rounded up, so that nobody is told less than it was."""
    minutes = max(1, -(-int(span.total_seconds()) // 60))
    if minutes < 90:
        return ngettext("one minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = -(-minutes // 60)
    return ngettext("one hour", "%(n)d hours", hours) % {"n": hours}


def moment(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """`today at 15:30`, `Monday at 09:00`, `3 March`: in the time of the line."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    told = {"time": f"{local:%H:%M}"}
    days = (local.date() - today).days
    if days in (-1, 0, 1):
        near = {-1: _("yesterday at %(time)s"), 0: _("today at %(time)s"), 1: _("tomorrow at %(time)s")}
        return near[days] % told
    if 1 < days < 7:
        return _("%(day)s at %(time)s") % {**told, "day": formats.date_format(local, "l")}
    return formats.date_format(local, "j F")


def spaced(digits: str) -> str:
    """Digits are read one by one, and not as a number."""
    return " ".join(digits)
