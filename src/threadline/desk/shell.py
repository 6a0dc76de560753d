"""What the frame around every page needs to know."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache

from django.db.models import Count, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone

from threadline.accounts.models import Agent, Event
from threadline.accounts.rights import SETTINGS
from threadline.desk.queries import notices
from threadline.desk.queries.queue import counts
from threadline.journeys.notices.seeing import visible

# Events are numbered before they are committed: a screen hears those of the last moments once more, rather than never.
SLACK = timedelta(seconds=3)


def shell(request: HttpRequest) -> dict[str, object]:
    """The theme is a cookie, so that the first paint is already right. What costs a query is asked for late."""
    return {
        "theme": request.COOKIES.get("theme") if request.COOKIES.get("theme") in ("light", "dark") else "",
        "density": _density(request),
        "my_turn": _my_turn(request),
        "may": rights_of(request),
        **_frame(request),
    }


def _density(request: HttpRequest) -> str:
    """The agent's own on every machine; that of this browser while nobody is signed in."""
    agent = getattr(request, "user", None)
    chosen = agent.density if isinstance(agent, Agent) else request.COOKIES.get("density")
    return "compact" if chosen == "compact" else ""


def rights_of(request: HttpRequest) -> dict[str, bool]:
    """For templates: `{% if may.organise %}`; `may.settings` where there is any page of settings to see."""
    agent = getattr(request, "user", None)
    if not isinstance(agent, Agent):
        return {}
    return dict.fromkeys([*agent.rights, *(["settings"] if agent.rights & SETTINGS else [])], True)


def _my_turn(request: HttpRequest) -> Callable[[], str]:
    """How many stories wait for this agent; asked once a page, and only by pages that show it."""

    @cache
    def count() -> str:
        agent = getattr(request, "user", None)
        return str(counts.shown(counts.my_turn(agent))) if isinstance(agent, Agent) else ""

    return count


def _frame(request: HttpRequest) -> dict[str, Callable[[], object]]:
    """Asked once a page, and late."""
    agent = getattr(request, "user", None)
    if not isinstance(agent, Agent):
        return {}

    @cache
    def asked() -> dict[str, object]:
        return frame_of(agent)

    return {"live_since": lambda: asked()["live_since"], "news": lambda: asked()["news"]}


def frame_of(agent: Agent) -> dict[str, object]:
    """From where on a fresh screen listens, and how many stories have news for its agent: one query for both."""
    count = visible(agent).unseen().order_by().values("agent").annotate(n=Count("pk")).values("n")
    both = Coalesce(Subquery(_heard().values("pk")[:1]), 0), Coalesce(Subquery(count), 0)
    since, new = (
        Agent._base_manager.filter(pk=agent.pk).values_list(*both).get()
    )  # without what comes along with agents
    return {"live_since": since, "news": notices.shown(new)}


def live_since() -> int:
    """From where on a fresh screen without a bar listens."""
    return _heard().values_list("pk", flat=True).first() or 0


def _heard() -> QuerySet[Event]:
    return Event.objects.filter(recorded_at__lt=timezone.now() - SLACK).order_by("-pk")
