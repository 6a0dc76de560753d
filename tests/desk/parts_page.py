"""A page of all parts in all states, and the addresses that the frame around it links to."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from threadline.core.decision import Decision
from threadline.desk.glyphs import PRIVATE

NOW = datetime(2026, 11, 19, 14, 20, tzinfo=UTC)
KINDS = list(PRIVATE)
DECISION = Decision("stitch", "She gives order <b>HP-4711</b>, bought nine days before.", 0.93, "order number named 3")


def row(name: str, intent: str, last: str, minutes: int, *channels: str) -> dict[str, object]:
    since = NOW - timedelta(minutes=minutes)
    public = any(channel.endswith("+public") for channel in channels)
    return {"name": name, "intent": intent, "last": last, "since": since, "channels": channels, "public": public}


ROWS = [
    row("Tomasz Wilk", "Wrong colour", "Ordered pine green, got something I would call ‘hospital’.", 192, "purchase"),
    row("Ana Karlsson", "Faulty kettle", "Can you just send me a new one before then?", 78, *["email", "store"] * 5),
    row("@pans_and_plants", "Praise, and a question", "Do the Skerry pans work on induction?", 49, "x+public"),
]


def parts(request: HttpRequest) -> HttpResponse:
    request.user = SimpleNamespace(name="Bo Lindqvist", email="bo@example.com")  # type: ignore[assignment]
    channels = [(kind, False) for kind in KINDS] + [("x", True), ("facebook", True)]
    page = engines["django"].from_string(Path(__file__).with_suffix(".html").read_text())
    moments = {
        "long_ago": NOW - timedelta(days=2),
        "yesterday": NOW - timedelta(hours=19),
        "later": NOW.replace(hour=16),
    }
    context = {"now": NOW, "recent": NOW - timedelta(minutes=78), "decision": DECISION, "rows": ROWS, "my_turn": 7}
    return HttpResponse(page.render({**context, **moments, "channels": channels, "place": "queue"}, request))


def here(request: HttpRequest, name: str = "") -> HttpResponse:
    return HttpResponse(f"{request.method} {name}")


OTHERS = [
    "phone",
    "queue",
    "search",
    "call-new",
    "chats",
    "me",
    "manifest",
    "me-density",
    "notices",
    "notices-bell",
    "palette",
    "presence",
    "presence-here",
    "review-people",
    "settings-macros",
    "settings-policies",
    "settings-views",
    "sign-in",
    "sign-out",
    "work",
]
urlpatterns = [path("parts/", parts)] + [
    path("" if name == "queue" else f"{name}/", here, {"name": name}, name=name) for name in OTHERS
]
