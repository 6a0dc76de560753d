"""Answers and notes: sent, sent later, taken back."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from threadline.accounts.rights import Right
from threadline.desk.forms import story as forms_of_story
from threadline.desk.moments import planned
from threadline.desk.queries.story import StoryPage
from threadline.desk.queries.story.guards import guards
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.story.drafting import written_in
from threadline.desk.views.story.found import done, is_fragment, journey_for, membership_for, told
from threadline.desk.views.story.pages import shown
from threadline.interactions.models import Interaction
from threadline.journeys import actions
from threadline.journeys.actions.drafts import Written
from threadline.journeys.actions.outbox import done_with
from threadline.journeys.actions.reply import NewerTouch
from threadline.journeys.models import Journey
from threadline.journeys.moments import morning
from threadline.lib.errors import ThreadlineError


@needs(Right.ANSWER, Right.NOTES)
@require_POST
def reply(request: HttpRequest, journey_id: int) -> HttpResponseBase:
    """Answer, now or later, or with `way=note` write a note."""
    return note(request, journey_id) if request.POST.get("way") == "note" else answer(request, journey_id)


@needs(Right.ANSWER)
@require_POST
def answer(request: HttpRequest, journey_id: int) -> HttpResponse:
    journey = journey_for(request, journey_id)
    page = StoryPage(journey, agent_of(request), timezone.now(), chosen=request.POST.get("way", ""))
    form = forms_of_story.Reply(request.POST, options=page.options)
    if not form.is_valid():
        return again(request, page, error=forms_of_story.first_error(form))
    said = form.cleaned_data
    if request.POST.get("file") and not is_fragment(request):
        left = _("“%(name)s” is chosen and not attached yet. Attach it, or choose no file.")
        return again(request, page, error=left % {"name": request.POST["file"]})
    try:
        if not said["stale"] and (unsaid := _not_said_yet(request, journey, said)):
            return again(request, page, guards=unsaid, guarded=True)
        if said["later"]:
            return _schedule(request, page, said)
        touch = _send(request, page, said)
    except NewerTouch as newer:
        return again(request, StoryPage(journey, page.agent, page.now, chosen=page.chosen), newer=str(newer))
    except ThreadlineError as error:
        return again(request, page, error=str(error))
    return _went(request, journey, touch, _said(page, said), held=bool(_hold(said)))


def _not_said_yet(request: HttpRequest, journey: Journey, said: dict[str, Any]) -> list[Any]:
    """Warnings that the writer has not been shown: what was shown and left as it is, is meant."""
    warned = set(request.POST.getlist("warned"))
    return [guard for guard in guards(said["text"], journey, said["way"].key) if guard.key not in warned]


def _send(request: HttpRequest, page: StoryPage, said: dict[str, Any]) -> Interaction:
    return actions.answer(
        journey=page.journey,
        written=_written(request, said),
        way=said["way"].way,
        by=page.agent,
        now=page.now,
        hold=_hold(said),
        files=page.draft.files if page.draft else (),
    )


def _hold(said: dict[str, Any]) -> timedelta:
    """How long it waits to be taken back: where somebody sits and reads, not at all."""
    return timedelta(seconds=0 if said["way"].limits.at_once else settings.UNDO_SECONDS)


def _written(request: HttpRequest, said: dict[str, Any]) -> Written:
    until = said["until"] if said["then"] == "pick" else None
    then = "" if said["then"] == "pick" else said["then"]
    seen = max(said["seen"] or 0, said["stale"] or 0)
    return written_in(request.POST, way=said["way"].key, then=then, until=until, seen=seen)


def _said(page: StoryPage, said: dict[str, Any]) -> str:
    to, then = said["way"].to, said["then"]
    if then == "done":
        return _("On its way to %(address)s, and done.") % {"address": to}
    if then:
        until = planned(said["until"] if then == "pick" else morning(then, page.now), now=page.now)
        return _("On its way to %(address)s. Back %(moment)s, or when they write.") % {"address": to, "moment": until}
    return _("On its way to %(address)s. Now it is their turn.") % {"address": to}


def _went(request: HttpRequest, journey: Journey, touch: Interaction, text: str, *, held: bool) -> HttpResponse:
    """An empty composer and the news; while the answer is held, all of it can be taken back."""
    if held:
        return _written_down(request, journey, text, reverse("touch-take-back", args=[touch.pk]), held=True)
    event = next(iter(reversed(done_with(touch, journey))), None)
    return _written_down(request, journey, text, reverse("event-undo", args=[event.pk]) if event else "")


def _schedule(request: HttpRequest, page: StoryPage, said: dict[str, Any]) -> HttpResponse:
    at: datetime = said["send_at"] if said["later"] == "pick" else morning(said["later"], page.now)
    written = _written(request, said)
    actions.schedule(journey=page.journey, written=written, at=at, by=page.agent, now=page.now)
    moment = planned(at, now=page.now)
    text = _("It goes out %(moment)s, unless somebody writes before.") % {"moment": moment}
    return _written_down(request, page.journey, text, "")


@needs(Right.ANSWER)
@require_POST
def unschedule(request: HttpRequest, journey_id: int) -> HttpResponse:
    """A planned answer becomes a draft again."""
    journey = journey_for(request, journey_id)
    actions.unschedule(journey=journey, by=agent_of(request), now=timezone.now())
    return _written_down(request, journey, _("It is a draft again."), "")


@needs(Right.ANSWER)
@require_POST
def take_back(request: HttpRequest, touch_id: int) -> HttpResponse:
    """Undo sending while the answer is held."""
    membership = membership_for(request, touch_id)
    touch = get_object_or_404(Interaction, pk=touch_id)
    actions.take_back(interaction=touch, by=agent_of(request), now=timezone.now())
    return _written_down(request, membership.journey, _("Taken back. It is a draft again."), "")


@needs(Right.NOTES)
@require_POST
def note(request: HttpRequest, journey_id: int) -> HttpResponse:
    journey = journey_for(request, journey_id)
    form = forms_of_story.Note(request.POST)
    now = timezone.now()
    page = StoryPage(journey, agent_of(request), now, chosen="note")
    if not form.is_valid():
        return again(request, page, error=forms_of_story.first_error(form))
    try:
        macros = written_in(request.POST).macros
        actions.keep_note(journey=journey, text=form.cleaned_data["text"], macros=macros, by=page.agent, now=now)
    except ThreadlineError as error:
        return again(request, page, error=str(error))
    return _written_down(request, journey, _("Noted. Only we can read it."), "")


def _written_down(request: HttpRequest, journey: Journey, text: str, undo: str, *, held: bool = False) -> HttpResponse:
    """The composer as it stands now, and the news; without htmx, the page again."""
    if not is_fragment(request):
        return done(request, journey.pk, text, undo=undo)
    journey.refresh_from_db()
    page = StoryPage(journey, agent_of(request), timezone.now())
    more = {"undo_target": "#composer", "seconds": settings.UNDO_SECONDS} if held else {}
    values = shown(page, toast=text, undo=undo, **more)
    return told(render(request, "desk/story/composer.html", values), journey.pk)


def again(request: HttpRequest, page: StoryPage, **why: Any) -> HttpResponse:
    """The composer with what was written still in it, and why it was not sent."""
    kept = {"text": request.POST.get("text", ""), "seen": request.POST.get("seen"), "typed": written_in(request.POST)}
    template = "desk/story/composer.html" if is_fragment(request) else "desk/story/story.html"
    return render(request, template, shown(page, **kept, **why), status=422)
