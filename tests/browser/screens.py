"""Every screen of the desk, with something on it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.browser.company import DI, FAY
from tests.browser.product import Product, beside
from tests.config.running import until

ANYBODY = ""
LONG = 70
"""Touches of the long story: more than one page of it."""
SHORT_TEXT = "The Kolby toaster burns one side. Order HP-9100."
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänskajütentürschlüssel"


@dataclass(frozen=True)
class Screen:
    """`who` looks at it; empty: nobody has signed in. `presses` names a button that is pressed there first, `follows`
    how the address of a link begins that is followed."""

    name: str
    path: str
    who: str = "bo"
    presses: str = ""
    follows: str = ""


def screens(product: Product) -> list[Screen]:
    """The screens, after making what they show."""
    short, person = made(product, {"email": "uma@example.com", "display_name": "Uma Lind"}, SHORT_TEXT)
    handle = {"handle": "umal", "user_id": "u1", "display_name": "Uma Lind"}
    _, other = made(product, handle, "still one-sided toast…", kind="x", public=True, thread={"tweet_id": "u-1"})
    return [
        *everyday(short, person, other, long_story(product)),
        *for_everybody(),
        Screen("no more automatic mail", beside(product.surroundings, "tools.stop_link"), ANYBODY),
        *own_screens(),
        *review_screens(),
        *numbers_screens(),
        *settings_screens(),
    ]


def everyday(short: int, person: int, other: int, long: int) -> list[Screen]:
    """Where agents are all day."""
    return [
        Screen("my work", "/work"),
        Screen("nothing to do", "/work", FAY),
        Screen("queue", "/queue?view=ours"),
        Screen("filters", "/queue?view=ours&filter=1"),
        Screen("notices", "/notices"),
        Screen("where notices went", "/notices/log"),
        Screen("empty queue", "/queue?view=mine", FAY),
        Screen("own menu", "/queue?view=ours", presses="you, Bo"),
        Screen("short story", f"/stories/{short}"),
        Screen("long story", f"/stories/{long}"),
        Screen("who has it", f"/stories/{short}", presses="Nobody has it"),
        Screen("sleep until", f"/stories/{short}", presses="Sleep"),
        Screen("send and", f"/stories/{short}", presses="Send and…"),
        Screen("join", f"/stories/{short}", presses="Join"),
        Screen("fill in a field", f"/stories/{short}", presses="Fill in Shelf"),
        Screen("choose in a field", f"/people/{person}", presses="Fill in Kiln licence"),
        Screen("why", f"/touches/{short}/why"),
        Screen("hand over", f"/stories/{short}/hand-over"),
        Screen("texts for a story", f"/stories/{short}/macros"),
        Screen("person", f"/people/{person}"),
        Screen("pair", f"/people/{person}/beside/{other}"),
        Screen("refused", f"/people/{person}/beside/{person}"),
        Screen("call", f"/calls/new?journey={short}&number=%2B447700900777"),
        Screen("no chats", "/chats", FAY),
        Screen("search", "/search?q=toaster"),
        Screen("search, one kind", "/search?q=toaster&kind=touches"),
        Screen("search without results", "/search?q=zeppelin"),
        Screen("not found", "/stories/99999999"),
        Screen("not allowed", "/settings/keys"),
    ]


def for_everybody() -> list[Screen]:
    return [
        Screen("sign-in", "/sign-in", ANYBODY),
        Screen("no connection", "/offline", ANYBODY),
        Screen("forgotten password", "/sign-in/forgotten", ANYBODY),
        Screen("link that is no longer good", "/invitations/none", ANYBODY),
        Screen("response times", "/times", ANYBODY),
        Screen("how to reach us", "/contact?about=Charged+wrongly", ANYBODY),
        Screen("demo shop", "/demo", ANYBODY),
        Screen("chat window", "/demo", ANYBODY, presses="Help"),
    ]


def own_screens() -> list[Screen]:
    return [
        Screen("own page", "/me"),
        Screen("second factor", "/me/second-factor"),
        Screen("authenticator", "/me/authenticator", FAY),
        Screen("new passkey", "/me/passkeys/new", FAY),
        Screen("is it you", "/sign-in/again"),
        Screen("presence", "/queue?view=mine", FAY, presses="Are you there for work?"),
    ]


def review_screens() -> list[Screen]:
    return [
        Screen("review: people", "/review/people", DI),
        Screen("review: quality", "/review/quality", DI),
        Screen("review: intents", "/review/intents", DI),
        Screen("review: an intent", "/review/intents", DI, follows="/review/intents/"),
        Screen("review: outside", "/review/outside", DI),
    ]


def numbers_screens() -> list[Screen]:
    return [
        Screen("wallboard", "/wallboard", DI),
        Screen("wallboard by day", "/wallboard?theme=light", DI),
        Screen("reports", "/reports", DI),
        Screen("who came back", "/reports/people", DI),
        Screen("coaching", "/reports/coaching", DI),
    ]


def settings_screens() -> list[Screen]:
    """Each page of the settings, and one of each thing that is changed there."""
    pages = ("people", "teams", "roles", "sign-in", "channels", "brands", "calendars", "routing", "keys", "audit")
    new = ("people", "teams", "roles", "channels", "brands", "keys", "calendars", "promises", "routing/rules")
    changed = (
        "people",
        "teams",
        "roles",
        "channels",
        "brands",
        "calendars",
        "macros",
        "policies",
        "fields",
        "routing/people",
    )
    where = {"routing/people": "/settings/routing"}
    return [
        Screen("settings", "/settings", DI),
        *(Screen(f"settings: {name}", f"/settings/{name}", DI) for name in (*pages, "macros", "policies", "fields")),
        *(
            Screen(f"settings: new in {name}", f"/settings/{name}/new", DI)
            for name in (*new, "macros", "policies", "fields")
        ),
        Screen("settings: a mailbox", "/settings/channels/new/email", DI),
        Screen("settings: notices sent", "/settings/notices", DI),
        Screen("settings: which channel for what", "/settings/channel-matrix", DI),
        Screen("settings: words between public and private", "/settings/channel-matrix/words/x", DI),
        Screen("settings: rules", "/settings/rules", DI),
        Screen("settings: a rule", "/settings/rules/new?example=complaint", DI),
        Screen("settings: what rules did", "/settings/rules/log", DI),
        Screen("settings: a new provider", "/settings/sign-in/providers/new", DI),
        Screen("settings: a provider", "/settings/sign-in", DI, follows="/settings/sign-in/providers/"),
        *(
            Screen(f"settings: one of {name}", where.get(name, f"/settings/{name}"), DI, follows=f"/settings/{name}/")
            for name in changed
        ),
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
