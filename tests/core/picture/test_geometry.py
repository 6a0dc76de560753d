"""The numbers of the picture: the story of the kettle as the design draws it, and what holds for every story."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings

from tests.core.picture.scenario import NOW, kettle, many, november, stories
from threadline.core.picture import Promise, Turn
from threadline.core.picture.days import NEAR, NEAREST
from threadline.core.picture.flags import flags
from threadline.core.picture.labels import labels
from threadline.core.picture.layout import small_layout, wide_layout
from threadline.core.picture.line import path

DESIGNED_XS = (144, 218, 304.5, 457, 521, 585, 649, 713, 811, 916, 980, 1106.5, 1188, 1296)


def test_every_touch_due_time_and_now_stand_where_the_design_puts_them():
    layout = wide_layout(kettle(), room=1392)

    assert layout.axis.xs == pytest.approx(DESIGNED_XS, abs=0.5)
    assert layout.width == 1392


def test_public_lanes_lie_on_top_and_the_others_in_order_of_first_use():
    lanes = wide_layout(kettle(), room=1392).lanes

    assert [lane.name for lane in lanes.lanes] == ["X post", "Web", "Email", "Store 12", "X message", "Phone"]
    assert [lane.y for lane in lanes.lanes] == [47, 81, 115, 149, 183, 217]
    assert (lanes.waterline, lanes.bottom, lanes.gutter) == (64, 234, 118)


def test_the_folds_are_cut_where_the_design_cuts_them():
    folds = wide_layout(kettle(), room=1392).axis.folds

    assert [fold.x for fold in folds] == pytest.approx([489, 553, 617, 681, 948], abs=0.5)


def test_the_line_runs_along_the_lane_is_pleated_at_the_fold_and_climbs_to_the_next_touch():
    segments = wide_layout(kettle(), room=1392).segments

    assert path(segments[1]) == '<path class="line" data-turn="ours" d="M218 115H304.5"/>'
    assert "M585 115H602h6l3-5 4 10 4-10 4 10 3-5h6H669C693.2 115 688.8 47 713 47" in path(segments[5])


def test_the_day_before_a_near_day_drops_its_month():
    names = [mark.name for mark in wide_layout(kettle(), room=1392).days]

    assert names == ["Sat 7 Nov", "Mon 16", "Tue 17 Nov", "Wed 18 Nov", "Thu 19 Nov"]


def test_the_long_waits_are_written_and_the_labels_stand_beside_their_touches():
    placed = {label.words: label for label in labels(wide_layout(kettle(), room=1392))}

    assert (placed["waited 1 d 11 h for us"].x, placed["waited 1 d 11 h for us"].y) == (595, 133)
    assert (placed["waiting 1 h 18 m"].x, placed["waiting 1 h 18 m"].anchor) == (1289, "end")
    assert (placed["£64 until Sunday"].x, placed["£64 until Sunday"].y) == (314.5, 109)
    assert placed["Buys the Tern"].y == 165
    assert placed["Bo calls, 6 min"].y == 233


def test_kept_broken_and_open_promises_fly_where_the_design_flies_them():
    broken, kept, open_one = flags(wide_layout(kettle(), room=1392))

    assert (broken.start, broken.end, broken.late_until, broken.note) == (585, 649, 811, "7 h 41 m late")
    assert (kept.state, kept.start, kept.end) == ("kept", 916, 980)
    assert (open_one.state, open_one.start, open_one.end, open_one.note) == ("open", 998, 1334, "16:00")


def test_the_small_picture_begins_after_a_fold_as_the_design_does():
    layout = small_layout(kettle(), room=676)

    assert layout.axis.xs == pytest.approx((130, 178, 226, 274, 333, 396, 444, 520, 569, 634), abs=0.5)
    assert [lane.y for lane in layout.lanes.lanes] == [46, 78, 110, 142, 174, 206]
    assert [mark.name for mark in layout.days] == ["Mon 16", "Tue 17 Nov", "Wed 18 Nov", "Thu 19 Nov"]


def test_promises_that_would_lie_on_each_other_take_two_rows():
    again = Promise(november("17 08:14"), november("19 12:00"), None, "a refund")
    story = replace(kettle(), promises=(*kettle().promises, again))

    assert {flag.row for flag in flags(wide_layout(story, room=1392))} == {0, 1}


def test_a_promise_on_another_day_has_room_for_its_weekday():
    story = replace(kettle(), promises=(Promise(november("19 10:08"), november("25 10:00")),))

    (flag,) = flags(wide_layout(story, room=1392))

    assert flag.note == "Wed 10:00"
    assert flag.right < 1392


def test_one_touch_long_ago_fills_the_room_with_its_fold():
    story = replace(kettle(), touches=kettle().touches[5:6], promises=())

    layout = wide_layout(story, room=1392)

    assert layout.now_x == 1296
    assert len(layout.axis.folds) == 1


def test_a_story_too_long_for_its_room_is_squeezed_a_little_and_then_grows():
    layout = wide_layout(many(60), room=1392)

    assert layout.width > 1392
    assert layout.width == layout.now_x + 96


@settings(max_examples=60, deadline=None)
@given(stories())
def test_time_only_ever_runs_to_the_right(story):
    for layout in (wide_layout(story, room=1200), small_layout(story, room=640)):
        assert all(before < after for before, after in pairwise(layout.axis.xs))


@settings(max_examples=60, deadline=None)
@given(stories())
def test_day_names_keep_their_distance_from_each_other_and_from_now(story):
    layout = wide_layout(story, room=1200)
    named = [mark for mark in layout.days if mark.name]

    for before, after in pairwise(named):
        assert after.x - before.x >= (NEAREST if before.name.count(" ") == 1 else NEAR)
    assert all(mark.x < layout.now_x - NEAREST for mark in named)


@settings(max_examples=60, deadline=None)
@given(stories())
def test_a_promise_is_never_in_a_fold(story):
    layout = wide_layout(story, room=1200)

    for flag in flags(layout):
        assert not any(fold.x - 7 <= flag.end <= fold.x + 7 for fold in layout.axis.folds)


@settings(max_examples=60, deadline=None)
@given(stories())
def test_nobodys_line_is_never_taut(story):
    for segment in wide_layout(story, room=1200).segments:
        assert segment.turn is not Turn.NOBODY or not segment.pleats


@settings(max_examples=60, deadline=None)
@given(stories())
def test_words_never_lie_on_words_or_on_now(story):
    layout = wide_layout(story, room=1200)
    boxes = [_box(label) for label in labels(layout)]

    assert all(right <= layout.now_x - 6 for _, right, _ in boxes)
    for index, (left, right, y) in enumerate(boxes):
        for other_left, other_right, other_y in boxes[index + 1 :]:
            assert abs(y - other_y) >= 12 or right <= other_left or other_right <= left


def test_a_touch_from_a_clock_ahead_of_ours_moves_now_and_breaks_nothing():
    ahead = replace(kettle().touches[-1], at=NOW + timedelta(minutes=3))

    layout = wide_layout(replace(kettle(), touches=(ahead,), promises=()), room=1392)

    assert layout.now_x > layout.nodes[0].x


def _box(label):
    width = len(label.words) * (6.2 if label.kind == "wait" else 6.0)
    left = label.x - width if label.anchor == "end" else label.x
    return left, left + width, label.y
