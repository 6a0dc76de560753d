"""The story page and its fragments."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from threadline.accounts.sights import saw
from threadline.desk.queries.story import StoryPage
from threadline.desk.signed_in import agent_of
from threadline.desk.views.story.found import Joined, is_fragment, standing_for, to_standing
from threadline.lib.pages import LISTENS, POLICY

# What one asks a customer without telling anything about anybody else; it stands in the composer, to be changed.
QUESTIONS = {
    "same": _(
        "May I ask something? Have you also written or called us from another address or number, or in somebody’s "
        "name? If so, tell me which, and I will put everything together."
    )
}


@login_required
@require_safe
def story(request: HttpRequest, journey_id: int) -> HttpResponse:
    """The whole page. A story that was joined leads to the one it became part of."""
    question = QUESTIONS.get(request.GET.get("ask", ""), "")
    return _shown(request, journey_id, "desk/story/story.html", text=question, noted=True)


@login_required
@require_safe
def head(request: HttpRequest, journey_id: int) -> HttpResponse:
    """Who, title, clock and picture."""
    return _shown(request, journey_id, "desk/story/head.html")


@login_required
@require_safe
def touches(request: HttpRequest, journey_id: int) -> HttpResponse:
    """The scroll, or with `before` the part of it that came earlier."""
    earlier = "before" in request.GET
    return _shown(request, journey_id, "desk/story/items.html" if earlier else "desk/story/touches.html")


@login_required
@require_safe
def brief(request: HttpRequest, journey_id: int) -> HttpResponse:
    """The brief and the other stories."""
    return _shown(request, journey_id, "desk/story/beside.html")


def _shown(request: HttpRequest, journey_id: int, template: str, *, noted: bool = False, **more: Any) -> HttpResponse:
    try:
        journey = standing_for(request, journey_id)
    except Joined as joined:
        return _leave(request, joined.into)
    if noted:
        saw(agent_of(request), customer=journey.customer_id, journey=journey.pk)
    page = StoryPage(
        journey,
        agent_of(request),
        timezone.now(),
        before=number(request, "before"),
        since=number(request, "since"),
        fragment=is_fragment(request),
    )
    answer = render(request, template, shown(page, **more))
    if noted:  # the whole page, where short videos are recorded
        answer["Permissions-Policy"] = LISTENS
        answer["Content-Security-Policy"] = f"{POLICY}; media-src 'self' blob:"
    return answer


def shown(page: StoryPage, **more: Any) -> dict[str, Any]:
    """What the templates need."""
    return {
        "page": page,
        "journey": page.journey,
        "now": page.now,
        "place": "queue",
        "fragment": page.fragment,
        **more,
    }


def _leave(request: HttpRequest, journey_id: int) -> HttpResponse:
    """A page redirects; a fragment asks the browser to go there."""
    answer = to_standing(request, journey_id)
    if is_fragment(request):
        return HttpResponse(status=200, headers={"HX-Redirect": answer.url})
    return answer


def number(request: HttpRequest, name: str) -> int | None:
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None
