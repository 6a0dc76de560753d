"""Short videos: made in a story, sent as a link, played without signing in, answered, withdrawn."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests import make
from threadline.accounts.models import Agent, Event
from threadline.core.captions import moment, webvtt
from threadline.interactions.models import Delivery, Interaction, Upload
from threadline.journeys import actions
from threadline.journeys.actions.reply import Way
from threadline.journeys.models import Journey
from threadline.portal.actions import filming
from threadline.portal.models import Film, Viewing

WEBM = b"\x1aE\xdf\xa3" + bytes(range(256)) * 8
pytestmark = pytest.mark.django_db


@pytest.fixture
def bo(client: Client) -> Agent:
    agent = make.agent("Bo Lindqvist", make.team("Kitchen"))
    client.force_login(agent)
    return agent


@pytest.fixture
def story(bo: Agent) -> Journey:
    make.channel("email")
    return make.journey_of(make.received("ana@example.com", name="Ana Karlsson"))


def made(client: Client, story: Journey, **more: object) -> Film:
    file = SimpleUploadedFile("video.webm", WEBM)
    answer = client.post(reverse("film-new", args=[story.pk]), {"film": file, "seconds": "10", **more})
    assert answer.status_code == 200, answer.content
    film = Film.objects.get(pk=answer.json()["film"])
    assert answer.json()["address"] == film.address
    return film


def sent(film: Film, story: Journey, by: Agent, *, hold: timedelta = timedelta(0)) -> Interaction:
    thread = Interaction.objects.filter(memberships__journey=story).select_related("thread__channel").first().thread
    way = Way(thread.channel, thread.reply_address, thread)
    return actions.reply(
        journey=story, text=f"Dear Ana, look: {film.address}", way=way, by=by, now=timezone.now(), hold=hold
    )


def test_a_video_is_open_to_whoever_has_its_link_once_it_went_out_and_to_nobody_else(
    client: Client, bo: Agent, story: Journey
):
    film, anybody = made(client, story), Client()
    page, media = (reverse(name, args=[film.token]) for name in ("film", "film-media"))
    assert anybody.get(page).status_code == 410

    sent(film, story, bo)

    shown = anybody.get(page)
    assert shown.status_code == 200
    assert shown["Referrer-Policy"] == "no-referrer"
    assert not shown.cookies
    part = anybody.get(media, headers={"range": "bytes=2-5"})
    assert (part.status_code, b"".join(part), part["Content-Range"]) == (206, WEBM[2:6], f"bytes 2-5/{len(WEBM)}")
    assert (part["Content-Type"], part["X-Content-Type-Options"]) == ("video/webm", "nosniff")
    assert "sandbox" in part["Content-Security-Policy"]
    assert b"".join(anybody.get(media)) == WEBM
    assert b"".join(anybody.get(media, headers={"range": "bytes=-3"})) == WEBM[-3:]
    assert anybody.get(media, headers={"range": f"bytes={len(WEBM)}-"}).status_code == 416
    changed = film.token[:-1] + ("A" if film.token[-1] != "A" else "B")
    assert anybody.get(reverse("film", args=[changed])).status_code == 410
    assert anybody.get(reverse("film", args=[f"{film.key}x:{film.token.partition(':')[2]}"])).status_code == 410
    Film.objects.update(ends_at=timezone.now(), made_at=timezone.now() - timedelta(days=61))
    assert anybody.get(media).status_code == 410


def test_it_is_told_once_for_each_time_that_it_is_played_and_nothing_more(client: Client, bo: Agent, story: Journey):
    film = made(client, story)
    touch = sent(film, story, bo)
    seen = reverse("film-seen", args=[film.token])

    for once in ("first-opening", "first-opening", "second-opening", "x"):
        Client().post(seen, {"once": once})

    events = Event.objects.filter(verb="film_viewed")
    assert [event.interaction_id for event in events] == [touch.pk, touch.pk]
    assert {event.journey_id for event in events} == {story.pk}
    assert all(set(event.facts) == {"film"} for event in events)
    assert {field.name for field in Viewing._meta.fields} == {"id", "film", "once", "at"}
    page = client.get(reverse("story", args=[story.pk])).content.decode()
    assert page.count("saw that the video was played") == 2
    assert "played 2 times" in page


def test_what_they_answer_below_it_is_their_touch_in_the_same_story(client: Client, bo: Agent, story: Journey):
    film = made(client, story)
    touch = sent(film, story, bo)
    address = reverse("film-reply", args=[film.token])

    assert Client().post(address, {"text": " ", "once": "opening-1"}).status_code == 422
    for _ in range(2):
        answer = Client().post(address, {"text": "How kind! It works <b>now</b>.", "once": "opening-1"})
        assert "It works &lt;b&gt;now&lt;/b&gt;." in answer.content.decode()
    make.process()

    reply = Interaction.objects.get(direction="in", attributes__film=film.pk)
    assert (reply.text, reply.thread, reply.kind) == ("How kind! It works <b>now</b>.", touch.thread, "email")
    assert make.journey_of(reply) == story
    assert make.customer_of(reply) == story.customer_id
    story.refresh_from_db()
    assert story.status == Journey.Status.OPEN


def test_taking_the_answer_back_or_withdrawing_the_video_closes_its_page(client: Client, bo: Agent, story: Journey):
    film = made(client, story)
    page = reverse("film", args=[film.token])
    held = sent(film, story, bo, hold=timedelta(seconds=10))
    assert Client().get(page).status_code == 410
    actions.take_back(interaction=held, by=bo, now=timezone.now())
    assert Client().get(page).status_code == 410

    sent(film, story, bo)
    assert Client().get(page).status_code == 200
    Delivery.objects.filter(interaction__direction="out").exclude(state="withdrawn").update(state="sent")
    client.post(reverse("film-withdraw", args=[film.pk]))
    assert Client().get(page).status_code == 410
    client.post(reverse("film-back", args=[film.pk]))
    assert Client().get(page).status_code == 200
    assert Event.objects.filter(verb__in=["film_withdrawn", "film_put_back"], journey_id=story.pk).count() == 2


def test_only_videos_go_and_captions_must_be_readable(client: Client, bo: Agent, story: Journey):
    address = reverse("film-new", args=[story.pk])
    for name, data in (("video.webm", b"MZ"), ("page.html", b"<html>"), ("a.png", b"\x89PNG\r\n\x1a\nxxxx")):
        answer = client.post(address, {"film": SimpleUploadedFile(name, data), "seconds": "10"})
        assert answer.status_code == 422, name
    too_long = client.post(address, {"film": SimpleUploadedFile("v.webm", WEBM), "seconds": "130"})
    assert too_long.status_code == 422
    assert not Film.objects.exists()

    film = made(client, story, captions="Hello Ana. This is the ring.")
    assert film.captions.startswith("WEBVTT\n\n00:00:00.000 --> 00:00:0")
    wrong = client.post(reverse("film-caption", args=[film.pk]), {"captions": "WEBVTT\n\nno times"})
    assert wrong.status_code == 422
    sent(film, story, bo)
    got = Client().get(reverse("film-captions", args=[film.token]))
    assert got["Content-Type"].startswith("text/vtt")
    assert "This is the ring." in got.content.decode()


def test_a_video_that_was_never_sent_is_forgotten_and_one_that_was_is_kept(client: Client, bo: Agent, story: Journey):
    kept, gone = made(client, story), made(client, story)
    sent(kept, story, bo)
    Film.objects.filter(pk=gone.pk).update(made_at=timezone.now() - timedelta(days=31))

    filming.forget_films()

    assert list(Film.objects.values_list("pk", flat=True)) == [kept.pk]
    assert Upload.objects.count() == 1


def test_another_teams_agent_finds_no_video(client: Client, bo: Agent, story: Journey):
    film = made(client, story)
    Journey.objects.update(team=make.team("Trust", restricted=True))
    client.force_login(make.agent("Cy Moran", make.team("Garden")))

    assert client.get(reverse("film-look", args=[film.pk])).status_code == 404
    assert client.post(reverse("film-withdraw", args=[film.pk])).status_code == 404
    assert client.post(reverse("film-new", args=[story.pk])).status_code == 404


# ---- captions ------------------------------------------------------------------------------------------------------


@given(st.text(max_size=400), st.integers(0, 120))
def test_plain_words_become_captions_that_are_read_back_as_they_are(words: str, seconds: int):
    try:
        once = webvtt(words, seconds=seconds)
    except ValueError:
        assert words.replace("\0", "").lstrip("\ufeff").strip().startswith("WEBVTT")
        return

    if once:
        assert once.startswith("WEBVTT\n\n")
        assert webvtt(once, seconds=seconds) == once


@given(st.integers(0, 10**8))
def test_moments_are_written_so_that_they_sort(milliseconds: int):
    assert moment(milliseconds) < moment(milliseconds + 1)


def test_captions_keep_times_and_words_and_lose_styles_and_notes():
    head = "WEBVTT - lunch\r\n\r\nNOTE ours\r\n\r\nSTYLE\r\n::cue {}\r\n\r\n"
    written = f"{head}1\r\n00:01.500 --> 00:04.000 align:start\r\nHello\r\nAna"

    assert webvtt(written, seconds=10) == "WEBVTT\n\n00:00:01.500 --> 00:00:04.000\nHello\nAna\n"
