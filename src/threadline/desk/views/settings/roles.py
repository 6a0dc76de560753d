"""Roles: sets of rights."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from threadline.accounts import actions
from threadline.accounts.models import Role
from threadline.accounts.rights import AGENT, Right
from threadline.desk.forms.settings.people import RoleForm
from threadline.desk.queries.settings import people as queries
from threadline.desk.queries.settings.lately import lately
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.settings.shell import done, given, kept, page

HERE = "settings-roles"


@needs(Right.PEOPLE)
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """Every role beside every right, in one table."""
    columns = queries.roles()
    lines = [(right.label, [right.value in column.rights for column in columns]) for right in Right]
    return page(request, "roles", HERE, columns=columns, lines=lines)


@needs(Right.PEOPLE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form, by, now = RoleForm(given(request), initial={"rights": sorted(AGENT)}), agent_of(request), timezone.now()
    if request.method == "POST":
        answer = kept(
            request,
            form,
            lambda said: actions.create_role(name=said["name"], rights=said["rights"], by=by, now=now),
            words=_("The role is there. Give it to people under People."),
            to=HERE,
        )
        if answer:
            return answer
    return page(request, "role", HERE, form=form, status=422 if form.errors else 200)


@needs(Right.PEOPLE)
@require_http_methods(["GET", "POST"])
def role(request: HttpRequest, role_id: int) -> HttpResponse:
    role = get_object_or_404(Role, pk=role_id)
    form, by, now = RoleForm(given(request), role=role), agent_of(request), timezone.now()
    if request.method == "POST":
        answer = kept(
            request,
            form,
            lambda said: actions.change_role(role=role, name=said["name"], rights=said["rights"], by=by, now=now),
            words=_("Kept. It holds from the next page they open."),
            to="settings-role",
            args=(role.pk,),
        )
        if answer:
            return answer
    shown = {"form": form, "role": role, "lately": lately(role=role.pk), "holders": role.agents.order_by("name")[:50]}
    return page(request, "role", HERE, status=422 if form.errors else 200, **shown)


@needs(Right.PEOPLE)
@require_POST
def drop(request: HttpRequest, role_id: int) -> HttpResponse:
    role = get_object_or_404(Role, pk=role_id)
    event = actions.drop_role(role=role, by=agent_of(request), now=timezone.now())
    return done(request, _("The role is gone."), event, to=HERE)
