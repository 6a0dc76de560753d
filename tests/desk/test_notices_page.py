"""The bell, the list of notices, and what an agent wishes."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests import make
from tests.journeys.test_notices import again, held, in_browser, service, told
from threadline.accounts.models import Agent, Event
from threadline.journeys import actions
from threadline.journeys.models import Journey, Mute, Notice, NoticeSend, PushBrowser, Wishes

__all__ = ["service"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def bo(client: Client) -> Agent:
    found = make.agent("Bo Lindqvist")
    client.force_login(found)
    return found


def text(client: Client, path: str, **more: Any) -> str:
    answer = client.get(path, **more)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_bell_counts_stories_that_have_news_and_the_list_says_why(client: Client, bo: Agent):
    journey = held(bo)
    again()
    actions.note(journey=journey, text="@bo?", by=make.agent("Cy Moran"), now=timezone.now())
    told()

    page = text(client, "/notices")

    assert 'aria-label="Notices: 1 new"' in page
    assert "Cy Moran named you in a note" in page
    assert "and one more reason" in page
    assert f"/stories/{journey.pk}" in page


def test_seen_is_taken_back_and_what_came_meanwhile_stays_new(client: Client, bo: Agent):
    held(bo)
    again()
    (notice,) = told()

    client.post("/notices/seen", {"upto": str(notice.event_id - 1)})
    assert Notice.objects.unseen().exists()
    done = client.post("/notices/seen", {"upto": str(notice.event_id)}, follow=True).content.decode()
    assert not Notice.objects.unseen().exists()
    assert "Notices: nothing new" in done

    undo = done.split('action="/notices/unseen?')[1].split('"')[0].replace("&amp;", "&")
    client.post(f"/notices/unseen?{undo}")
    assert Notice.objects.unseen().exists()


@pytest.mark.parametrize("what", ["story", "reason"])
def test_a_story_or_a_reason_is_muted_from_the_list_and_let_speak_again(client: Client, bo: Agent, what: str):
    held(bo)
    again()
    (notice,) = told()

    client.post(f"/notices/{notice.pk}/mute", {"what": what})
    again()
    told()
    assert Notice.objects.get().count == 1
    assert "Hear of it again" in text(client, "/notices")

    client.post(f"/notices/mutes/{Mute.objects.get().pk}/end")
    again()
    assert told()[0].count >= 1
    assert not Mute.objects.exists()


def test_what_one_may_not_see_any_more_is_gone_from_list_bell_and_reach(client: Client, bo: Agent):
    journey = held(bo)
    again()
    (notice,) = told()
    Journey.objects.filter(pk=journey.pk).update(owner=None, team=make.team("Safe", restricted=True))

    assert "leaks" not in text(client, "/notices")
    assert "nothing new" in text(client, "/notices/bell")
    assert client.post(f"/notices/{notice.pk}/mute").status_code == 404


def test_looking_at_a_story_makes_its_news_seen(client: Client, bo: Agent):
    journey = held(bo)
    again()
    told()

    client.post(f"/stories/{journey.pk}/here")

    assert not Notice.objects.unseen().exists()


def test_wishes_are_saved_on_the_own_page_and_taken_back(client: Client, bo: Agent):
    form = {"wrote": ["screen", "push"], "mention": ["mail"], "quiet_since": "22:00", "quiet_until": "07:00"}
    done = client.post("/me/notices", {**form, "quiet_days": ["6"], "digest_at": "08:00", "text": "on"}, follow=True)

    kept = Wishes.objects.get()
    assert (kept.grid["wrote"], kept.grid["mention"], kept.grid["handed"]) == (["screen", "push"], ["mail"], [])
    assert (kept.quiet_since, kept.quiet_until, kept.quiet_days, kept.digest_at) == (1320, 420, [6], 480)
    assert 'value="22:00"' in done.content.decode()

    client.post(f"/me/notices/{Event.objects.get(verb='wishes_changed').pk}/undo")
    assert Wishes.objects.get().quiet_since is None


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"quiet_since": "22:00"}, "Say both when"),
        ({"quiet_since": "22:00", "quiet_until": "22:00"}, "Choose another end"),
        ({"quiet_days": list("0123456")}, "Leave one day"),
        ({"digest_at": "noon"}, "Write the time as"),
    ],
    ids=["no end", "no span", "every day", "no time"],
)
def test_wishes_that_can_not_be_are_refused_in_place(client: Client, bo: Agent, form: dict[str, Any], words: str):
    answer = client.post("/me/notices", form)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Wishes.objects.exists()


def test_a_browser_is_let_in_tried_out_and_removed(client: Client, bo: Agent, service: Any):
    device = service.device()
    client.post("/me/browsers", device.keys(), headers={"user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140"})
    browser = PushBrowser.objects.get()
    assert browser.device == "Firefox on Linux"

    done = client.post(f"/me/browsers/{browser.pk}/test", follow=True)
    assert "Sent to Firefox on Linux" in done.content.decode()
    assert device.received[0]["title"] == "It works"

    service.answers = [410]
    done = client.post(f"/me/browsers/{browser.pk}/test", follow=True)
    assert "no longer there" in done.content.decode()
    assert not PushBrowser.objects.exists()


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://push.evil.example/x",
        "http://fcm.googleapis.com/x",
        "https://127.0.0.1/x",
        "https://a@fcm.googleapis.com/",
    ],
)
def test_only_known_push_services_are_called(client: Client, bo: Agent, service: Any, settings: Any, endpoint: str):
    settings.PUSH_HOSTS = ["fcm.googleapis.com"]

    done = client.post("/me/browsers", {**service.device().keys(), "endpoint": endpoint}, follow=True)

    assert "is not among the push services" in done.content.decode()
    assert not PushBrowser.objects.exists()


def test_the_log_tells_an_agent_their_own_and_who_may_audit_everybodys(client: Client, bo: Agent, service: Any):
    in_browser(bo, service)
    held(bo)
    again()
    told()

    own = text(client, "/notices/log")
    assert "In the list behind the bell." in own
    assert "Waits until" in own
    assert client.get("/settings/notices").status_code == 403
    cy = make.agent("Cy Moran")
    client.force_login(cy)
    assert "Nothing was sent yet" in text(client, "/notices/log")

    client.force_login(make.agent("Di Abara", is_admin=True))
    everybodys = text(client, f"/settings/notices?agent={bo.pk}&state=due")
    assert "Bo Lindqvist" in everybodys
    assert "In the list" not in everybodys
    assert "leak" not in everybodys


def test_the_list_is_paged_and_costs_the_same_however_long(
    client: Client, bo: Agent, django_assert_num_queries: DjangoAssertNumQueries
):
    journey = held(bo)
    now = timezone.now()
    for number in range(70):
        journey.pk = 1_000_000 + number
        journey.save(force_insert=True)
        Notice.objects.create(
            agent=bo, journey=journey, reason="wrote", said={}, event_id=number, at=now - timedelta(minutes=number)
        )
    client.get("/notices")

    with django_assert_num_queries(6):
        first = text(client, "/notices")

    assert first.count('id="notice-') == 30
    after = first.split("after=")[1].split('"')[0]
    assert text(client, f"/notices?after={after}").count('id="notice-') == 30


def test_sends_are_forgotten_after_ninety_days(bo: Agent):
    from threadline.journeys.notices.pushing import forget_sends

    held(bo)
    again()
    told()
    NoticeSend.objects.update(at=timezone.now() - timedelta(days=91))

    forget_sends()

    assert not NoticeSend.objects.exists()


def test_the_app_says_its_name_and_the_page_without_a_connection_shows_nobody(client: Client):
    assert client.get("/manifest.webmanifest").json()["display"] == "standalone"
    assert "Nothing about your customers is kept" in text(client, "/offline")
    worker = client.get("/service-worker.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert worker["Cache-Control"] == "no-cache"
