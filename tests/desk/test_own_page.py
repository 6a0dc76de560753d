"""The own page."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests import make
from threadline.accounts import tries
from threadline.accounts.models import Event
from threadline.accounts.signing_in import sessions
from threadline.desk.queries.me import device_in

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
GOOD = "seven kettles in a row"


def signed_in(browser: str = FIREFOX) -> Client:
    client = Client(headers={"user-agent": browser})
    client.post("/sign-in", {"username": "bo@harbourpine.example", "password": make.PASSWORD})
    return client


def about(**more: str) -> dict[str, str]:
    return {"name": "Bo Lindqvist", "handle": "bo", "time_zone": "", **more}


def test_name_handle_and_time_zone_change_and_every_time_follows(client: Client):
    bo = make.agent("Bo Lindqvist")
    touch = make.received(at=datetime(2026, 1, 5, 12, 0, tzinfo=UTC))
    client.force_login(bo)

    client.post("/me/about", about(name="Bo L.", handle="Bo-L", time_zone="Asia/Tokyo"))

    bo.refresh_from_db()
    assert (bo.name, bo.handle, bo.time_zone) == ("Bo L.", "bo-l", "Asia/Tokyo")
    assert "21:00" in client.get(f"/stories/{make.journey_of(touch).pk}").content.decode()
    assert Event.objects.get(verb="own_page_changed").facts["changed"]["name"] == ["Bo Lindqvist", "Bo L."]


@pytest.mark.parametrize(
    "fields",
    [{"handle": "cy"}, {"handle": "two words"}, {"name": "  "}, {"name": "a\x00b"}, {"time_zone": "Mars/Olympus"}],
)
def test_what_can_not_be_is_refused_in_place(client: Client, fields: dict[str, str]):
    bo = make.agent("Bo Lindqvist")
    make.agent("Cy Okafor")
    client.force_login(bo)

    answer = client.post("/me/about", about(**fields))

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    bo.refresh_from_db()
    assert (bo.name, bo.handle, bo.time_zone) == ("Bo Lindqvist", "bo", "")


def test_signing_out_there_ends_that_session_and_no_other():
    make.agent("Bo Lindqvist")
    here, there = signed_in(), signed_in("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/605.1")
    page = here.get("/me").content.decode()
    number = UserSession.objects.get(user_agent__contains="iPhone").pk

    here.post(f"/me/sessions/{number}/end")

    assert "Safari on iPhone" in page
    assert "Firefox on Linux" in page
    assert there.get("/queue").status_code == 302
    assert here.get("/queue").status_code == 200
    assert Event.objects.filter(verb="session_ended").count() == 1


def test_nobody_ends_a_session_of_somebody_else(client: Client):
    make.agent("Bo Lindqvist")
    his = signed_in()
    client.force_login(make.agent("Cy Okafor"))

    answer = client.post(f"/me/sessions/{UserSession.objects.get().pk}/end")

    assert answer.status_code == 404
    assert his.get("/queue").status_code == 200


def test_a_new_password_needs_the_old_one_and_leaves_only_this_session():
    make.agent("Bo Lindqvist")
    here, there = signed_in(), signed_in()

    wrong = here.post("/me/password", {"old": "wrong", "password": GOOD})
    right = here.post("/me/password", {"old": make.PASSWORD, "password": GOOD})

    assert wrong.status_code == 422
    assert right.headers["Location"] == "/me"
    assert here.get("/me").status_code == 200
    assert there.get("/queue").status_code == 302
    assert GOOD not in str(list(Event.objects.values()))


def test_the_old_password_can_not_be_guessed_from_a_screen_left_open():
    make.agent("Bo Lindqvist")
    here = signed_in()
    here.post("/me/password", {"old": "wrong", "password": GOOD})
    for _try in range(tries.ALLOWED - 1):
        tries.remember(email="bo@harbourpine.example", source="127.0.0.1", now=timezone.now())

    assert here.post("/me/password", {"old": make.PASSWORD, "password": GOOD}).status_code == 429


def test_when_a_session_was_last_used_is_kept_every_ten_minutes(django_assert_num_queries: DjangoAssertNumQueries):
    make.agent("Bo Lindqvist")
    here = signed_in()
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    UserSession.objects.update(last_seen_at=long_ago)
    here.get("/me")
    assert UserSession.objects.get().last_seen_at == long_ago
    session = here.session
    session[sessions.SEEN] -= timedelta(minutes=11).total_seconds()
    session.save()

    here.get("/me")

    assert UserSession.objects.get().last_seen_at > long_ago


def test_the_look_is_a_cookie_of_this_browser(client: Client):
    client.force_login(make.agent("Bo Lindqvist"))

    client.post("/me/look", {"theme": "dark", "density": "compact"})

    assert 'data-theme="dark" data-density="compact"' in client.get("/me").content.decode()


def test_the_page_asks_few_questions(client: Client, django_assert_num_queries: DjangoAssertNumQueries):
    client.force_login(make.agent("Bo Lindqvist"))
    client.get("/me")

    # the session, the agent; factors, the rule; what reaches them, to which browsers, by which key; sessions; whose
    # turn it is, where live updates begin
    with django_assert_num_queries(10):
        client.get("/me")


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        ("curl/8.5", "An unknown program"),
        ("", "An unknown program"),
    ],
)
def test_a_browser_is_named_as_people_name_it(program: str, words: str):
    assert device_in(program) == words
