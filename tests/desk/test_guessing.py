"""Guessing who is here, what their password is, and what the proxy says about them."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tests import make
from threadline.accounts import tries
from threadline.accounts.models import Event, WrongTry

pytestmark = pytest.mark.django_db


def tried(client: Client, email: str, password: str = "wrong-password", **more: str) -> int:
    return client.post("/sign-in", {"username": email, "password": password}, **more).status_code


def test_one_password_for_everybody_from_one_place_is_guessing_too(client: Client, monkeypatch: pytest.MonkeyPatch):
    bo = make.agent("Bo Lindqvist")
    monkeypatch.setattr(tries, "FROM_ONE_PLACE", 3)
    for number in range(3):
        assert tried(client, f"agent{number}@harbourpine.example") == 422

    assert tried(client, bo.email, make.PASSWORD) == 429
    assert tried(client, bo.email, make.PASSWORD, REMOTE_ADDR="192.0.2.9") == 302


def test_another_address_of_the_same_line_does_not_begin_counting_anew(client: Client, monkeypatch: pytest.MonkeyPatch):
    bo = make.agent("Bo Lindqvist")
    monkeypatch.setattr(tries, "ALLOWED", 2)
    for number in range(2):
        tried(client, bo.email, REMOTE_ADDR=f"2001:db8::{number + 1}")

    assert tried(client, bo.email, make.PASSWORD, REMOTE_ADDR="2001:db8::77") == 429


def test_a_source_that_is_no_address_breaks_nothing(client: Client):
    assert tried(client, "eve@harbourpine.example", REMOTE_ADDR="unknown") == 422
    assert WrongTry.objects.get().source == "0.0.0.0"


def test_a_link_for_a_new_password_is_mailed_three_times_an_hour_and_work_tells_nobody_who_is_here(client: Client):
    cache.clear()
    make.channel("email", settings={"smtp_host": "127.0.0.1", "smtp_port": 9, "smtp_security": "none"})
    bo = make.agent("Bo Lindqvist")

    def jobs_for(email: str, times: int) -> int:
        before = ProcrastinateJob.objects.count()
        for number in range(times):
            client.post("/sign-in/forgotten", {"email": email}, REMOTE_ADDR=f"192.0.2.{number + 1}")
        return ProcrastinateJob.objects.count() - before

    assert jobs_for(bo.email, 5) == 3
    assert jobs_for("nobody@example.com", 1) == 1
    assert Event.objects.filter(verb="password_link_asked_for").count() == 3


def test_the_host_that_somebody_names_stands_in_no_link(client: Client):
    """A link of ours is made of PUBLIC_URL alone, or a stranger would send our mail with their address in it."""
    bo = make.agent("Bo Lindqvist")
    client.force_login(make.agent("Di Moreau", is_admin=True))

    page = client.post(f"/settings/sign-in/agents/{bo.pk}/password-link", HTTP_HOST="evil.example")

    assert page.status_code == 200
    assert "evil.example" not in page.content.decode()


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)",
                                    "https:evil.example", "\thttps://evil.example"])  # fmt: skip
def test_signing_in_leads_nowhere_else(client: Client, onward: str):
    bo = make.agent("Bo Lindqvist")

    answer = client.post(f"/sign-in?next={onward}", {"username": bo.email, "password": make.PASSWORD, "next": onward})

    assert answer.headers["Location"] == "/queue"


def test_signing_in_makes_a_new_session_of_whatever_was_planted(client: Client):
    client.get("/sign-in/new-password/1/made-up")
    session = client.session
    session["planted"] = 1
    session.save()
    planted = session.session_key

    tried(client, make.agent("Bo Lindqvist").email, make.PASSWORD)

    assert client.session.session_key != planted


def test_wrong_tries_are_forgotten_in_time():
    now = timezone.now()
    tries.remember(email="a@example.com", source="192.0.2.1", now=now - timedelta(minutes=11))

    assert tries.paused_until(email="a@example.com", source="192.0.2.1", now=now) is None
