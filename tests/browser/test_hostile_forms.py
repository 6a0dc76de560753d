"""Broken and hostile values in every form: a clear answer, never a breakdown, and the desk works on."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.browser.product import Product
from tests.make import PASSWORD

VALUES = (
    "",
    "   \r\n\t ",
    "a\x00b",
    "‮evil\u200b\ufeff",
    "\U0001f46f\u200d♀️" * 40,
    "Ż̸̡͈" * 200,
    "x" * 60_000,
    "<script>alert(1)</script>",
    "'; drop table journeys_journey; --",
    "{{ 7*7 }}{% load x %}",
    "%00%ff\\u0000",
    "-1",
    "9" * 40,
    "1e309",
    "NaN",
    "0x7f",
    "٣٤",
    "../../etc/passwd",
    "\ud83d",
)
"""Nothing, control characters, endless words, markup, SQL, templates, numbers that are none, half a character."""
REFUSED = (404, 422, 429)
GUARD = re.compile(r"name=.csrfmiddlewaretoken. value=.(\w+)")
WAY = re.compile(r'name="way" value="(thread-\d+)"')


@pytest.fixture
def story(product: Product) -> int:
    return product.told({"email": "hana@example.com", "display_name": "Hana Ito"}, "My clock stopped. Order HP-3300.")


@pytest.fixture
def desk(product: Product) -> Iterator[httpx.Client]:
    """Bo, signed in without a browser."""
    with httpx.Client(base_url=product.url, timeout=30) as client:
        values = {"username": "bo@harbourpine.example", "password": PASSWORD}
        answer = client.post("/sign-in", data=values | guard(client, "/sign-in"))
        assert answer.status_code == 302
        yield client


def guard(client: httpx.Client, page: str) -> dict[str, str]:
    found = GUARD.search(client.get(page).text)
    assert found, page
    return {"csrfmiddlewaretoken": found[1]}


def spell(fields: dict[str, str]) -> bytes:
    """As a browser sends it, but also half characters."""
    return "&".join(f"{name}={quoted(value)}" for name, value in fields.items()).encode()


def quoted(value: str) -> str:
    return "".join(f"%{byte:02X}" for byte in value.encode(errors="surrogatepass"))


def posted(client: httpx.Client, path: str, fields: dict[str, str]) -> httpx.Response:
    return client.post(
        path,
        content=spell(fields),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        follow_redirects=False,
    )


def forms(story: int, person: int, way: str) -> dict[str, tuple[str, str, dict[str, str]]]:
    """Each form: where it goes, the field that is broken, and what else it needs."""
    phone = {"direction": "in", "channel": "1"}
    return {
        "reply": (f"/stories/{story}/replies", "text", {"way": way}),
        "copies": (f"/stories/{story}/replies", "cc", {"way": way, "text": "Hello"}),
        "later": (f"/stories/{story}/replies", "send_at", {"way": way, "text": "Hello", "later": "pick"}),
        "draft": (f"/stories/{story}/draft", "text", {"way": way}),
        "draft's way": (f"/stories/{story}/draft", "way", {"text": "Hello", "cc": "x"}),
        "draft's macro": (f"/stories/{story}/draft", "macro", {"text": "Hello"}),
        "text kept ready": ("/settings/macros/new", "text", {"name": "x", "whose": "own"}),
        "its name": ("/settings/macros/new", "name", {"text": "x", "whose": "own"}),
        "way": (f"/stories/{story}/replies", "way", {"text": "Hello", "seen": str(story)}),
        "seen": (f"/stories/{story}/replies", "seen", {"text": "Hello", "way": "note"}),
        "note": (f"/stories/{story}/notes", "text", {}),
        "intent": (f"/stories/{story}/intent", "intent", {}),
        "sleep": (f"/stories/{story}/snooze", "until", {"when": "pick"}),
        "sleep when": (f"/stories/{story}/snooze", "when", {}),
        "owner": (f"/stories/{story}/assign", "owner", {}),
        "team": (f"/stories/{story}/assign", "team", {}),
        "split": (f"/stories/{story}/split", "touch", {}),
        "join": (f"/stories/{story}/join", "story", {}),
        "move": (f"/touches/{story}/move", "story", {}),
        "merge": (f"/people/{person}/merge", "other", {}),
        "apart": (f"/people/{person}/apart", "other", {}),
        "call number": ("/calls/new", "number", phone | {"text": "They asked."}),
        "call customer": ("/calls/new", "customer", phone | {"text": "They asked.", "withheld": "on"}),
        "call length": ("/calls/new", "seconds", phone | {"text": "They asked.", "withheld": "on"}),
    }


def test_broken_values_get_a_clear_answer_and_the_desk_works_on(product: Product, desk: httpx.Client, story: int):
    person = product.standing(story)["customer"]
    way = WAY.search(desk.get(f"/stories/{story}").text)
    assert way
    pass_on = guard(desk, f"/stories/{story}")
    wrong, tried = [], 0
    for name, (path, field, others) in forms(story, person, way[1]).items():
        for value in VALUES:
            answer, tried = posted(desk, path, {**others, **pass_on, field: value}), tried + 1
            if not is_clear(answer):
                wrong.append((name, value[:30], answer.status_code, answer.text[:300]))

    assert wrong == []
    assert tried > 50
    assert desk.get(f"/stories/{story}").status_code == 200
    assert "My clock stopped" in desk.get(f"/stories/{story}").text


def is_clear(answer: httpx.Response) -> bool:
    """Done and led on, or refused with words that a person can read."""
    if answer.status_code == 302:
        return True
    words = re.sub(r"<[^>]+>|\s+", " ", answer.text).strip()
    return answer.status_code in REFUSED and len(words) > 20 and "Traceback" not in words


@pytest.mark.parametrize(
    "path", ["/search?q=", "/queue?after=", "/queue?team=", "/queue?view=", "/calls/lookup?number="]
)
def test_broken_addresses_get_a_page_or_not_found(desk: httpx.Client, path: str):
    answers = {value[:20]: desk.get(path + quoted(value)).status_code for value in VALUES if len(value) < 5_000}

    assert set(answers.values()) <= {200, 302, 404, 422}, answers


def test_broken_sign_ins_are_refused_in_words(product: Product):
    with httpx.Client(base_url=product.url, timeout=30) as client:
        pass_on = guard(client, "/sign-in")
        for value in VALUES[::3]:
            answer = posted(client, "/sign-in", {**pass_on, "username": value, "password": value})
            assert answer.status_code == 422, (value[:20], answer.status_code, answer.text[:300])
        elsewhere = posted(
            client,
            "/sign-in",
            {**pass_on, "username": "fay@harbourpine.example", "password": PASSWORD, "next": "//evil.example/"},
        )

    assert elsewhere.headers["Location"] == "/queue"


def test_without_the_guard_of_the_page_nothing_is_written(desk: httpx.Client, story: int):
    answer = posted(desk, f"/stories/{story}/done", {})

    assert answer.status_code == 403
    assert "Done. If they" not in desk.get(f"/stories/{story}").text


def test_nobody_sleeps_until_a_day_that_is_past_or_never_comes(desk: httpx.Client, story: int):
    pass_on = guard(desk, f"/stories/{story}")
    yesterday = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    for moment in (yesterday, "0001-01-01T00:00", "2026-02-30T10:00", "9999-12-31T23:59", "99999-01-01T00:00"):
        answer = posted(desk, f"/stories/{story}/snooze", {**pass_on, "when": "pick", "until": moment})
        assert is_clear(answer), (moment, answer.status_code, answer.text[:300])
