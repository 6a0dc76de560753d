"""One thing done to many stories: choose what, see how far it is, take it back as a whole."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from threadline.accounts.rights import Right
from threadline.desk.forms.bulk import chosen, how
from threadline.desk.queries.queue.bulk import asking, fitting, told
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.queue.asked import asked_for
from threadline.desk.views.story.found import is_fragment
from threadline.journeys import actions
from threadline.journeys.actions.bulk import take_back
from threadline.journeys.models import BulkRun


@needs(Right.ANSWER)
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """To whom, until when, about what. Nothing is written yet; so many stories do not fit an address."""
    return _choose(request, request.POST)


def _choose(request: HttpRequest, given: QueryDict) -> HttpResponse:
    agent, what = agent_of(request), given.get("what", "")
    stories, everything = _stories(request, given), bool(given.get("all"))
    kept = asked_for(request, agent, given).fields()
    context = {"asking": asking(what, stories, agent), "everything": everything, "kept": kept, "place": "queue"}
    return render(request, "desk/queue/choose.html", context)


@needs(Right.ANSWER)
@require_POST
def do(request: HttpRequest) -> HttpResponse:
    """A page of stories at once; more by a worker. All of a view is asked about once more, with the number."""
    given, agent, now = request.POST, agent_of(request), timezone.now()
    if given.get("all") and not given.get("sure"):
        return _choose(request, given)
    what, stories = given.get("what", ""), _stories(request, given)
    begun = actions.do_to_many(what=what, how=how(given, now=now), stories=stories, by=agent, now=now)
    return _answer(request, begun)


def _stories(request: HttpRequest, given: QueryDict) -> list[int]:
    """Those that were chosen, or all of the view, as it stands now."""
    if not given.get("all"):
        return chosen(given)
    asked = asked_for(request, agent_of(request), given)
    return fitting(asked.filters, agent_of(request), now=timezone.now())


@needs(Right.ANSWER)
@require_safe
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    return _shown(request, get_object_or_404(BulkRun.objects.filter(agent=agent_of(request)), pk=run_id))


@needs(Right.ANSWER)
@require_POST
def undo(request: HttpRequest, run_id: int) -> HttpResponse:
    first = get_object_or_404(BulkRun.objects.filter(agent=agent_of(request)), pk=run_id)
    return _answer(request, take_back(run=first, by=agent_of(request), now=timezone.now()))


def _answer(request: HttpRequest, begun: BulkRun) -> HttpResponse:
    if not is_fragment(request):
        return redirect("bulk-run", begun.pk)
    response = _shown(request, begun)
    response["HX-Trigger"] = "threadline:many"
    return response


def _shown(request: HttpRequest, shown: BulkRun) -> HttpResponse:
    context: Mapping[str, object] = {"run": told(shown, agent_of(request)), "place": "queue"}
    return render(request, "desk/queue/run.html", context)
