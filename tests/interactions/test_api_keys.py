"""Keys of the API: what each is good for, until when, and how fast it may ask."""

from datetime import timedelta

import httpx
import pytest
from django.conf import LazySettings
from django.utils import timezone

from tests import make
from tests.interactions import hostile
from threadline.accounts.actions import create_api_key
from threadline.accounts.rights import Scope
from threadline.interactions.api import door, pacing
from threadline.lib.errors import ThreadlineError

pytestmark = pytest.mark.django_db(transaction=True)
CALLS = {
    Scope.WRITE: ("POST", "/interactions", hostile.GOOD),
    Scope.READ: ("GET", "/interactions/1", None),
    Scope.CALLS: ("POST", "/calls/ringing", {"number": "+447700900142"}),
    Scope.FIELDS_READ: ("GET", "/stories/1/fields", None),
    Scope.FIELDS_WRITE: ("PUT", "/people/1/fields", {"fields": {}}),
}


@pytest.fixture(autouse=True)
def calm() -> None:
    make.channel("email")
    make.channel("phone")


def ask(client: httpx.Client, scope: Scope, secret: str) -> httpx.Response:
    method, path, body = CALLS[scope]
    return client.request(method, path, json=body, headers={"Authorization": f"Bearer {secret}"})


def test_a_key_does_only_what_it_is_good_for(client: httpx.Client):
    answers = {}
    for has in Scope:
        _, secret = create_api_key(name=has.label, scopes=[has])
        for asked in Scope:
            answers[has, asked] = ask(client, asked, secret)

    refused = {pair for pair, answer in answers.items() if answer.status_code == 403}
    assert refused == {(has, asked) for has in Scope for asked in Scope if has != asked}
    assert "lacks the scope calls:write" in answers[Scope.READ, Scope.CALLS].json()["error"]


def test_a_key_ends_by_itself(client: httpx.Client, monkeypatch: pytest.MonkeyPatch):
    now = timezone.now()
    _, ended = create_api_key(name="old", expires_at=now - timedelta(days=1), now=now - timedelta(days=2))
    _, good = create_api_key(name="new", expires_at=now + timedelta(days=1))

    assert ask(client, Scope.WRITE, good).status_code == 200
    answer = ask(client, Scope.WRITE, ended)
    assert answer.status_code == 401
    assert "ended on" in answer.json()["error"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"scopes": []}, "good for nothing"),
        ({"scopes": ["everything"]}, "no scope “everything”"),
        ({"expires_at": make.NOW}, "which is over"),
        ({"name": " "}, "no name"),
    ],
)
def test_what_can_be_no_key_is_refused_in_words(said, told):
    with pytest.raises(ThreadlineError, match=told):
        create_api_key(**{"name": "shop", **said})


def test_a_key_that_asks_too_fast_waits_and_is_told_how_long(client: httpx.Client, settings: LazySettings):
    settings.API_RATE = 0.2
    _, secret = create_api_key(name="The till")
    first, second, third = (ask(client, Scope.WRITE, secret) for _ in range(3))

    assert [first.status_code, second.status_code] == [200, 200]
    assert third.status_code == 429
    assert int(third.headers["Retry-After"]) >= 1
    assert "The till" in third.json()["error"]


def test_the_store_of_a_pace_fills_again():
    pace = pacing.Pace(stored=1.0, at=0.0)

    assert pace.wait(rate=2.0, now=0.0) == 0
    assert pace.wait(rate=2.0, now=0.0) == pytest.approx(0.5)
    assert pace.wait(rate=2.0, now=0.5) == 0


def test_who_guesses_keys_is_stopped_and_keys_in_use_go_on(client: httpx.Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pacing, "GUESSES_WITHIN", 3600)  # on a busy machine asking so often may take long
    _, good = create_api_key(name="shop")
    assert ask(client, Scope.WRITE, good).status_code == 200

    answers = [ask(client, Scope.WRITE, f"tl_guess{number}").status_code for number in range(pacing.GUESSES + 3)]

    assert answers[: pacing.GUESSES - 1] == [401] * (pacing.GUESSES - 1)
    assert answers[-1] == 429
    assert ask(client, Scope.WRITE, good).status_code == 200
    assert len(door.known_keys) == 1
