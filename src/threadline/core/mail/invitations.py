"""Calendar invitations in mails (RFC 5545, 5546, 6047): what, when, where; and the answer to one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from icalendar import Calendar, Event, vCalAddress, vText

Answer = Literal["ACCEPTED", "TENTATIVE", "DECLINED"]
ANSWERS: tuple[Answer, ...] = ("ACCEPTED", "TENTATIVE", "DECLINED")
KINDS = frozenset({"text/calendar", "application/ics"})
MOST_BYTES = 200_000
LONGEST = 500
OURS = "-//Threadline//EN"
COPIED = ("UID", "SUMMARY", "DTSTART", "DTEND", "DURATION", "LOCATION", "ORGANIZER", "SEQUENCE", "RECURRENCE-ID")


@dataclass(frozen=True, slots=True)
class Invitation:
    """`start` and `end` are moments with their zone's offset, or days; `zone` is what the writer calls their zone."""

    method: str
    uid: str
    what: str
    start: datetime | date
    end: datetime | date | None = None
    zone: str = ""
    where: str = ""
    organizer: str = ""
    name: str = ""
    repeats: bool = False


def invitation(ics: bytes) -> Invitation | None:
    """The first event of a calendar object; None for what is none. Never raises."""
    try:
        return _read(ics)
    except Exception:  # as `parse`: calendars of all kinds come in, and the file stays at hand anyway
        return None


def _read(ics: bytes) -> Invitation | None:
    found = _event(ics)
    if found is None:
        return None
    calendar, event = found
    begins = event.get("DTSTART")
    if begins is None:
        return None
    organizer = event.get("ORGANIZER")
    return Invitation(
        method=str(calendar.get("METHOD") or "PUBLISH").upper()[:20],
        uid=str(event.get("UID") or "")[:LONGEST],
        what=_line(event.get("SUMMARY")),
        start=begins.dt,
        end=_end(event),
        zone=_zone(begins),
        where=_line(event.get("LOCATION")),
        organizer=address_of(organizer),
        name=_line(organizer.params.get("CN")) if organizer is not None else "",
        repeats="RRULE" in event or "RDATE" in event,
    )


def _event(ics: bytes) -> tuple[Calendar, Event] | None:
    if not 0 < len(ics) <= MOST_BYTES:
        return None
    calendar = Calendar.from_ical(ics)
    assert isinstance(calendar, Calendar), "one object was asked for"
    event = next(iter(calendar.events), None)
    return (calendar, event) if event is not None else None


def _end(event: Event) -> datetime | date | None:
    end, lasts = event.get("DTEND"), event.get("DURATION")
    if end is not None:
        found = end.dt
    elif lasts is not None and isinstance(lasts.dt, timedelta):
        found = event.get("DTSTART").dt + lasts.dt
    else:
        return None
    return found if isinstance(found, date) else None  # a datetime is a date, too


def _zone(moment: object) -> str:
    """Named zones by their name; UTC and floating times have none of their own."""
    params = getattr(moment, "params", {})
    named = str(params.get("TZID") or "")
    at = getattr(moment, "dt", None)
    return named[:80] or ("UTC" if isinstance(at, datetime) and at.tzinfo is not None else "")


def _line(value: object) -> str:
    return " ".join(str(value or "").split())[:LONGEST]


def address_of(value: object) -> str:
    text = str(value or "")
    return text.partition(":")[2].strip().lower()[:320] if text.lower().startswith("mailto:") else ""


def answered(ics: bytes, *, by: Iterable[str], answer: Answer, name: str, now: datetime) -> bytes:
    """The REPLY to an invitation.

    Args:
        by: our addresses; the one that was invited answers, or the first.
    Raises:
        ValueError: this is no invitation.
    """
    found = _event(ics)
    if found is None or not found[1].get("UID"):
        raise ValueError("This is no invitation that can be answered.")
    calendar, asked = found
    ours = [address.lower() for address in by]
    invited = asked.get("ATTENDEE", [])
    attendees = [address_of(each) for each in (invited if isinstance(invited, list) else [invited])]
    told = Event()
    for field in COPIED:
        if field in asked:
            told[field] = asked[field]
    us = vCalAddress(f"mailto:{next((each for each in attendees if each in ours), ours[0])}")
    us.params["PARTSTAT"] = vText(answer)
    us.params["CN"] = vText(name)
    told.add("attendee", us, encode=False)
    told.add("dtstamp", now)
    reply = Calendar()
    reply.add("prodid", OURS)
    reply.add("version", "2.0")
    reply.add("method", "REPLY")
    for zone in calendar.timezones:
        reply.add_component(zone)
    reply.add_component(told)
    return bytes(reply.to_ical())
