"""The SVG of the picture: well formed, every touch one link, hostile words harmless."""

import re
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from tests.core.picture.scenario import HOSTILE, NOW, kettle, many, stories
from threadline.core.picture import Story, Turn, small, tall, wide
from threadline.core.touch import Direction


def links(svg: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter("a"))


def test_every_touch_is_one_link_with_its_sentence():
    for svg in (wide(kettle(), room=1392), tall(kettle())):
        found = links(svg)

        assert [link.get("href") for link in found] == [touch.href for touch in kettle().touches]
        for link, touch in zip(found, kettle().touches, strict=True):
            assert link.get("aria-label", "").startswith(touch.sentence)


def test_they_are_discs_we_are_squares_events_are_diamonds_and_public_wears_a_ring():
    by_id = {link.get("href"): link for link in links(wide(kettle(), room=1392))}

    assert by_id["#t2"].find("circle[@class='shape']") is not None
    assert by_id["#t3"].find("rect[@class='shape']") is not None
    assert by_id["#t4"].find("path[@class='shape']") is not None
    assert by_id["#t7"].find("circle[@class='ring']") is not None
    assert by_id["#t2"].find("circle[@class='ring']") is None


def test_the_picture_names_itself_in_words_unless_a_heading_names_it():
    by_itself, by_heading = wide(kettle(), room=1392), wide(replace(kettle(), named_by="story-name"), room=1392)

    assert 'aria-label="12 touches on 6 channels in 12 days.' in by_itself
    assert 'aria-labelledby="story-name"' in by_heading


def test_the_icons_come_from_where_the_page_keeps_them():
    story = replace(kettle(), icons="/static/desk/icons.svg#")

    for svg in (wide(story, room=1392), tall(story), small(story, room=676).svg):
        assert 'href="/static/desk/icons.svg#ch-email"' in svg


def test_an_unknown_channel_still_has_a_sign():
    touch = replace(kettle().touches[0], channel="telepathy")

    assert 'href="#ch-signal"' in wide(replace(kettle(), touches=(touch,)), room=1392)


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "//evil.example.com"]
)
def test_a_link_that_leaves_the_web_leads_nowhere(href):
    touch = replace(kettle().touches[0], href=href)

    (link,) = links(wide(replace(kettle(), touches=(touch,)), room=1392))

    assert link.get("href") == "#"


def test_colour_is_left_to_the_page():
    pictures = (wide(kettle(), room=1392), tall(kettle()), wide(many(300), room=1392), tall(many(300)))

    assert not any(re.search(r'style=|fill=|stroke="', svg) for svg in pictures)


def test_only_the_small_picture_leaves_touches_out_and_says_so():
    preview = small(kettle(), room=676)

    assert len(links(preview.svg)) == 8
    assert preview.words == "Since Mon 16 Nov. 4 touches before that."


def test_above_sixty_touches_a_run_becomes_one_node_with_its_count():
    touch = kettle().touches[1]
    run = tuple(replace(touch, id=n, at=NOW - timedelta(seconds=600 - n)) for n in range(61))

    (link,) = links(wide(replace(kettle(), touches=run, promises=()), room=1392))

    assert link.get("aria-label") == f"61 touches in a row, the first: {touch.sentence}"
    assert "".join(link.itertext()).endswith("61")


def test_above_two_hundred_touches_months_are_counted_and_the_last_eight_stand_alone():
    story = many(214, every=timedelta(hours=23))
    found = links(wide(story, room=1392))
    alone = [link for link in found if link.get("class") != "pills"]
    counted = [link for link in found if link.get("class") == "pills"]

    assert [link.get("aria-label") for link in alone] == [touch.sentence for touch in story.touches[-8:]]
    assert sum(int("".join(link.find("text").itertext())) for link in counted) == 206
    assert counted[0].get("aria-label", "").startswith("Apr: 3 touches on Email")


def test_a_thousand_touches_of_one_day_are_counted_by_the_day():
    svg = wide(many(1000, every=timedelta(seconds=40)), room=1392)

    assert "Thu 19 Nov: " in svg
    assert ElementTree.fromstring(svg).get("width") == "1392"


def test_no_touches_make_no_picture():
    empty = Story((), NOW, "Ana")

    assert (wide(empty, room=1392), tall(empty), small(empty, room=676).svg) == ("", "", "")


def test_events_alone_leave_a_dotted_line():
    quiet = tuple(replace(t, direction=Direction.EVENT, turn=Turn.NOBODY) for t in kettle().touches)
    svg = wide(replace(kettle(), touches=quiet, promises=(), likely=None), room=1392)

    assert set(re.findall(r'data-turn="(\w+)"', svg)) == {"nobody"}


@settings(max_examples=80, deadline=None)
@given(stories())
def test_every_picture_is_well_formed_complete_and_always_the_same(story):
    for draw in (lambda: wide(story, room=1200), lambda: tall(story)):
        svg = draw()

        assert len(links(svg)) == len(story.touches)
        assert svg == draw()
    ElementTree.fromstring(small(story, room=640).svg)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(words):
    hostile = tuple(replace(t, label=words, sentence=words, lane=words, href=words) for t in kettle().touches)
    story = replace(kettle(), touches=hostile, person=words, named_by="")

    for svg in (wide(story, room=1392), tall(story), small(story, room=676).svg):
        tags = {element.tag for element in ElementTree.fromstring(svg).iter()}
        assert tags <= {"svg", "g", "a", "title", "path", "circle", "rect", "text", "use"}
