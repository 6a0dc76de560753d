"""How fast we answer: what we promise, and what is true."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from threadline.portal.queries import times as queries


@require_safe
@cache_control(public=True, max_age=queries.FRESH)
def times(request: HttpRequest) -> HttpResponse:
    """For anybody: no story, no person, only how long people waited on each channel."""
    found = queries.published(now=timezone.now())
    return render(request, "portal/times.html", {"brands": found, "weeks": queries.WEEKS})
