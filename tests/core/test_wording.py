"""What a draft asks for, where it says can't, what a macro leaves open, and what marks become."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadline.core.macros import PLACES, filled, open_places, unknown_places
from threadline.core.mail.rich import rich
from threadline.core.wording import about, asks_for, cannot, refuses, sentences

WORDS = st.text(max_size=200)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Could you send me your order number, please?", ["order"]),
        ("Please tell us your phone number and your postcode.", ["phone", "postcode"]),
        ("What is your email address?", ["email"]),
        ("Which product did you buy?", ["product"]),
        ("Können Sie mir bitte die Bestellnummer nennen?", ["order"]),
        ("Kunt u uw telefoonnummer doorgeven?", ["phone"]),
        ("Pourriez-vous indiquer votre numéro de commande ?", ["order"]),
        ("¿Puede indicar su número de pedido?", ["order"]),
        ("Your order number stands on the slip. Thank you for your patience.", []),
        ("I have put your phone number on the label.", []),
    ],
)
def test_a_draft_that_asks_for_something_says_for_what(text: str, names: list[str]):
    assert [each.name for each in asks_for(text)] == names


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We can't refund this.", "can't"),
        ("Unfortunately it is not possible to exchange it.", "not possible"),
        ("I am unable to send it today.", "unable to"),
        ("Wir können das leider nicht erstatten.", "können das leider nicht"),
        ("Nous ne pouvons pas rembourser.", "ne pouvons pas"),
        ("If you can't find it, write to us.", ""),
        ("You can’t return it without the box?", ""),
        ("I can't wait to hear how it works.", ""),
        ("We cannot thank you enough.", ""),
        ("We can refund this.", ""),
    ],
)
def test_a_cant_of_ours_is_told_from_theirs_and_from_idioms(text: str, words: str):
    assert cannot(text) == words


def test_a_cant_is_about_a_policy_when_all_words_of_a_phrase_are_near():
    subjects = {1: ["late return", "return after 30 days"], 2: ["price match"]}

    assert [each.subject for each in refuses("You ask for late returns. We can't do that.", subjects)] == [1]
    assert [each.subject for each in refuses("We cannot match a price from elsewhere.", subjects)] == [2]
    assert refuses("We can't find your parcel.", subjects) == []
    assert refuses("Late returns are fine. Thank you. We can't find it.", subjects) == []


@given(WORDS)
def test_whatever_is_written_a_sentence_is_part_of_it_and_nothing_is_lost(text: str):
    told = "".join("".join(sentences(text)).split())

    assert told == "".join(text.split())
    assert all(cannot(each) in each for each in sentences(text))
    asks_for(text)


@given(st.sampled_from(PLACES), WORDS, WORDS)
def test_a_place_is_filled_or_stays_open_in_brackets(place: str, value: str, other: str):
    text = f"Dear {{{place.upper().replace(' ', '_')}}}, {other}"

    assert filled(text, {place: value or "Ana"}).text.startswith(f"Dear {value or 'Ana'}, ")
    assert place in open_places(filled(text, {}).text)


def test_a_place_that_nothing_fills_is_named():
    assert unknown_places("{first name} {ordr} {First_Name}") == ["ordr"]
    assert about("The exchanging of lamps", ["exchange lamp"])


def test_marks_become_html_and_readable_text():
    said = rich("**Good news**, *Ana*:\n\n- a [label](https://post.example/1)\n- a kettle\n\nBo")

    assert said.text == "Good news, Ana:\n\n- a label (https://post.example/1)\n- a kettle\n\nBo"
    assert "<strong>Good news</strong>, <em>Ana</em>" in said.html
    assert '<a href="https://post.example/1" rel="noopener noreferrer nofollow">label</a>' in said.html
    assert rich("5 * 3 = 15, a_b\nBo").html == ""


@given(WORDS)
def test_no_text_becomes_html_that_acts(text: str):
    html = rich(f"**x** [a](javascript:alert(1)) <img src=x onerror=y> {text}").html

    assert set(re.findall(r"<\s*/?\s*([a-zA-Z]+)", html)) <= {"a", "br", "em", "li", "ol", "p", "strong", "ul"}
    assert not re.search(r"<[^>]*(?:javascript:|\son\w+\s*=)", html)
