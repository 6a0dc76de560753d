"""The second factor: setting it up, being asked for it, losing it, and making it a duty."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from tests import make
from tests.authenticator import code_for, sign_in, with_app
from threadline.accounts.models import Agent, Event, Remembered, SignInRules
from threadline.accounts.signing_in import second_factor

pytestmark = pytest.mark.django_db


def test_with_an_app_the_password_alone_lets_nobody_in(client: Client):
    make.agent("Bo Lindqvist")
    secret, _codes = with_app(client)

    password = sign_in(client)
    queue = client.get("/queue")
    code = client.post("/sign-in/second-step", {"code": code_for(secret, steps=1)})

    assert password.headers["Location"] == "/sign-in/second-step"
    assert queue.status_code == 302
    assert code.headers["Location"] == "/queue"
    assert client.get("/queue").status_code == 200
    assert Event.objects.filter(verb="signed_in").last().facts["how"] == ["password", "totp"]


def test_a_code_works_once_also_for_somebody_who_looked_over_the_shoulder(client: Client):
    make.agent("Bo Lindqvist")
    secret, _codes = with_app(client)
    code = code_for(secret, steps=1)
    sign_in(client)
    client.post("/sign-in/second-step", {"code": code})
    Remembered.objects.filter(cache_key__contains="totp.used").delete()  # as after the 30 seconds of allauth
    thief = Client()
    sign_in(thief)

    answer = thief.post("/sign-in/second-step", {"code": code})

    assert answer.status_code == 422
    assert "does not fit" in answer.content.decode()
    assert Event.objects.get(verb="sign_in_failed").facts["step"] == "second factor"


def test_each_recovery_code_lets_in_once(client: Client):
    make.agent("Bo Lindqvist")
    _secret, codes = with_app(client)

    for expected in (302, 422):
        sign_in(client)
        assert client.post("/sign-in/second-step", {"code": codes[0]}).status_code == expected
        client.post("/sign-out")

    assert len(codes) == 10


def test_codes_are_not_guessed_after_five_tries_the_right_one_waits_too(client: Client):
    make.agent("Bo Lindqvist")
    secret, _codes = with_app(client)
    sign_in(client)
    for _try in range(5):
        client.post("/sign-in/second-step", {"code": "000000"})

    client.post("/sign-in/second-step", {"code": code_for(secret, steps=1)})

    assert "_auth_user_id" not in client.session


def test_what_could_be_stolen_from_the_database_is_sealed(client: Client):
    make.agent("Bo Lindqvist")

    secret, codes = with_app(client)

    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert codes[0] not in kept
    assert secret not in str(list(Event.objects.values()))


def test_taking_the_app_off_asks_who_it_is_once_more(client: Client):
    make.agent("Bo Lindqvist")
    secret, _codes = with_app(client)
    sign_in(client)
    client.post("/sign-in/second-step", {"code": code_for(secret, steps=1)})
    session = client.session
    session["account_authentication_methods"] = []
    session.save()

    asked = client.get("/me/authenticator/off")
    wrong = client.post("/sign-in/again", {"password": "wrong", "next": "/me/authenticator/off"})
    right = client.post("/sign-in/again", {"password": make.PASSWORD, "next": "/me/authenticator/off"})
    client.post("/me/authenticator/off")

    assert asked.headers["Location"].startswith("/sign-in/again?next=")
    assert wrong.status_code == 422
    assert right.headers["Location"] == "/me/authenticator/off"
    assert not Authenticator.objects.exists()
    assert Event.objects.filter(verb="second_factor_removed").count() == 1


def test_once_it_is_a_duty_nothing_else_comes_before_it(client: Client):
    bo, di = make.agent("Bo Lindqvist"), make.agent("Di Moreau", is_admin=True)
    with_app(Client(), "di@harbourpine.example")
    client.force_login(bo)
    assert client.get("/queue").status_code == 200

    second_factor.require(everybody=True, by=di, now=timezone.now())
    stopped, quietly = client.get("/queue"), client.get("/queue", headers={"HX-Request": "true"})
    client.post("/sign-out")
    with_app(client)
    bo.refresh_from_db()

    assert stopped.headers["Location"] == "/me/second-factor"
    assert quietly.headers["HX-Redirect"] == "/me/second-factor"
    assert not bo.second_factor_due
    assert not Agent.objects.get(pk=di.pk).second_factor_due


def test_an_admin_without_one_can_not_lock_everybody_out(client: Client):
    client.force_login(make.agent("Di Moreau", is_admin=True))

    answer = client.post("/settings/sign-in/second-factor", {"everybody": "1"})

    assert answer.status_code == 422
    assert "your own second factor first" in answer.content.decode()
    assert not SignInRules.current().second_factor


def test_who_joins_later_or_takes_it_off_falls_under_the_duty_too(client: Client):
    di = make.agent("Di Moreau", is_admin=True)
    with_app(Client(), "di@harbourpine.example")
    second_factor.require(everybody=True, by=di, now=timezone.now())
    make.agent("Bo Lindqvist")

    sign_in(client)

    assert client.get("/queue").headers["Location"] == "/me/second-factor"


def test_an_admin_takes_a_lost_second_factor_off_and_its_sessions_end(client: Client):
    bo, di = make.agent("Bo Lindqvist"), make.agent("Di Moreau", is_admin=True)
    secret, _codes = with_app(client)
    sign_in(client)
    client.post("/sign-in/second-step", {"code": code_for(secret, steps=1)})

    admin = Client()
    admin.force_login(di)
    admin.post(f"/settings/sign-in/agents/{bo.pk}/take-off")

    assert client.get("/queue").status_code == 302
    assert sign_in(client).headers["Location"] == "/queue"
    assert Event.objects.get(verb="second_factor_taken_off").agent == di
