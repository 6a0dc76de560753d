"""The API: every interaction gets its verdict, every one is in the ledger, and mistakes are named."""

import contextlib
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.db import connection
from django.utils import timezone

from tests import make
from tests.interactions import hostile
from threadline.accounts.actions import create_api_key, revoke_api_key
from threadline.accounts.models import ApiKey, Event
from threadline.core.touch import Level
from threadline.customers.models import Identity
from threadline.interactions.api import door, taking
from threadline.interactions.models import IntakeEntry, Interaction, Receipt

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def shop() -> None:
    for kind in ("email", "x", "phone"):
        make.channel(kind)


def post(client: httpx.Client, value: Any, **headers: str) -> Any:
    return client.post("/interactions", content=hostile.written(value), headers=headers)


def test_an_interaction_is_in_the_ledger_before_it_is_acknowledged(client: httpx.Client):
    answer = post(client, hostile.GOOD)

    entry = IntakeEntry.objects.get()
    assert answer.status_code == 200
    assert answer.json() == {
        "accepted": 1,
        "refused": 0,
        "results": [{"index": 0, "id": "good", "entry": entry.pk, "verdict": "accepted", "reason": ""}],
    }
    assert (entry.verdict, entry.source, entry.payload["text"]) == ("pending", "api", "The kettle leaks.")
    assert entry.channel == make.channel("email")


def test_a_bad_item_never_stops_the_others_and_is_kept_with_its_reason(client: httpx.Client):
    late = hostile.GOOD | {"at": "yesterday"}

    answer = post(client, {"interactions": [hostile.GOOD, late, make.payload("@ana_k", "and the kettle?")]})

    assert answer.status_code == 207
    assert [result["verdict"] for result in answer.json()["results"]] == ["accepted", "refused", "accepted"]
    refused = IntakeEntry.objects.get(verdict="refused")
    assert "“at” is 'yesterday'" in refused.reason
    assert refused.payload == late


def test_an_unknown_endpoint_is_refused_with_those_that_are_near(client: httpx.Client):
    answer = post(client, hostile.GOOD | {"endpoint": "helo@harbourpine.example"})

    assert answer.status_code == 422
    assert "email hello@harbourpine.example" in answer.json()["results"][0]["reason"]


def test_the_endpoint_may_be_left_out_where_a_kind_has_only_one(client: httpx.Client):
    post(client, hostile.without("endpoint"))

    assert IntakeEntry.objects.get().channel == make.channel("email")


def test_a_channel_added_a_moment_ago_is_found(client: httpx.Client):
    post(client, hostile.GOOD)
    make.channel("sms")

    answer = post(client, make.payload({"number": "+447700900111"}, "hello?", kind="sms", id="sms-1"))

    assert answer.json()["accepted"] == 1


def test_fifty_hostile_objects_each_get_a_clear_answer_and_nothing_is_lost(client: httpx.Client):
    sent = [*hostile.REFUSED, *hostile.TAKEN]
    assert len(sent) >= 50

    answer = post(client, {"interactions": sent}).json()

    assert [
        (result["id"], result["reason"])
        for result in answer["results"]
        if bool(result["reason"]) != (result["index"] < len(hostile.REFUSED))
    ] == []
    assert (answer["accepted"], answer["refused"]) == (len(hostile.TAKEN), len(hostile.REFUSED))
    assert IntakeEntry.objects.count() == len(sent)
    assert [len(result["reason"]) for result in answer["results"] if len(result["reason"]) > 800] == []
    make.process()
    assert Interaction.objects.count() == len(hostile.TAKEN)
    assert not IntakeEntry.objects.filter(verdict__in=["pending", "quarantined"]).exists()


@pytest.mark.parametrize("body", hostile.BROKEN_BODIES)
def test_a_body_of_which_nothing_can_be_taken_is_refused_in_words(client: httpx.Client, body: bytes):
    answer = client.post("/interactions", content=body)

    assert answer.status_code in (400, 413, 422)
    assert "taken" in answer.text or "Send" in answer.text
    assert post(client, hostile.GOOD).status_code == 200


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: httpx.Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(door, "LARGEST_BODY", 2**20)

    answer = client.post("/interactions", content=(b"x" * 2**18 for _ in range(5)))

    assert answer.status_code == 413
    assert answer.json()["error"] == "The body is larger than 1 MB. Send the interactions in several requests."


# ---- keys ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer tl_guessed", "Basic YTpi", "Bearer ä"])
def test_without_a_good_key_nothing_is_taken(client: httpx.Client, header: str):
    answer = client.post("/interactions", json=hostile.GOOD, headers={"Authorization": header.encode()})  # type: ignore[dict-item]

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "key" in answer.json()["error"]
    assert not IntakeEntry.objects.exists()


def test_a_revoked_key_is_refused_within_seconds(client: httpx.Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(door, "REMEMBERED_SECONDS", 0.0)
    assert post(client, hostile.GOOD).status_code == 200

    revoke_api_key(key=ApiKey.objects.get(), now=timezone.now())

    answer = post(client, hostile.GOOD)
    assert answer.status_code == 401
    assert "“The shop” was revoked" in answer.json()["error"]


def test_the_use_of_a_key_is_noted(client: httpx.Client):
    post(client, hostile.GOOD)

    used = ApiKey.objects.get().used_at
    assert used is not None
    assert timezone.now() - used < timedelta(minutes=1)


# ---- idempotency -----------------------------------------------------------------------------------------------


def test_the_same_key_and_body_get_the_same_answer_and_are_taken_once(client: httpx.Client):
    first = post(client, hostile.GOOD, **{"Idempotency-Key": "a-1"})
    second = post(client, hostile.GOOD, **{"Idempotency-Key": "a-1"})

    assert second.json() == first.json()
    assert second.headers["Idempotent-Replay"] == "true"
    assert IntakeEntry.objects.count() == Receipt.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(client: httpx.Client):
    post(client, hostile.GOOD, **{"Idempotency-Key": "a-1"})

    answer = post(client, hostile.GOOD | {"text": "else"}, **{"Idempotency-Key": "a-1"})

    assert answer.status_code == 409
    assert "'a-1' came before with another body" in answer.json()["error"]
    assert IntakeEntry.objects.count() == 1


def test_keys_of_two_programs_do_not_meet(client: httpx.Client):
    _, other = create_api_key(name="The warehouse")
    post(client, hostile.GOOD, **{"Idempotency-Key": "a-1"})

    post(client, hostile.GOOD, **{"Idempotency-Key": "a-1", "Authorization": f"Bearer {other}"})

    assert Receipt.objects.count() == 2


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_an_idempotency_key_has_a_bearable_length(client: httpx.Client, key: str):
    answer = post(client, hostile.GOOD, **{"Idempotency-Key": key})

    assert (answer.status_code, IntakeEntry.objects.count()) == (400, 0)


def test_requests_at_the_same_time_are_each_answered_with_their_own_entries(client: httpx.Client):
    """Also two with one idempotency key, of which one is taken."""
    keys = [None] * 8 + ["twice", "twice"]
    answers: list[Any] = [None] * len(keys)

    def send(number: int) -> None:
        item = hostile.GOOD | {"id": f"item-{min(number, 8)}"}
        headers = {"Idempotency-Key": key} if (key := keys[number]) else {}
        answers[number] = post(client, item, **headers).json()["results"][0]

    threads = [threading.Thread(target=send, args=[number]) for number in range(len(keys))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    stored = dict(IntakeEntry.objects.values_list("pk", "external_id"))
    assert len(stored) == 9
    assert [stored[answer["entry"]] for answer in answers] == [answer["id"] for answer in answers]


def test_one_request_that_can_not_be_stored_does_not_hold_up_the_others(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
):
    real = taking.receive_each

    def poisoned(items: Any, *, source: str) -> list[int]:
        if any(item.external_id == "poison" for _, item in items):
            raise ValueError("no database takes this")
        return real(items, source=source)

    monkeypatch.setattr(taking, "receive_each", poisoned)
    asked = [
        taking.Asked(hostile.written(hostile.GOOD | {"id": name}).encode(), 0, "") for name in ("a", "poison", "b")
    ]

    taking.write(asked)

    assert [getattr(each.outcome, "status", None) for each in asked] == [200, None, 200]
    assert "nothing was taken" in asked[1].outcome.detail  # type: ignore[union-attr]
    assert set(IntakeEntry.objects.values_list("external_id", flat=True)) == {"a", "b"}


# ---- looking up, and the description -----------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["raise exception 'no room left'", "perform pg_terminate_backend(pg_backend_pid())"])
def test_nobody_hears_that_it_is_stored_when_the_last_step_of_storing_fails(client: httpx.Client, end: str):
    with at_commit(end):
        answer = post(client, hostile.GOOD, **{"Idempotency-Key": "once"})

    again = post(client, hostile.GOOD, **{"Idempotency-Key": "once"})

    assert answer.status_code >= 500
    assert again.status_code == 200
    assert IntakeEntry.objects.count() == 1


@contextlib.contextmanager
def at_commit(statement: str) -> Iterator[None]:
    """The database runs the statement when a transaction that wrote to the ledger is about to end."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"create function fails() returns trigger language plpgsql as $$ begin {statement}; return null; end $$"
        )
        cursor.execute(
            "create constraint trigger fails after insert on interactions_intakeentry"
            " deferrable initially deferred for each row execute function fails()"
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("drop function fails cascade")


def test_an_entry_tells_its_verdict_journey_and_customer(client: httpx.Client):
    number = post(client, hostile.GOOD).json()["results"][0]["entry"]
    assert client.get(f"/interactions/{number}").json()["verdict"] == "pending"

    make.process()

    touch = Interaction.objects.get(pk=number)
    assert client.get(f"/interactions/{number}").json() == {
        "entry": number,
        "id": "good",
        "verdict": "accepted",
        "reason": "",
        "duplicate_of": None,
        "journey": make.journey_of(touch).pk,
        "customer": make.customer_of(touch),
    }


def test_a_duplicate_names_the_first_and_where_that_went(client: httpx.Client):
    first, second = (post(client, hostile.GOOD).json()["results"][0]["entry"] for _ in range(2))
    make.process()

    found = client.get(f"/interactions/{second}").json()

    assert (found["verdict"], found["duplicate_of"], found["journey"]) == ("duplicate", first, first)


@pytest.mark.parametrize(("number", "status"), [("4711", 404), ("0", 422), ("9" * 30, 422), ("x", 422)])
def test_an_entry_that_is_not_there_is_said_in_words(client: httpx.Client, number: str, status: int):
    answer = client.get(f"/interactions/{number}")

    assert answer.status_code == status
    assert number in answer.json()["error"]


def test_the_description_is_complete_and_comes_from_nowhere_else(client: httpx.Client):
    paths = client.get("/openapi.json").json()["paths"]
    page = client.get("/docs").text

    assert set(paths) == {
        "/interactions",
        "/interactions/{entry}",
        "/calls/ringing",
        "/people/{person}/fields",
        "/stories/{story}/fields",
    }
    assert all(path in page for path in paths)
    assert "http://" not in page
    assert "<script" not in page


def test_a_path_that_is_not_there_is_said_in_words(client: httpx.Client):
    answer = client.delete("/interactions")

    assert answer.status_code == 405
    assert "There is no DELETE /interactions" in answer.json()["error"]


# ---- a call that rings -----------------------------------------------------------------------------------------


def test_a_call_from_a_known_number_opens_the_story_that_waits(client: httpx.Client):
    touch = make.received("+447700900142", "Ana asks about her kettle, order HP-4711.", kind="phone")

    answer = client.post("/calls/ringing", json={"number": "07700 900142", "channel": "+44 7700 900000"}).json()

    journey = make.journey_of(touch)
    assert (answer["known"], answer["journey"], answer["customer"]) == ("known", journey.pk, journey.customer_id)
    assert answer["open"] == f"/stories/{journey.pk}"
    event = Event.objects.get(pk=answer["event"])
    assert (event.verb, event.journey_id, event.facts["number"]) == ("ringing", journey.pk, "+447700900142")


@pytest.mark.parametrize("change", [{"shared": True}, {"level": Level.CLAIMED}])
def test_a_shared_or_claimed_number_is_only_maybe_theirs(client: httpx.Client, change: dict[str, Any]):
    make.received("+447700900142", "Ana asks about her kettle, order HP-4711.", kind="phone")
    Identity.objects.filter(scheme="tel").update(**change)

    assert client.post("/calls/ringing", json={"number": "+447700900142"}).json()["known"] == "maybe"


@pytest.mark.parametrize("number", ["+447700900199", "", None, "anonymous"])
def test_a_call_from_nobody_known_opens_a_new_call(client: httpx.Client, number: str | None):
    answer = client.post("/calls/ringing", json={"number": number}).json()

    assert (answer["known"], answer["customer"], answer["journey"]) == ("unknown", None, None)
    assert answer["open"].startswith("/calls/new?number=")


@pytest.mark.parametrize("call", [{"number": "12"}, {"number": 5}, {"channel": "+441110000000"}, {"number": "9" * 500}])
def test_a_call_that_makes_no_sense_is_refused_in_words(client: httpx.Client, call: dict[str, Any]):
    answer = client.post("/calls/ringing", json=call)

    assert answer.status_code == 422
    assert answer.json()["error"].startswith("“")
    assert not Event.objects.filter(verb="ringing").exists()
