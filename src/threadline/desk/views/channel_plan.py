"""Settings: which channel is for what, what each may carry, and the words between public and private."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from threadline.accounts.rights import Right
from threadline.core.fitness import NETWORKS, Wording
from threadline.desk.forms import channel_plan as forms
from threadline.desk.queries import channel_plan as queries
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.settings.shell import page
from threadline.desk.views.story.found import is_fragment
from threadline.journeys.reaching import plans
from threadline.lib.errors import ThreadlineError

HERE = "channel-matrix"


@needs(Right.WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def matrix(request: HttpRequest) -> HttpResponse:
    """One group of the grid at a time; `levels` says what each channel may carry."""
    shown = queries.matrix(request.POST.get("group") or request.GET.get("group", ""))
    if request.method != "POST":
        return _matrix(request, shown)
    try:
        edit, what = _asked(request, shown)
        return _kept(request, edit, what, f"{reverse(HERE)}?{urlencode({'group': shown.here})}")
    except (ThreadlineError, ValueError) as refused:
        return _matrix(request, shown, error=str(refused), status=422)


def _asked(request: HttpRequest, shown: queries.Matrix) -> tuple[forms.Edit, str]:
    """Which part of the page was sent, as a change and in words."""
    told = request.POST.dict()
    if "levels" in told:
        return forms.levels(told, shown), _("What each channel may carry")
    if "manners" in told:
        return forms.manners(told, shown), _("When we write by ourselves")
    return forms.grid(told, shown), _("Which channel for “%(group)s”") % {"group": shown.here}


@needs(Right.WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest, network: str) -> HttpResponse:
    """The three texts of one network."""
    if network not in NETWORKS:
        raise Http404(_("There are no words for this network."))
    name, shown = queries.network_name(network), queries.matrix()
    wording, error = shown.plan.wording(network), ""
    if request.method == "POST":
        try:
            what = _("The words on %(network)s") % {"network": name}
            return _kept(request, forms.words(request.POST.dict(), network), what, reverse(HERE))
        except ThreadlineError as refused:
            error = str(refused)
    values: dict[str, Any] = {
        "network": network,
        "called": name,
        "seen": shown.seen,
        "said": request.POST if error else {name: getattr(wording, name) for name in Wording.__slots__},
        "error": error,
    }
    return page(request, "channel_words", HERE, **values, status=422 if error else 200)


@needs(Right.WORK)
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    row = plans.undo(by=agent_of(request), now=timezone.now())
    messages.success(request, f"{row.words}.")
    if is_fragment(request):
        return HttpResponse(headers={"HX-Redirect": reverse(HERE)})
    return redirect(HERE)


def _kept(request: HttpRequest, edit: forms.Edit, what: str, to: str) -> HttpResponse:
    told = request.POST.get("seen", "")
    seen = int(told) if told.isascii() and told.isdigit() and len(told) < 19 else 0
    row = plans.change(edit, words=what, by=agent_of(request), now=timezone.now(), seen=seen)
    if row is None:
        messages.success(request, _("Nothing was different."))
    else:
        messages.success(request, _("Saved. It counts from now on."), extra_tags=reverse("channel-plan-undo"))
    return redirect(to)


def _matrix(request: HttpRequest, shown: queries.Matrix, *, error: str = "", status: int = 200) -> HttpResponse:
    values: dict[str, Any] = {
        "matrix": shown,
        "complexities": queries.choices(queries.COMPLEXITIES),
        "privacies": queries.choices(queries.PRIVACIES),
        "standings": [(str(key), words) for key, words in queries.STANDINGS.items()],
        "error": error,
    }
    return page(request, "channel_matrix", HERE, **values, status=status)
