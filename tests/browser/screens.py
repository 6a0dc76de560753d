"""Every screen of the desk, with something on it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.browser.product import Product
from tests.config.running import until

ANYBODY, DI, FAY = "", "di", "fay"
LONG = 70
"""Touches of the long story: more than one page of it."""
SHORT_TEXT = "The Kolby toaster burns one side. Order HP-9100."
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänskajütentürschlüssel"


@dataclass(frozen=True)
class Screen:
    """`who` looks at it; empty: nobody has signed in."""

    name: str
    path: str
    who: str = "bo"


def screens(product: Product) -> list[Screen]:
    """The screens, after making what they show."""
    short, person = made(product, {"email": "uma@example.com", "display_name": "Uma Lind"}, SHORT_TEXT)
    handle = {"handle": "umal", "user_id": "u1", "display_name": "Uma Lind"}
    _, other = made(product, handle, "still one-sided toast…", kind="x", public=True, thread={"tweet_id": "u-1"})
    return [
        Screen("sign-in", "/sign-in", ANYBODY),
        Screen("queue", "/queue?view=ours"),
        Screen("empty queue", "/queue?view=mine", FAY),
        Screen("short story", f"/stories/{short}"),
        Screen("long story", f"/stories/{long_story(product)}"),
        Screen("why", f"/touches/{short}/why"),
        Screen("person", f"/people/{person}"),
        Screen("pair", f"/people/{person}/beside/{other}"),
        Screen("call", f"/calls/new?journey={short}&number=%2B447700900777"),
        Screen("hand over", f"/stories/{short}/hand-over"),
        Screen("routing", "/settings/routing"),
        Screen("rules", "/settings/rules", DI),
        Screen("a rule", "/settings/rules/new?example=complaint", DI),
        Screen("what rules did", "/settings/rules/log", DI),
        Screen("no chats", "/chats", FAY),
        Screen("demo shop", "/demo", ANYBODY),
        Screen("search", "/search?q=toaster"),
        Screen("search without results", "/search?q=zeppelin"),
        Screen("settings", "/settings", DI),
        Screen("settings: somebody", "/settings/people/1", DI),
        Screen("settings: roles", "/settings/roles", DI),
        Screen("settings: a mailbox", "/settings/channels/new/email", DI),
        Screen("settings: channels", "/settings/channels", DI),
        Screen("settings: a new key", "/settings/keys/new", DI),
        Screen("settings: audit log", "/settings/audit", DI),
        Screen("calendars and promises", "/settings/calendars", DI),
        Screen("calendar", "/settings/calendars/new", DI),
        Screen("promise", "/settings/promises/new", DI),
        Screen("response times", "/times", ANYBODY),
        Screen("wallboard", "/wallboard", DI),
        Screen("wallboard by day", "/wallboard?theme=light", DI),
        Screen("reports", "/reports", DI),
        Screen("who came back", "/reports/people", DI),
        Screen("coaching", "/reports/coaching", DI),
        Screen("texts kept ready", "/settings/macros"),
        Screen("a new text", "/settings/macros/new"),
        Screen("policies", "/settings/policies"),
        Screen("a new policy", "/settings/policies/new", "di"),
        Screen("texts for a story", f"/stories/{short}/macros"),
        Screen("not found", "/stories/99999999"),
        Screen("forgotten password", "/sign-in/forgotten", ANYBODY),
        Screen("own page", "/me"),
        Screen("sign-in settings", "/settings/sign-in", DI),
        Screen("provider", "/settings/sign-in/providers/new", DI),
        Screen("refused", f"/people/{person}/beside/{person}"),
    ]


def made(product: Product, sender: dict[str, str], text: str, **more: object) -> tuple[int, int]:
    """A story with one touch; its number and its person's."""
    entry = product.send(sender, text, **more)
    until(lambda: product.standing(entry)["journey"] is not None, what=f"a story for “{text}”")
    found = product.standing(entry)
    return found["journey"], found["customer"]


def long_story(product: Product) -> int:
    """Over several days and channels, with words that do not break."""
    began, vic = datetime.now(UTC) - timedelta(days=9), {"email": "vic@example.com", "display_name": "Vic Sandoval-Ø"}
    touches = [
        {
            "id": f"long-{number}",
            "at": (began + timedelta(hours=3 * number)).isoformat(),
            "channel": "email",
            "sender": vic,
            "thread": {"message_id": f"long-{number}@example.com"},
            "text": f"Message {number} about my oven, order HP-9200. {LONG_WORD} https://example.com/{'a' * 90}",
        }
        for number in range(LONG)
    ]
    answer = product.api("POST", "interactions", json={"interactions": touches})
    entry = answer.json()["results"][-1]["entry"]
    until(lambda: product.standing(entry)["journey"] is not None, what="the long story")
    journey: int = product.standing(entry)["journey"]
    return journey
