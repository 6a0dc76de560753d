"""Invitations: read as what, when and where; answered so that calendars understand."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from threadline.core.mail.invitations import answered, invitation

OURS = "support@harbourpine.example"
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


def calendar(*lines: str, method: str = "REQUEST") -> bytes:
    told = [
        "BEGIN:VCALENDAR",
        "PRODID:-//x",
        "VERSION:2.0",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        "UID:abc",
        "SEQUENCE:2",
    ]
    return "\r\n".join([*told, *lines, "END:VEVENT", "END:VCALENDAR", ""]).encode()


VISIT = (
    "SUMMARY:Visit\\, kettle",
    "DTSTART;TZID=Europe/Brussels:20260701T100000",
    "DTEND;TZID=Europe/Brussels:20260701T110000",
    "LOCATION:Quay 1",
    "ORGANIZER;CN=Ana Kühn:mailto:Ana@example.com",
    "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:cy@example.org",
    f"ATTENDEE;PARTSTAT=NEEDS-ACTION:MAILTO:{OURS}",
)


def test_an_invitation_says_what_when_in_which_zone_and_where():
    found = invitation(calendar(*VISIT))

    assert found is not None
    assert (found.what, found.where, found.zone) == ("Visit, kettle", "Quay 1", "Europe/Brussels")
    assert found.start.isoformat() == "2026-07-01T10:00:00+02:00"
    assert (found.organizer, found.name, found.repeats) == ("ana@example.com", "Ana Kühn", False)


@pytest.mark.parametrize(
    ("lines", "start", "end"),
    [
        (["DTSTART;VALUE=DATE:20260701"], date(2026, 7, 1), None),
        (["DTSTART:20260701T080000Z", "DURATION:PT30M"], datetime(2026, 7, 1, 8, tzinfo=UTC), timedelta(minutes=30)),
        (["DTSTART:20260701T080000"], datetime(2026, 7, 1, 8), None),
    ],
)
def test_days_lengths_and_times_without_a_zone_are_read(lines, start, end):
    found = invitation(calendar(*lines))

    assert found is not None
    assert found.start == start
    assert found.end == (start + end if end else None)


def test_the_answer_names_the_address_that_was_invited_and_the_same_event():
    reply = Calendar.from_ical(answered(calendar(*VISIT), by=[OURS], answer="ACCEPTED", name="Harbour & Pine", now=NOW))

    (event,) = reply.events
    assert reply["METHOD"] == "REPLY"
    assert (str(event["UID"]), int(event["SEQUENCE"])) == ("abc", 2)
    assert str(event["ATTENDEE"]).lower() == f"mailto:{OURS}"
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert event["DTSTART"].dt.isoformat() == "2026-07-01T10:00:00+02:00"


@given(
    st.one_of(st.binary(max_size=300), st.lists(st.text(max_size=40), max_size=6).map(lambda lines: calendar(*lines)))
)
def test_whatever_calls_itself_a_calendar_is_read_or_left(noise):
    invitation(noise)
