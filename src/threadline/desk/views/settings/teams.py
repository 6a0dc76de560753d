"""Teams: who shares work, and who sees it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from threadline.accounts import actions
from threadline.accounts.models import Team
from threadline.accounts.rights import Right
from threadline.desk.forms.settings.people import TeamForm
from threadline.desk.queries.settings import people as queries
from threadline.desk.queries.settings.lately import lately
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.settings.shell import given, kept, page

HERE = "settings-teams"


@needs(Right.PEOPLE)
@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    return page(request, "teams", HERE, teams=queries.teams())


@needs(Right.PEOPLE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form, by, now = TeamForm(given(request)), agent_of(request), timezone.now()
    if request.method == "POST":
        answer = kept(
            request,
            form,
            lambda said: actions.create_team(shape=form.shape(), members=said["members"], by=by, now=now),
            words=_("The team is there."),
            to=HERE,
        )
        if answer:
            return answer
    return page(request, "team", HERE, form=form, status=422 if form.errors else 200)


@needs(Right.PEOPLE)
@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    team = get_object_or_404(Team, pk=team_id)
    form, by, now = TeamForm(given(request), team=team), agent_of(request), timezone.now()
    if request.method == "POST":
        answer = kept(
            request,
            form,
            lambda said: actions.change_team(team=team, shape=form.shape(), members=said["members"], by=by, now=now),
            words=_("Kept. It holds from the next page anybody opens."),
            to="settings-team",
            args=(team.pk,),
        )
        if answer:
            return answer
    status = 422 if form.errors else 200
    return page(request, "team", HERE, form=form, team=team, lately=lately(team=team.pk), status=status)
