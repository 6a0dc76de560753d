"""Answers and notes."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from threadline.accounts.models import Event
from threadline.accounts.rights import Right
from threadline.desk.forms import story as forms_of_story
from threadline.desk.moments import planned
from threadline.desk.queries.story import StoryPage
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.story.found import done, is_fragment, journey_for, told
from threadline.desk.views.story.pages import shown
from threadline.journeys import actions
from threadline.journeys.actions.reply import NewerTouch
from threadline.journeys.changes import UNDOES
from threadline.journeys.models import Journey
from threadline.lib.errors import ThreadlineError


@needs(Right.ANSWER, Right.NOTES)
@require_POST
def reply(request: HttpRequest, journey_id: int) -> HttpResponseBase:
    """Answer, or with `way=note` write a note."""
    return note(request, journey_id) if request.POST.get("way") == "note" else answer(request, journey_id)


@needs(Right.ANSWER)
@require_POST
def answer(request: HttpRequest, journey_id: int) -> HttpResponse:
    journey = journey_for(request, journey_id)
    page = StoryPage(journey, agent_of(request), timezone.now(), chosen=request.POST.get("way", ""))
    form = forms_of_story.Reply(request.POST, options=page.options)
    if not form.is_valid():
        return _again(request, page, error=forms_of_story.first_error(form))
    try:
        event = _send(page, form.cleaned_data)
    except NewerTouch as newer:
        return _again(request, page, newer=str(newer))
    except ThreadlineError as error:
        return _again(request, page, error=str(error))
    return _sent(request, journey, _said(page, form.cleaned_data), event)


def _send(page: StoryPage, said: dict[str, Any]) -> Event | None:
    journey, agent, now = page.journey, page.agent, page.now
    actions.reply(
        journey=journey,
        text=said["text"],
        way=said["way"].way,
        by=agent,
        now=now,
        seen=said["seen"] or 0,
        even_if_stale=said["stale"],
    )
    journey.refresh_from_db()
    if said["then"] == "done":
        return actions.finish(journey=journey, by=agent, now=timezone.now())
    if said["then"]:
        until = forms_of_story.sleep_until(said["then"], now)
        return actions.snooze(journey=journey, until=until, by=agent, now=timezone.now())
    return None


def _said(page: StoryPage, said: dict[str, Any]) -> str:
    to = said["way"].to
    if said["then"] == "done":
        return _("On its way to %(address)s, and done.") % {"address": to}
    if said["then"]:
        until = planned(forms_of_story.sleep_until(said["then"], page.now), now=page.now)
        return _("On its way to %(address)s. Back %(moment)s, or when they write.") % {"address": to, "moment": until}
    return _("On its way to %(address)s. Now it is their turn.") % {"address": to}


@needs(Right.NOTES)
@require_POST
def note(request: HttpRequest, journey_id: int) -> HttpResponse:
    journey = journey_for(request, journey_id)
    form = forms_of_story.Note(request.POST)
    now = timezone.now()
    page = StoryPage(journey, agent_of(request), now, chosen="note")
    if not form.is_valid():
        return _again(request, page, error=forms_of_story.first_error(form))
    try:
        actions.note(journey=journey, text=form.cleaned_data["text"], by=page.agent, now=now)
    except ThreadlineError as error:
        return _again(request, page, error=str(error))
    return _sent(request, journey, _("Noted. Only we can read it."), None)


def _sent(request: HttpRequest, journey: Journey, text: str, event: Event | None) -> HttpResponse:
    """An empty composer and the news; without htmx, the page again."""
    if not is_fragment(request):
        return done(request, journey.pk, text, event)
    journey.refresh_from_db()
    page = StoryPage(journey, agent_of(request), timezone.now())
    undo = reverse("event-undo", args=[event.pk]) if event and event.verb in UNDOES else ""
    return told(render(request, "desk/story/composer.html", shown(page, toast=text, undo=undo)), journey.pk)


def _again(request: HttpRequest, page: StoryPage, **why: Any) -> HttpResponse:
    """The composer with what was written still in it, and why it was not sent."""
    kept = {"text": request.POST.get("text", ""), "seen": request.POST.get("seen")}
    template = "desk/story/composer.html" if is_fragment(request) else "desk/story/story.html"
    return render(request, template, shown(page, **kept, **why), status=422)
