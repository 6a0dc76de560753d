"""Who is told what about a story, and by which way."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests import make
from tests.push_service import Device, PushService
from threadline.accounts.models import Agent, Event
from threadline.channels import letters
from threadline.core.quiet import Quiet
from threadline.journeys import actions
from threadline.journeys.actions import onlookers
from threadline.journeys.models import Cause, Journey, Notice, NoticeSend, PushBrowser, PushKey, Wishes
from threadline.journeys.notices import browsers, digest, seeing, wishes
from threadline.journeys.notices.pushing import push_due
from threadline.journeys.notices.reasons import USUAL, sentence
from threadline.journeys.notices.telling import GRACE, tell
from threadline.lib.errors import ThreadlineError

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(settings: Any) -> Iterator[PushService]:
    found = PushService()
    settings.PUSH_HOSTS = [found.origin]
    yield found
    found.close()


def held(by: Agent, text: str = "The kettle I bought leaks. Order HP-4711.") -> Journey:
    """A story of Ana's that somebody has."""
    journey = make.journey_of(make.received("ana@example.com", text, at=now()))
    told()
    Journey.objects.filter(pk=journey.pk).update(owner=by)
    journey.refresh_from_db()
    return journey


def now() -> datetime:
    return timezone.now()


def told() -> list[Notice]:
    """Everything that is remembered is told; all notices, oldest first."""
    while tell(now=now()):
        continue
    return list(Notice.objects.order_by("pk"))


def words(notice: Notice) -> str:
    return sentence(notice.reason, notice.said, now=now())


def in_browser(agent: Agent, service: PushService) -> Device:
    device = service.device()
    browsers.let_push(**device.keys(), device="Firefox on Linux", by=agent, now=now())
    return device


def pushed(after: timedelta = GRACE * 2) -> int:
    return push_due(now=now() + after)


def wanted(**more: Any) -> wishes.Wanted:
    return wishes.Wanted(**{"grid": USUAL, **more})


def again(text: str = "Still leaking. Order HP-4711.") -> None:
    make.received("ana@example.com", text, at=now())


# ---- what is told -------------------------------------------------------------------------------------------------


def test_a_story_tells_once_with_the_newest_reason_and_how_many_there_are():
    bo = make.agent("Bo Lindqvist")
    journey = held(bo)

    again()
    again("Please answer about the kettle, order HP-4711.")
    actions.note(journey=journey, text="@bo, look at this", by=make.agent("Cy Moran"), now=now())

    (notice,) = told()
    assert (notice.agent, notice.journey_id, notice.count) == (bo, journey.pk, 3)
    assert words(notice) == "Cy Moran named you in a note"
    assert Cause.objects.count() == 0

    seeing.saw(by=bo, now=now(), journey=journey)
    again()
    (notice,) = told()
    assert (words(notice), notice.count, notice.seen_at) == ("You hold this story and they wrote again", 1, None)


def test_every_reason_says_itself_in_words():
    bo, cy, di = make.agent("Bo Lindqvist"), make.agent("Cy Moran"), make.agent("Di Abara", is_admin=True)
    journey = held(bo)
    said = []

    def next_words(agent: Agent) -> None:
        told()
        said.append(words(Notice.objects.get(agent=agent)))

    actions.assign(journey=journey, owner=cy, team=None, by=bo, now=now())
    next_words(cy)
    brief = {"asked": "a new kettle", "tried": "", "promised": ""}
    actions.hand_over(journey=journey, owner=bo, team=None, **brief, by=cy, now=now())
    next_words(bo)
    due = (now() + timedelta(minutes=20, seconds=5)).isoformat()
    record("promise_warned", journey, kind="first", due=due)
    next_words(bo)
    record("reply_kept_back", journey, draft_of=bo.pk, why="They wrote before.")
    next_words(bo)
    actions.demand_supervisor(journey=journey, words="The manager, now.", by=bo, now=now())
    next_words(di)

    assert said == [
        "Bo Lindqvist gave it to you",
        "Cy Moran handed it to you with a brief",
        "A promise breaks in 20 m",
        "Your planned answer did not go out: They wrote before.",
        "They asked for a supervisor, and you may decide; Bo Lindqvist brought it to you",
    ]


def record(verb: str, journey: Journey, **facts: Any) -> None:
    from threadline.accounts.events import record as recorded

    recorded(verb, at=now(), journey_id=journey.pk, **facts)


def test_nobody_is_told_of_what_they_did_nor_of_what_they_may_not_see_nor_of_old_history():
    bo, cy = make.agent("Bo Lindqvist"), make.agent("Cy Moran")
    journey = held(bo)
    Journey.objects.filter(pk=journey.pk).update(team=make.team("Safe", restricted=True))
    journey.refresh_from_db()

    actions.note(journey=journey, text="Mine.", by=bo, now=now())
    record("noted", journey, mentions=[cy.pk])
    make.received("ana@example.com", "The kettle leaks. Order HP-4711.", at=now() - timedelta(days=30))

    assert told() == []


def test_whoever_gets_a_story_is_told_that_and_not_of_the_touch_that_led_to_it():
    bo = make.agent("Bo Lindqvist")
    journey = make.journey_of(make.received(at=now()))
    actions.assign(journey=journey, owner=bo, team=None, by=make.agent("Cy Moran"), now=now())

    (notice,) = told()
    assert (notice.reason, notice.count) == ("handed", 1)


def test_what_is_muted_is_not_told_until_it_may_speak_again():
    bo = make.agent("Bo Lindqvist")
    journey = held(bo)
    story = seeing.mute(by=bo, now=now(), journey=journey)
    again()
    assert told() == []

    seeing.unmute(number=story.pk, by=bo)
    seeing.mute(by=bo, now=now(), reason="wrote")
    again()
    assert told() == []
    actions.note(journey=journey, text="@bo", by=make.agent("Cy Moran"), now=now())
    assert [each.reason for each in told()] == ["mention"]


def test_a_team_hears_of_what_nobody_has_only_where_it_wishes_to():
    kitchen = make.team("Kitchen")
    bo, cy = make.agent("Bo Lindqvist", kitchen), make.agent("Cy Moran", kitchen)
    wishes.wish(wanted=wanted(grid={**USUAL, "team": ["screen"]}), by=cy, now=now())
    journey = make.journey_of(make.received(at=now()))

    actions.assign(journey=journey, owner=None, team=kitchen, by=make.agent("Di Abara"), now=now())

    assert [(each.agent, words(each)) for each in told()] == [(cy, "It came to Kitchen, and nobody has it")]
    assert not Notice.objects.filter(agent=bo).exists()


# ---- push ---------------------------------------------------------------------------------------------------------


def test_a_push_is_readable_by_the_browser_alone_and_carries_no_words_of_customers(service: PushService):
    bo = make.agent("Bo Lindqvist")
    device, journey = in_browser(bo, service), held(bo)
    again("Still leaking, and my number is secret. Order HP-4711.")
    told()

    assert pushed() == 1
    assert pushed() == 0

    (message,) = device.received
    newest = journey.memberships.order_by("-interaction").values_list("interaction", flat=True)[0]
    assert message["title"] == "You hold this story and they wrote again"
    assert message["url"] == f"/stories/{journey.pk}#touch-{newest}"
    assert not any(b"leak" in body or b"story" in body for body in service.bodies)
    assert "leak" not in str(message)
    assert service.headers[0]["Authorization"].startswith("vapid t=")
    assert service.headers[0]["Topic"] == f"story-{journey.pk}"
    send = NoticeSend.objects.get(way="push")
    assert (send.state, send.to, send.result) == ("sent", "Firefox on Linux", "Taken by the push service.")

    wishes.wish(wanted=wanted(text=True), by=bo, now=now())
    again("It leaks on the floor. Order HP-4711.")
    told()
    pushed()
    assert "It leaks on the floor" in device.received[-1]["body"]


def test_a_push_waits_for_the_end_of_quiet_hours_and_is_not_sent_when_it_was_seen(service: PushService):
    bo = make.agent("Bo Lindqvist")
    device, journey = in_browser(bo, service), held(bo)
    hour, zone = timezone.localtime().hour, timezone.get_current_timezone_name()
    quiet = {"quiet_since": (hour * 60 - 60) % 1440, "quiet_until": (hour * 60 + 120) % 1440}
    wishes.wish(wanted=wanted(**quiet), by=bo, now=now())

    again()
    told()
    again()
    told()
    assert pushed() == 0
    (send,) = NoticeSend.objects.filter(way="push")
    assert send.next_at is not None
    assert send.next_at == Quiet(zone, quiet["quiet_since"], quiet["quiet_until"], ()).ends(now())

    actions.here(journey=journey, by=bo, now=now())
    assert pushed(timedelta(hours=4)) == 1
    send.refresh_from_db()
    assert (send.state, send.result, device.received) == ("left", "You had seen it before.", [])


@pytest.mark.parametrize(
    ("change", "result"),
    [
        (lambda bo, story: Journey.objects.update(owner=None, team=make.team("Safe", restricted=True)), "may not see"),
        (lambda bo, story: onlookers.here(journey=story, by=bo, now=now()) or _unseen(), "You were at the story."),
        (lambda bo, story: seeing.mute(by=bo, now=now(), reason="wrote"), "You muted it."),
        (lambda bo, story: Agent.objects.filter(pk=bo.pk).update(is_active=False), "may not see"),
    ],
    ids=["hidden meanwhile", "at the story", "muted meanwhile", "left meanwhile"],
)
def test_it_is_asked_again_at_the_moment_of_sending(service: PushService, change: Any, result: str):
    bo = make.agent("Bo Lindqvist")
    device, journey = in_browser(bo, service), held(bo)
    again()
    told()

    change(bo, journey)
    pushed()

    send = NoticeSend.objects.get(way="push")
    assert (send.state, device.received) == ("left", [])
    assert result in send.result


def _unseen() -> None:
    Notice.objects.update(seen_at=None)


def test_a_push_service_that_is_down_is_tried_again_and_a_browser_that_is_gone_is_removed(service: PushService):
    bo = make.agent("Bo Lindqvist")
    device, _ = in_browser(bo, service), held(bo)
    again()
    told()
    service.answers = [503]

    pushed()
    send = NoticeSend.objects.get(way="push")
    assert (send.state, send.attempts, send.result) == ("due", 1, "The push service 127.0.0.1 answered 503.")
    assert pushed(timedelta(seconds=15)) == 0
    assert pushed(timedelta(minutes=1)) == 1
    assert len(device.received) == 1

    again()
    told()
    service.answers = [410]
    pushed()
    send = NoticeSend.objects.filter(way="push").latest("pk")
    assert (send.state, send.browser) == ("failed", None)
    assert not PushBrowser.objects.exists()
    assert Event.objects.get(verb="push_stopped").facts["device"] == "Firefox on Linux"


def test_pushing_to_many_asks_as_often_as_pushing_to_few(
    service: PushService, django_assert_max_num_queries: DjangoAssertNumQueries
):
    journey, names = held(make.agent("Bo Lindqvist")), [f"Fay{number} Berg" for number in range(8)]
    agents = [make.agent(name) for name in names]
    devices = [in_browser(agent, service) for agent in agents]
    record("noted", journey, mentions=[agent.pk for agent in agents])
    told()
    browsers.public_key()

    with django_assert_max_num_queries(12 + 2 * len(agents)):  # beside what is written for each
        assert pushed() == len(agents)

    assert all(len(device.received) == 1 for device in devices)


def test_the_key_is_made_once_and_kept_sealed():
    first, private = browsers.public_key(), browsers.sender().private

    assert browsers.public_key() == first
    assert browsers.sender().private == private
    assert PushKey.objects.count() == 1
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select secret from journeys_pushkey")
        assert "PRIVATE" not in cursor.fetchone()[0]


# ---- by mail ------------------------------------------------------------------------------------------------------


def test_the_mail_of_the_day_tells_what_is_still_unseen(monkeypatch: pytest.MonkeyPatch):
    bo = make.agent("Bo Lindqvist")
    make.channel("email", settings={"smtp_host": "127.0.0.1"})
    posted: list[Any] = []
    monkeypatch.setattr(letters, "_hand_over", lambda letter, channel: posted.append(letter))
    wishes.wish(wanted=wanted(digest_at=8 * 60), by=bo, now=now())
    journey, _ = held(bo), held(bo, "A lamp does not shine. Order HP-4712.")
    again()
    again("And the lamp stays dark. Order HP-4712.")
    told()
    Wishes.objects.update(digest_next=now() - timedelta(minutes=1))
    NoticeSend.objects.filter(way="mail").update(next_at=now() - timedelta(minutes=1))
    seeing.saw(by=bo, now=now(), journey=journey)

    assert digest.post_due(now=now()) == 1
    assert digest.post_due(now=now()) == 0
    letters.send(kind="digest", number=bo.pk)
    letters.send(kind="digest", number=bo.pk)

    (letter,) = posted
    assert letter.subject == "One story has news"
    assert "You hold this story and they wrote again" in letter.text
    assert "lamp" not in letter.text
    results = NoticeSend.objects.filter(way="mail").values_list("result", flat=True)
    assert sorted(results) == ["In the mail of that day.", "You had seen it before."]


def test_wishes_are_taken_back_and_what_can_not_be_is_refused():
    bo = make.agent("Bo Lindqvist")
    event = wishes.wish(wanted=wanted(digest_at=480, text=True), by=bo, now=now())
    assert event is not None

    wishes.unwish(event=event, by=bo, now=now())

    kept = Wishes.objects.get()
    assert (kept.digest_at, kept.digest_next, kept.text, kept.grid["wrote"]) == (
        None,
        None,
        False,
        list(USUAL["wrote"]),
    )
    with pytest.raises(ThreadlineError, match="Leave one day"):
        wishes.wish(wanted=wanted(quiet_days=tuple(range(7))), by=bo, now=now())
    with pytest.raises(ThreadlineError, match="no change of yours"):
        wishes.unwish(event=event, by=make.agent("Cy Moran"), now=now())
