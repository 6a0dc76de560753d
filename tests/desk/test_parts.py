"""The parts of every screen: what they say, and that nothing foreign slips through them."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest
from django.template import engines
from django.test import Client, override_settings
from django.urls import reverse

from tests.desk import parts_page
from tests.desk.parts_page import KINDS, NOW
from threadline.channels.house import HOUSE
from threadline.desk.glyphs import PRIVATE, PUBLIC
from threadline.desk.templatetags.parts import initials_of

DESK = Path(__file__).parents[2] / "src/threadline/desk"
SPRITE = set(re.findall(r'symbol id="([^"]+)"', (DESK / "static/desk/icons.svg").read_text()))


def shown(source: str, **context: object) -> str:
    template = engines["django"].from_string("{% load parts times %}" + source)
    return template.render({"now": NOW, **context})


@pytest.fixture
def page() -> str:
    with override_settings(ROOT_URLCONF="tests.desk.parts_page"):
        return Client().get("/parts/", headers={"cookie": "theme=dark; density=compact"}).content.decode()


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=78), "1 h 18 m ago"),
        (timedelta(hours=4, minutes=12), "today 10:08"),
        (timedelta(hours=18, minutes=54), "yesterday 19:26"),
        (timedelta(days=2), "Tue 17 Nov"),
        (timedelta(days=400), "15 Oct 2025"),
        (timedelta(hours=-1), "today 15:20"),
    ],
)
def test_a_moment_is_told_as_people_tell_it(ago: timedelta, words: str):
    html = shown("{% when at %}", at=NOW - ago)

    assert f">{words}</time>" in html


def test_a_moment_carries_its_exact_time_for_those_who_ask():
    html = shown("{% when at %}", at=datetime(2026, 11, 19, 13, 2, tzinfo=UTC))

    assert 'title="Thu 19 Nov 2026, 13:02"' in html
    assert 'datetime="2026-11-19T13:02:00+00:00"' in html


def test_a_moment_is_shown_in_the_zone_of_the_agent():
    with override_settings(TIME_ZONE="Asia/Tokyo"):
        assert "today 16:20" in shown(
            "{% due at %}", at=datetime(2026, 11, 19, 16, 20, tzinfo=UTC) - timedelta(hours=9)
        )


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(hours=2), "today 16:20"),
        (timedelta(days=1), "tomorrow 14:20"),
        (timedelta(days=8), "Fri 27 Nov, 14:20"),
    ],
)
def test_what_is_to_come_is_always_absolute(ahead: timedelta, words: str):
    assert words in shown("{% due at %}", at=NOW + ahead)


def test_a_clock_says_who_waits_and_since_when():
    html = shown('{% wait since "ours" form="full" %}', since=NOW - timedelta(hours=3, minutes=12))

    assert "Waiting <b>3 h 12 m</b> for us" in html
    assert 'data-turn="ours"' in html
    assert 'title="Since Thu 19 Nov 2026, 11:08"' in html


def test_a_clock_that_does_not_run_is_not_shown():
    assert shown("{% wait since %}{% when since %}{% due since %}", since=None) == ""


def test_durations_have_two_units_at_most():
    assert shown("{{ lasted|duration }}", lasted=timedelta(days=1, hours=11, minutes=59)) == "1 d 11 h"
    assert shown("{{ lasted|duration }}", lasted=160) == "2 m 40 s"
    assert shown("{{ lasted|duration }}", lasted=None) == ""


def test_every_kind_of_channel_has_its_own_glyph_and_name():
    assert set(HOUSE) <= set(PRIVATE)
    for glyph in [*PRIVATE.values(), *PUBLIC.values()]:
        assert f"ch-{glyph.channel}" in SPRITE


def test_a_public_post_and_a_private_message_on_x_look_different():
    assert 'data-channel="post"' in shown('{% glyph "x" True %}')
    assert 'data-channel="post"' in shown('{% glyph "x+public" %}')
    assert 'data-channel="dm"' in shown('{% glyph "x" %}')
    assert shown('Ana {% by_channel "x" True %}, Ana {% by_channel "x" %}') == "Ana on X, Ana by X message"


def test_a_kind_without_a_glyph_is_still_shown_by_its_name():
    assert "fax" in shown('{% glyph "fax" named=True %}')


def test_every_icon_that_a_template_asks_for_is_in_the_sprite():
    templates = [path.read_text() for path in (DESK / "templates").rglob("*.html")]
    asked = {name for text in templates for name in re.findall(r'{% icon "([^"]+)"', text)}

    assert asked
    assert {f"i-{name}" for name in asked} <= SPRITE


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Ana Karlsson", "AK"),
        ("Dr. Wilhelmina Featherstonehaugh-Okonkwo", "WF"),
        ("@pans_and_plants", "PP"),
        ("ليلى حداد", "لح"),
        ("Ana", "A"),
        ("+44 7700 900142", ""),
        ("", ""),
    ],
)
def test_initials_come_from_the_first_and_the_last_name(name: str, initials: str):
    assert initials_of(name) == initials


def test_a_person_without_letters_gets_a_face_and_keeps_the_name():
    html = shown("{% avatar name %}", name="+44 7700 900142")

    assert "i-person" in html
    assert 'aria-label="+44 7700 900142"' in html


@pytest.mark.parametrize("level", ["verified", "observed", "claimed"])
def test_how_a_handle_is_known_is_said_by_shape_and_by_word(level: str):
    html = shown("{% known level %}", level=level)

    assert f"#k-{level}" in html
    assert f">{level}</span>" in html.replace("</svg>", ">")


def test_beads_show_the_newest_six_and_name_all():
    html = shown("{% beads channels 'ours' %}", channels=["email", "email", "x+public", *["store", "phone"] * 3])

    assert "<li data-more>+2</li>" in html
    assert html.count("<svg") == 6
    assert 'aria-label="Email, public X post, Store, Phone, Store, Phone, Store, Phone"' in html


def test_why_gives_the_reason_how_sure_and_who_decided():
    decision = SimpleNamespace(reason="She gives order HP-4711.", confidence=0.93, by="rule", version="order 3")

    html = shown('{% why decision "Why here" %}<button>Undo</button>{% endwhy %}', decision=decision)

    assert "She gives order HP-4711." in html
    assert "very sure (0.93)" in html
    assert "the rule order 3" in html
    assert "<button>Undo</button>" in html


def test_why_names_the_colleague_who_decided():
    decision = SimpleNamespace(reason="Moved.", confidence=1, by="agent", agent=SimpleNamespace(name="Bo Lindqvist"))

    assert "<dd>Bo Lindqvist" in shown("{% why decision %}{% endwhy %}", decision=decision)


def test_without_a_decision_there_is_no_why():
    assert shown("{% why decision %}x{% endwhy %}", decision=None) == ""


@pytest.mark.parametrize(
    "source",
    [
        "{% avatar evil %}",
        "{% glyph evil named=True %}",
        "{% beads channels %}",
        "{% empty evil %}{{ evil }}{% endempty %}",
        "{% banner 'alert' %}{{ evil }}{% endbanner %}",
        "{% why decision evil %}{{ evil }}{% endwhy %}",
        "{% include 'desk/parts/toast.html' with text=evil %}",
    ],
)
def test_foreign_text_never_becomes_markup(source: str):
    evil = "<script>alert('x')</script>"
    decision = SimpleNamespace(reason=evil, confidence=0.5, by="rule", version=evil)

    html = shown(source, evil=evil, channels=[evil], decision=decision)

    assert "<script" not in html
    assert "&lt;script" in html


def test_the_page_needs_no_inline_script_or_style(page: str):
    assert not re.findall(r"<script(?![^>]*\bsrc=)", page)
    assert not re.findall(r"<style|\sstyle=|\son[a-z]+=", page)


def test_theme_and_density_are_right_in_the_first_frame(page: str):
    assert 'data-theme="dark"' in page
    assert 'data-density="compact"' in page


def test_the_frame_offers_only_what_exists(page: str):
    with override_settings(ROOT_URLCONF="tests.desk.parts_page"):
        places = {reverse(name) for name in parts_page.OTHERS}

    links = set(re.findall(r'(?:href|action)="(/[^"#]*)"', page.partition("<main")[0]))

    assert {link for link in links if not link.startswith("/static/")} <= places


def test_every_part_is_on_the_page_of_parts(page: str):
    assert page.count("data-channel=") > len(KINDS)
    assert all(
        part in page for part in ('class="why"', 'class="empty"', 'class="banner"', 'class="skeleton"', "data-toast")
    )


@pytest.mark.parametrize("name", ["404.html", "403.html", "403_csrf.html", "500.html", "desk/sign_in.html"])
def test_pages_that_say_one_thing_have_a_heading_and_no_bar(name: str):
    html = engines["django"].get_template(name).render({"form": AuthenticationForm()})

    assert html.count("<h1") == 1
    assert 'class="bar"' not in html


@pytest.mark.parametrize(("headers", "whole"), [({}, True), ({"HTTP_HX_REQUEST": "true"}, False)])
@override_settings(ROOT_URLCONF="tests.desk.parts_page")
def test_a_refusal_is_a_page_or_a_toast(headers: dict[str, str], whole: bool):
    request = HttpRequest()
    request.META |= headers

    html = engines["django"].get_template("desk/refused.html").render({"error": "Choose a later time."}, request)

    assert "Choose a later time." in html
    assert ("<html" in html) is whole
    assert ("data-refused" in html) is not whole
