"""What one touch says: facts, language, triage. All people, numbers and shops here are invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.engines import touch
from threadline.core.touch import Direction
from threadline.core.understanding import understand
from threadline.core.understanding.contacts import e164, email_key
from threadline.core.understanding.things import plain_number


@pytest.mark.parametrize(
    ("text", "name", "key"),
    [
        ("Where is order no. H-4711009? It should be here.", "order", "4711009"),
        ("my order 4711009 never came", "order", "4711009"),
        ("It is about H-4711009, the kettle", "order", "4711009"),
        ("You gave me case number CS884412 last week", "case", "884412"),
        ("Your reference is T884412.", "case", "884412"),
        ("The account 330912847 is mine", "account", "330912847"),
        ("Reach me at Ana.Kovac+shop@Example.com please", "email", "ana.kovac@example.com"),
        ("call me on 07700 900123 after six", "phone", "+447700900123"),
        ("my number is +44 (0)7700 900 123", "phone", "+447700900123"),
        ("I am @ana_k on Twitter", "handle", "x:ana_k"),
        ("My forum name is ana_k7", "handle", "community:ana_k7"),
        ("we live in NE1 4AB now", "postcode", "NE14AB"),
        ("you charged me £1,234.50 twice", "amount", "GBP 1234.50"),
        ("the kettle I bought leaks", "product", "kettle"),
        ("it came on 3 March, broken", "date", "3 march"),
    ],
)
def test_a_fact_is_found_and_made_comparable(text: str, name: str, key: str):
    assert key in understand(touch(1, text)).keys(name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Caller Ana Kovač, NE1 4AB. Kettle leaks.", "ana kovač"),
        ("Caller: Siobhán O'Dea about a late parcel", "siobhán o'dea"),
        ("Ana Kovač on the line. Kettle leaks.", "ana kovač"),
        ("Talked to Jan van der Berg, wants a call back", "jan van der berg"),
        ("Hello, my name is Ana Kovač and my kettle leaks", "ana kovač"),
    ],
)
def test_the_name_of_a_caller_is_found_in_natural_frames(text: str, name: str):
    assert name in understand(touch(1, text, kind="phone")).keys("name")


def test_an_everyday_word_after_a_frame_is_no_name():
    understanding = understand(touch(1, "Caller wants a refund. Spoke to the customer again.", kind="phone"))

    assert understanding.keys("name") == ()


def test_an_address_that_the_agent_doubts_is_marked_as_doubted():
    understanding = understand(touch(1, "Claims ana@example.com as address, not verified.", kind="phone"))

    assert [fact.how for fact in understanding.facts if fact.name == "email"] == ["doubted"]


def test_a_number_under_a_letter_is_signed():
    understanding = understand(touch(1, "My kettle leaks.\n\nAna Kovač\nMobile 07700 900123"))

    assert [fact.how for fact in understanding.facts if fact.name == "phone"] == ["signed"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The kettle that I bought from you has stopped working", "en"),
        ("Der Wasserkocher ist kaputt und niemand antwortet mir", "de"),
        ("La bouilloire est cassée et personne ne me répond", "fr"),
        ("De waterkoker is stuk en niemand geeft antwoord", "nl"),
        ("ok", ""),
    ],
)
def test_a_language_is_named_only_when_it_is_sure(text: str, language: str):
    assert understand(touch(1, text)).language == language


@pytest.mark.parametrize(
    ("text", "triage"),
    [
        ("Do you also deliver on Sundays?", "question"),
        ("My kettle leaks again and nobody answers", "complaint"),
        ("Fantastic service, well done!", "praise"),
    ],
)
def test_the_tone_decides_between_question_complaint_and_praise(text: str, triage: str):
    assert understand(touch(1, text)).triage == triage


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Spring newsletter", "Ten ideas. Unsubscribe here."),
        ("Automatic reply: Re: Kettle", "I am out of the office until Monday."),
        ("Buy followers", "Cheap followers, link in bio"),
    ],
)
def test_bulk_automatic_replies_and_advertising_are_noise_without_facts(subject: str, text: str):
    understanding = understand(touch(1, text, subject=subject))

    assert understanding.triage == "noise"
    assert understanding.facts == ()


def test_you_wont_is_not_you_won():
    assert understand(touch(1, "So you won't help me?")).triage != "noise"


def test_events_have_no_triage():
    viewed = touch(1, kind="web", direction=Direction.EVENT, attributes={"page": "/kettles"})

    assert understand(viewed).triage == ""


@given(st.text(max_size=300))
def test_any_text_is_read_without_error_and_every_fact_stands_where_it_says(text: str):
    understanding = understand(touch(1, text))

    assert all(text[fact.start : fact.end] == fact.value for fact in understanding.facts if fact.part == "text")


@given(
    st.integers(0, 999),
    st.sampled_from(["07700 900{:03}", "+44 7700 900{:03}", "+44 (0)7700-900-{:03}", "00447700900{:03}"]),
)
def test_one_number_has_one_form_however_it_is_written(last: int, written: str):
    assert e164(written.format(last)) == f"+447700900{last:03}"


@given(st.emails())
def test_making_an_address_comparable_twice_changes_nothing(address: str):
    assert email_key(email_key(address)) == email_key(address)


def test_decimal_marks_of_two_traditions_give_one_amount():
    assert plain_number("1.234,50") == plain_number("1,234.50") == "1234.50"
