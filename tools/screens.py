"""Every screen that has its pictures in the docs: where it is, who looks at it, and what it is for."""

from collections.abc import Iterator
from dataclasses import dataclass

BO, DI, ANYBODY = "bo", "di", ""


@dataclass(frozen=True, slots=True)
class Screen:
    """`path` may name {story}, {person} and {stop}; `opens` is clicked, and `presses` pressed, before the picture."""

    name: str
    words: str
    path: str
    who: str = BO
    opens: str = ""
    presses: str = ""


ROOMS: dict[str, tuple[Screen, ...]] = {
    "At the desk": (
        Screen("queue", "The queue: people, longest wait first", "/queue"),
        Screen("work", "My work: the most urgent first, and why", "/work"),
        Screen("queue-filters", "What narrows the queue", "/queue/filters?view=ours&mood=complaint"),
        Screen("palette", "Go anywhere, do anything", "/queue?view=ours", presses="Control+k"),
        Screen("story", "A story: every channel on one line", "/stories/{story}"),
        Screen("person", "A person, and how we know that it is them", "/people/{person}"),
        Screen("chats", "Chats side by side", "/chats"),
        Screen("phone", "Who is on the line, and whom we promised to call", "/phone"),
        Screen("call", "Logging a call while it goes on", "/calls/new?number=%2B447700900142"),
        Screen("search", "Search: each kind by itself, with its count", "/search?q=kettle"),
        Screen("search-one-kind", "One kind alone, as far back as there is any", "/search?q=kettle&kind=touches"),
        Screen("hand-over", "Handing over with a brief", "/stories/{story}/hand-over"),
        Screen("story-texts", "Texts kept ready, filled in for this story", "/stories/{story}/macros"),
        Screen("notices", "What is new, one line for each story", "/notices"),
        Screen("me", "My own page", "/me"),
    ),
    "What we are not sure of": (
        Screen("review", "Pairs who may be one person", "/review/people", DI),
        Screen("quality", "How right we are", "/review/quality", DI),
        Screen("intents", "What stories are about", "/review/intents", DI),
    ),
    "What the customer sees": (
        Screen("demo", "The chat on a shop's page", "/demo", ANYBODY, opens="threadline-chat button"),
        Screen("times", "Promised and true response times", "/times", ANYBODY),
        Screen("contact", "How to reach us, the best way on top", "/contact?about=Charged+wrongly", ANYBODY),
        Screen("stop", "No more automatic mail", "{stop}", ANYBODY),
        Screen("sign-in", "Signing in", "/sign-in", ANYBODY),
    ),
    "The supervisor": (
        Screen("wallboard", "The wallboard", "/wallboard", DI),
        Screen("reports", "Reports", "/reports", DI),
        Screen("reports-people", "Who had to come back", "/reports/people", DI),
        Screen("reports-coaching", "An aid for coaching", "/reports/coaching", DI),
    ),
    "Settings": (
        Screen("settings", "Set-up", "/settings", DI),
        Screen("settings-people", "People", "/settings/people", DI),
        Screen("settings-teams", "Teams", "/settings/teams", DI),
        Screen("settings-roles", "Roles", "/settings/roles", DI),
        Screen("settings-sign-in", "Sign-in", "/settings/sign-in", DI),
        Screen("settings-channels", "Channels", "/settings/channels", DI),
        Screen("settings-intake", "Is everything coming in?", "/settings/intake", DI),
        Screen("settings-brands", "Brands", "/settings/brands", DI),
        Screen("settings-channel-matrix", "Which channel for what", "/settings/channel-matrix", DI),
        Screen("settings-calendars", "Calendars and promises", "/settings/calendars", DI),
        Screen("settings-calendar", "One calendar", "/settings/calendars/new", DI),
        Screen("settings-routing", "Who gets what", "/settings/routing", DI),
        Screen("settings-rules", "Rules", "/settings/rules", DI),
        Screen("settings-rule", "A rule", "/settings/rules/new?example=complaint", DI),
        Screen("settings-macros", "Texts kept ready", "/settings/macros", DI),
        Screen("settings-fields", "Fields", "/settings/fields", DI),
        Screen("settings-field", "A field", "/settings/fields/new", DI),
        Screen("settings-views", "Kept views", "/settings/views", DI),
        Screen("settings-view", "One view", "/settings/views/new?view=ours", DI),
        Screen("settings-policies", "What we may promise", "/settings/policies", DI),
        Screen("settings-keys", "API keys", "/settings/keys", DI),
        Screen("settings-audit", "Audit log", "/settings/audit", DI),
        Screen("settings-notices", "Where notices went", "/settings/notices", DI),
    ),
}


def every_screen() -> Iterator[Screen]:
    for room in ROOMS.values():
        yield from room
