"""Fields that a house adds: filled in on the page of a story or a person, and defined in the settings."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from threadline.accounts.models import Event
from threadline.accounts.rights import Right
from threadline.desk.forms.fields import FieldForm, of_field
from threadline.desk.queries.fields import lines, words_of
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.people import found as person_found
from threadline.desk.views.settings import shell
from threadline.desk.views.story.doing import told_person
from threadline.desk.views.story.found import done, is_fragment, journey_for
from threadline.journeys import actions
from threadline.journeys.actions.fields import set_field_at
from threadline.journeys.fields import keeping
from threadline.journeys.models import Field
from threadline.lib.errors import ThreadlineError

HERE = "settings-fields"


@needs(Right.ANSWER)
@require_POST
def of_story(request: HttpRequest, journey_id: int, field_id: int) -> HttpResponse:
    """A field of the story, or of its person, from the page of the story."""
    journey, field = journey_for(request, journey_id), _field(request, field_id)
    event = set_field_at(field, _said(request), journey=journey, by=agent_of(request), now=timezone.now())
    return done(request, journey.pk, _words(field, event), event)


@needs(Right.ANSWER)
@require_POST
def of_person(request: HttpRequest, customer_id: int, field_id: int) -> HttpResponse:
    customer = person_found(request, customer_id)
    field = _field(request, field_id, of=Field.Of.PERSON)
    agent, now = agent_of(request), timezone.now()
    event = actions.set_field(field=field, value=_said(request), customer=customer, by=agent, now=now)
    if is_fragment(request):
        return told_person(done(request, 0, _words(field, event), event), customer.pk)
    messages.success(request, _words(field, event), extra_tags=reverse("event-undo", args=[event.pk]) if event else "")
    return redirect("person", customer.pk)


def _field(request: HttpRequest, number: int, **more: str) -> Field:
    return get_object_or_404(Field.objects.visible_to(agent_of(request)).standing(), pk=number, **more)


def _said(request: HttpRequest) -> str:
    return request.POST.get("value", "")


def _words(field: Field, event: Event | None) -> str:
    if event is None:
        return _("It stands there already.")
    value = words_of(field.kind, event.facts["value"])
    said = {"name": field.name, "value": value}
    return _("%(name)s: %(value)s") % said if value else _("%(name)s is empty.") % said


# ---- settings ------------------------------------------------------------------------------------------------------


@needs(Right.WORK)
@require_safe
def fields(request: HttpRequest) -> HttpResponse:
    return shell.page(request, "fields", HERE, standing=lines(on=True), off=lines(on=False))


@needs(Right.WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def field(request: HttpRequest, field_id: int | None = None) -> HttpResponse:
    """One field, or a new one."""
    known = get_object_or_404(Field, pk=field_id) if field_id else None
    form, error = FieldForm(shell.given(request), field=known, initial=of_field(known)), ""
    if request.method == "POST" and form.is_valid():
        try:
            kept = keeping.write_field(values=form.values(), field=known, by=agent_of(request), now=timezone.now())
        except ThreadlineError as trouble:
            error = str(trouble)
        else:
            messages.success(request, _("“%(name)s” is kept.") % {"name": kept.name})
            return redirect(HERE)
    shown: dict[str, Any] = {"form": form, "field": known, "error": error, "names": _names(known)}
    return shell.page(request, "own_field", HERE, status=422 if error or form.errors else 200, **shown)


def _names(known: Field | None) -> list[str]:
    """How rules and programs call it."""
    if known is None:
        return []
    return [f"{'story' if known.of == Field.Of.STORY else 'customer'}.fields.{known.key}"]


@needs(Right.WORK)
@require_POST
def switch(request: HttpRequest, field_id: int) -> HttpResponse:
    """Off, or on again with all its values."""
    known, on = get_object_or_404(Field, pk=field_id), "on" in request.GET or "on" in request.POST
    keeping.switch_field(field=known, on=on, by=agent_of(request), now=timezone.now())
    if on:
        messages.success(request, _("“%(name)s” is back, with all its values.") % {"name": known.name})
    else:
        words = _("“%(name)s” is switched off. Its values are kept.") % {"name": known.name}
        messages.success(request, words, extra_tags=f"{reverse('settings-field-switch', args=[known.pk])}?on=1")
    if is_fragment(request):
        return HttpResponse(status=200, headers={"HX-Redirect": reverse(HERE)})
    return redirect(HERE)


@needs(Right.WORK)
@require_POST
def up(request: HttpRequest, field_id: int) -> HttpResponse:
    """One place earlier, for everybody."""
    known = get_object_or_404(Field.objects.standing(), pk=field_id)
    keeping.move_up(field=known, by=agent_of(request), now=timezone.now())
    return redirect(f"{reverse(HERE)}#field-{field_id}")
