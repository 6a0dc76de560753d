"""What the palette offers for the words typed so far."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from threadline.accounts.models import Agent
from threadline.desk.forms.story import DIGITS
from threadline.desk.queries.palette import offered
from threadline.desk.signed_in import agent_of
from threadline.journeys.models import Journey

MOST_CHARS = 120


@login_required
@require_safe
def palette(request: HttpRequest) -> HttpResponse:
    """`story` is the one on the screen, `open` where it is the screen and not a preview."""
    agent, typed = agent_of(request), request.GET.get("q", "").replace("\0", "")[:MOST_CHARS]
    journey = _story(agent, request.GET.get("story", ""))
    open_story = bool(request.GET.get("open"))
    groups = offered(typed, agent=agent, journey=journey, open_story=open_story, now=timezone.now())
    return render(request, "desk/palette.html", {"groups": groups, "typed": typed})


def _story(agent: Agent, number: str) -> Journey | None:
    """One that is not there, or not for this agent, offers nothing."""
    if not (number.isascii() and number.isdigit() and len(number) <= DIGITS):
        return None
    return Journey.objects.visible_to(agent).standing().filter(pk=number).first()
