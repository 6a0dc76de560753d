"""How to reach us: the ways in the order in which they suit what somebody wants."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from threadline.portal.queries import contact as queries
from threadline.portal.queries.times import FRESH


@require_safe
@cache_control(public=True, max_age=FRESH)
def contact(request: HttpRequest) -> HttpResponse:
    """For anybody: our own addresses, what we promise there, and why one way suits better than another."""
    found = queries.contact(request.GET.get("about", "")[:120], now=timezone.now())
    return render(request, "portal/contact.html", {"contact": found})
