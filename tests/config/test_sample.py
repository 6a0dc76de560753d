"""The sample company: believable, reproducible, and about nobody."""

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest

from threadline.config import sample
from threadline.config.sample import meanings
from threadline.config.sample.script import scripts
from threadline.core.touch import Direction, Touch
from threadline.core.understanding import understand
from threadline.core.understanding.encoder import encoder_named
from threadline.core.understanding.encoder.batches import digest
from threadline.core.understanding.meaning import meaning_text

NOW = datetime(2026, 11, 19, 14, 20, tzinfo=UTC)
KINDS = {channel["kind"] for channel in sample.company()["channels"]}
ADDRESS = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
OPENERS = ("open-", "scenario-01", "scenario-22")


@cache
def year() -> tuple[dict[str, Any], ...]:
    return tuple(sample.entries(NOW))


def story(entry_id: str) -> str:
    return entry_id.rpartition("-")[0]


def at(entry: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["at"])


def waits() -> list[timedelta]:
    """How long the unanswered stories have waited: since their first word after our last."""
    undone = {story(entry["id"]) for entry in year()} - {story(hint["story_of"]) for hint in closed()}
    found = []
    for name in sorted(undone):
        touches = told()[name]
        answered = max((n for n, touch in enumerate(touches) if touch["direction"] == "out"), default=-1)
        unanswered = [touch for touch in touches[answered + 1 :] if touch["direction"] == "in"]
        if unanswered and not name.startswith("noise"):
            found.append(NOW - at(unanswered[0]))
    return sorted(found)


@cache
def told() -> dict[str, list[dict[str, Any]]]:
    stories: dict[str, list[dict[str, Any]]] = {}
    for entry in year():
        stories.setdefault(story(entry["id"]), []).append(entry)
    return stories


@cache
def hints() -> tuple[dict[str, Any], ...]:
    return tuple(sample.decisions(NOW))


def closed() -> list[dict[str, Any]]:
    return [hint for hint in hints() if hint["do"] == "done"]


def people() -> set[str]:
    senders = (entry["sender"] for entry in year() if entry["direction"] != "out")
    return {sender["email"] for sender in senders if "email" in sender}


def test_about_two_thousand_touches_of_about_four_hundred_people_in_many_short_told():
    assert 1900 <= len(year()) <= 2500
    assert 550 <= len(told()) <= 800
    assert 200 <= len(people()) <= 420  # those of the four hundred who ever left a mail address


def test_every_kind_of_channel_is_there_and_mail_leads():
    counts = Counter(entry["channel"] for entry in year())

    assert set(counts) == KINDS
    assert len(KINDS) == 15
    assert counts.most_common(1)[0][0] == "email"
    assert min(counts.values()) >= 5
    assert {entry["public"] for entry in year() if entry["channel"] in ("x", "facebook")} == {True, False}


def test_time_order_unique_ids_and_nothing_outside_the_year():
    moments = [entry["at"] for entry in year()]

    assert moments == sorted(moments)
    assert len({entry["id"] for entry in year()}) == len(year())
    assert NOW - timedelta(days=365) <= at(year()[0]) <= at(year()[-1]) <= NOW


def test_every_reply_of_ours_follows_something_of_theirs_and_names_a_real_agent():
    keys = {agent["key"] for agent in sample.company()["agents"]}
    for touches in told().values():
        assert touches[0]["direction"] != "out"
    for entry in year():
        assert (entry["direction"] == "out") == ("to" in entry) == (entry["sender"].get("agent") in keys)


def test_a_reply_stays_in_the_thread_of_what_it_answers():
    mails = {mail["thread"]["message_id"]: mail for mail in year() if mail["channel"] == "email"}
    answers = [mail for mail in mails.values() if "in_reply_to" in mail["thread"]]

    assert len(answers) > 100
    for mail in answers:
        assert at(mails[mail["thread"]["in_reply_to"]]) <= at(mail)
        assert mail["subject"].startswith("Re: ")


def test_every_endpoint_is_a_channel_of_the_company():
    channels = {(channel["kind"], channel["address"]) for channel in sample.company()["channels"]}

    assert {(entry["channel"], entry["endpoint"]) for entry in year()} <= channels


def test_the_queue_is_believable():
    assert 30 <= len(waits()) <= 36
    assert waits()[0] == timedelta(minutes=3)
    assert waits()[-1] == timedelta(hours=30)
    assert sum(wait > timedelta(hours=8) for wait in waits()) <= 5


def test_some_stories_wait_for_the_customer_and_some_sleep():
    ids = {entry["id"] for entry in year()}
    counts = Counter(hint["do"] for hint in hints())

    assert counts["wait"] >= 5
    assert counts["snooze"] >= 3
    assert counts["done"] > 400
    assert all({hint["story_of"], *hint["touches"]} <= ids for hint in hints())
    assert all(datetime.fromisoformat(hint["at"]) <= NOW for hint in hints())
    assert all(datetime.fromisoformat(hint["until"]) > NOW for hint in hints() if hint["do"] == "snooze")


def test_a_decision_comes_after_what_it_decides():
    moments = {entry["id"]: entry["at"] for entry in year()}

    assert all(hint["at"] >= moments[hint["story_of"]] for hint in hints())
    assert all(hint["at"] >= moments[hint["touches"][-1]] for hint in closed())


def test_nothing_finished_waits_for_us():
    open_now = {story(entry["id"]) for entry in year()} - {story(hint["story_of"]) for hint in closed()}
    speaking = {name for name in open_now if any(touch["direction"] == "in" for touch in told()[name])}

    assert all(name.startswith((*OPENERS, "noise-")) for name in speaking)


@pytest.mark.parametrize(
    ("number", "kinds"),
    [
        (
            "01",
            ["web", "email", "email", "purchase", "web", "email", "x", "x", "x", "phone", "phone", "store", "email"],
        ),
        ("02", ["web", "email", "email", "phone", "phone", "purchase", "store", "store"]),
        ("15", ["purchase", *["x"] * 8]),
    ],
)
def test_a_scenario_is_told_in_full(number: str, kinds: list[str]):
    assert [touch["channel"] for touch in told()[f"scenario-{number}"]] == kinds


def test_the_faulty_kettle_is_mailed_from_a_phone_with_its_order_and_the_call_opens_with_an_apology():
    touches = {touch["id"]: touch for touch in told()["scenario-01"]}
    mail, post, call = (touches[f"scenario-01-{n}"] for n in ("06", "07", "11"))

    assert mail["device"] == {"kind": "phone"}
    assert "HP-4711" in mail["text"]
    assert "in_reply_to" not in mail["thread"]
    assert post["public"]
    assert at(post) - at(mail) > timedelta(hours=24)
    assert call["sender"] == {"agent": "bo"}
    assert call["text"].startswith("Opened with an apology")


def test_the_elegant_stick_goes_public_private_and_public_again():
    assert [touch["public"] for touch in told()["scenario-15"][1:]] == [True, True, *[False] * 4, True, True]


def test_the_missing_sofa_escapes_to_the_public_after_three_quiet_channels():
    theirs = [touch for touch in told()["scenario-16"] if touch["direction"] == "in"]
    quiet = {touch["channel"] for touch in theirs if not touch["public"]}

    assert quiet == {"email", "chat", "phone"}
    assert [touch["channel"] for touch in theirs if touch["public"]] == ["x", "review", "x"]
    assert not any(touch["public"] for touch in theirs[:4])


def test_the_wedding_list_speaks_on_six_channels():
    theirs = {touch["channel"] for touch in told()["scenario-22"] if touch["direction"] == "in"}

    assert theirs == {"phone", "email", "chat", "x", "facebook", "review"}


def test_nobody_has_an_address_outside_the_example_domains():
    domains = set(ADDRESS.findall(json.dumps(year())))
    ours = {"harbourpine.example", "mail.harbourpine.example"}

    assert domains
    assert all(domain in ours or re.search(r"(^|\.)example\.(com|org|net)$", domain) for domain in domains)


def test_every_number_is_one_that_is_never_given_to_anybody():
    numbers = set(re.findall(r"\+\d{9,}", json.dumps(year())))

    assert len(numbers) > 200
    assert all(re.fullmatch(r"\+447700900\d{3}|\+1\d{3}55501\d{2}", number) for number in numbers)


def test_no_slot_or_choice_is_left_unfilled():
    texts = [f"{entry['subject']} {entry['text']}" for entry in year()]

    assert not [text for text in texts if re.search(r"[{}\[\]|]", text)]


def test_people_who_are_hard_to_tell_apart_are_among_them():
    callers: dict[str, set[str]] = {}
    for entry in year():
        sender = entry["sender"]
        if entry["channel"] == "purchase" and "ship_to" in sender:
            callers.setdefault(sender["phone"], set()).add(sender["ship_to"]["name"])
    typed = {
        (entry["sender"]["form_name"], entry["sender"]["form_email"])
        for entry in year()
        if "form_name" in entry["sender"]
    }
    mailed = {
        (entry["sender"]["email"], entry["sender"]["display_name"])
        for entry in year()
        if "display_name" in entry["sender"] and "email" in entry["sender"]
    }

    assert any(len(names) > 1 for names in callers.values())
    assert ("Jonty Inskip", "grace.okonjo@example.com") in typed
    assert len({name for email, name in mailed if email == "info@larchlowe.example.org"}) > 1


def test_there_are_many_scripts_in_five_languages():
    assert len(scripts()) >= 60
    assert {script.language for script in scripts()} == {"en", "de", "fr", "es", "nl"}


def test_only_payments_is_restricted():
    assert [team["name"] for team in sample.company()["teams"] if team["restricted"]] == ["Payments"]


def test_equal_seed_and_moment_tell_the_same_year_and_another_seed_another():
    assert list(sample.entries(NOW)) == list(year())
    assert tuple(sample.decisions(NOW)) == hints()
    assert list(sample.entries(NOW, seed=7)) != list(year())


def test_another_day_moves_the_stories_without_changing_their_words():
    def chats(now: datetime) -> dict[str, str]:
        return {entry["id"]: entry["text"] for entry in sample.entries(now) if entry["channel"] == "chat"}

    assert set(chats(NOW)) == set(chats(NOW + timedelta(days=70)))
    assert chats(NOW)["open-01-02"] == chats(NOW + timedelta(days=70))["open-01-02"]


@pytest.mark.parametrize(("seed", "hour"), [(1, 0), (2, 3), (3, 23)])
def test_any_seed_and_any_hour_tell_a_whole_year(seed: int, hour: int):
    now = NOW.replace(hour=hour)
    entries = list(sample.entries(now, seed=seed))

    assert {entry["channel"] for entry in entries} == KINDS
    assert now - timedelta(days=365) <= at(entries[0]) <= at(entries[-1]) <= now


def test_what_the_sample_means_was_worked_out_beforehand_with_the_encoder_in_use():
    """Red after its texts or the encoder changed: run tools/sample."""
    with np.load(meanings.FILE) as kept:
        assert str(kept["model"]) == encoder_named("minilm").name
        known = {key.tobytes() for key in kept["texts"]}

    texts = [meaning_text(touch, understand(touch)) for touch in map(as_touch, year()) if touch.kind != "email"]
    found = [digest(text) in known for text in texts if text]

    assert sum(found) > 0.9 * len(found)


def as_touch(entry: dict[str, Any]) -> Touch:
    said, direction = entry.get("text") or "", Direction(entry["direction"])
    return Touch(1, at(entry), entry["channel"], direction, 1, 1, subject=entry.get("subject") or "", text=said)
