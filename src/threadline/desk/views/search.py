"""Search."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from threadline.desk.queries.search import asked as reading
from threadline.desk.queries.search.results import KINDS
from threadline.desk.queries.search.results import search as search_for
from threadline.desk.signed_in import agent_of


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    asked = reading.read(request.GET.get("q", ""))
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else 0
    kind = request.GET.get("kind", "") if request.GET.get("kind") in KINDS else "touches" if number else ""
    results = search_for(asked, agent=agent_of(request), kind=kind, before=number)
    context = {"query": asked.text, "asked": asked, "results": results, "further": bool(number), "kind": kind}
    return render(request, "desk/search/search.html", {**context, "now": timezone.now(), "place": "search"})
