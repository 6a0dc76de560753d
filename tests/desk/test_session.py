"""Signing in and out."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from threadline.accounts import tries
from threadline.accounts.models import WrongTry

pytestmark = pytest.mark.django_db


def sign_in(client: Client, password: str = make.PASSWORD, *, email: str = "bo@harbourpine.example", **more: str):
    return client.post(reverse("sign-in"), {"username": email, "password": password, **more})


def test_an_agent_signs_in_and_lands_in_the_queue(client: Client):
    make.agent("Bo Lindqvist")

    response = sign_in(client)

    assert response.status_code == 302
    assert response.headers["Location"] == reverse("queue")


def test_whoever_was_on_the_way_somewhere_gets_there(client: Client):
    make.agent("Bo Lindqvist")

    response = sign_in(client, next="/search?q=kettle")

    assert response.headers["Location"] == "/search?q=kettle"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example"]
)
def test_nobody_is_led_to_another_host(client: Client, elsewhere: str):
    make.agent("Bo Lindqvist")

    response = sign_in(client, next=elsewhere)

    assert response.headers["Location"] == reverse("queue")


def test_a_wrong_password_says_so_and_keeps_the_address(client: Client):
    make.agent("Bo Lindqvist")

    response = sign_in(client, "wrong")

    assert response.status_code == 422
    assert "did not match" in response.content.decode()
    assert "bo@harbourpine.example" in response.content.decode()


def test_after_ten_wrong_tries_the_right_password_waits_too_and_the_page_says_until_when(client: Client):
    make.agent("Bo Lindqvist")
    for _try in range(tries.ALLOWED):
        sign_in(client, "wrong")

    response = sign_in(client)

    assert response.status_code == 429
    assert "ten wrong tries" in response.content.decode()
    assert "did not match" not in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_nine_wrong_tries_and_then_the_right_password_begin_anew(client: Client):
    make.agent("Bo Lindqvist")
    for _try in range(tries.ALLOWED - 1):
        sign_in(client, "wrong")

    assert sign_in(client).status_code == 302
    assert WrongTry.objects.count() == 0


def test_the_pause_is_over_ten_minutes_after_the_first_of_the_tries(client: Client):
    make.agent("Bo Lindqvist")
    now = timezone.now()
    for minute in range(tries.ALLOWED):
        tries.remember(email="Bo@harbourpine.example ", source="127.0.0.1", now=now - timedelta(minutes=minute / 2))

    until = tries.paused_until(email="bo@harbourpine.example", source="127.0.0.1", now=now)

    assert until is not None
    assert now < until < now + tries.WITHIN
    assert tries.paused_until(email="bo@harbourpine.example", source="127.0.0.1", now=until) is None


def test_somebody_elses_guesses_from_elsewhere_lock_nobody_out(client: Client):
    make.agent("Bo Lindqvist")
    for _try in range(tries.ALLOWED):
        tries.remember(email="bo@harbourpine.example", source="203.0.113.9", now=timezone.now())

    assert sign_in(client).status_code == 302


def test_old_tries_are_forgotten_and_no_password_is_ever_kept(client: Client):
    tries.remember(email="bo@harbourpine.example", source="203.0.113.9", now=timezone.now() - timedelta(hours=1))

    sign_in(client, "a-secret-typed-wrong")

    assert [kept.email for kept in WrongTry.objects.all()] == ["bo@harbourpine.example"]
    assert "a-secret-typed-wrong" not in str(WrongTry.objects.values())


def test_signing_out_needs_a_post_and_ends_the_session(client: Client):
    client.force_login(make.agent("Bo Lindqvist"))

    assert client.get(reverse("sign-out")).status_code == 405
    response = client.post(reverse("sign-out"))

    assert response.headers["Location"] == reverse("sign-in")
    assert client.get(reverse("queue")).status_code == 302


def test_who_is_signed_in_already_goes_on_to_the_queue(client: Client):
    client.force_login(make.agent("Bo Lindqvist"))

    assert client.get(reverse("sign-in")).headers["Location"] == reverse("queue")


def test_an_agent_who_left_can_not_sign_in(client: Client):
    bo = make.agent("Bo Lindqvist")
    bo.is_active = False
    bo.save()

    assert sign_in(client).status_code == 422
