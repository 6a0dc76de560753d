"""The caption of the picture, and the beads of a list row."""

from dataclasses import replace
from datetime import timedelta

from tests.core.picture.scenario import NOW, kettle, many
from threadline.core.picture import Story, Turn, beads, waits, words


def test_the_caption_counts_names_who_waits_and_says_what_the_longest_wait_led_to():
    assert words(kettle()) == (
        "12 touches on 6 channels in 12 days. "
        "Ana waits for the fourth time; the second time took 1 d 11 h and Ana went public, on X post."
    )


def test_the_caption_says_when_we_are_the_ones_who_wait():
    story = replace(kettle(), touches=kettle().touches[:3], now=NOW)

    assert (
        words(story)
        == "3 touches on 2 channels in 12 days. Ana waited once, 34 m; now we wait for Ana, 12 d 3 h so far."
    )


def test_the_caption_of_one_touch_is_in_the_singular():
    story = Story((replace(kettle().touches[1], at=NOW - timedelta(hours=3, minutes=12)),), NOW, "Ana")

    assert words(story) == "1 touch on 1 channel in less than a day. Ana waits for us, 3 h 12 m so far."


def test_nobody_waits_when_only_things_happened():
    story = replace(kettle(), touches=kettle().touches[:1])

    assert words(story).endswith("Nobody waits.")


def test_a_wait_goes_on_while_the_person_asks_again():
    found = waits(kettle().touches, until=NOW)

    assert [wait.touch.id for wait in found] == [2, 6, 9, 12]
    assert [wait.over for wait in found] == [True, True, True, False]


def test_a_second_question_on_another_channel_is_what_silence_led_to():
    first, second = kettle().touches[1], kettle().touches[8]
    story = Story((first, replace(second, turn=Turn.OURS)), NOW, "Ana")

    assert words(story).endswith("and led to another try, by X message.")


def test_the_beads_are_the_newest_six_lanes_in_order_of_use():
    strung = beads(kettle())

    assert [bead.channel for bead in strung.shown] == ["email", "post", "dm", "phone", "store", "email"]
    assert [bead.public for bead in strung.shown] == [False, True, False, False, False, False]
    assert (strung.more, strung.turn) == (4, Turn.OURS)
    assert strung.words.startswith("Web, Email, Store 12, Web, Email, public X post")


def test_no_touches_are_no_beads():
    strung = beads(Story((), NOW, "Ana"))

    assert (strung.shown, strung.more, strung.turn) == ((), 0, Turn.NOBODY)


def test_the_twenty_first_time_is_called_so():
    assert "for the 21st time" in words(many(61))
