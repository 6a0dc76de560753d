"""Drafts as one types, their files, and the words of macros and colleagues that are put into them."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from threadline.accounts.models import Agent
from threadline.accounts.rights import Right
from threadline.core.macros import filled
from threadline.desk.forms.story import DIGITS
from threadline.desk.queries.story import StoryPage
from threadline.desk.queries.story.guards import guards
from threadline.desk.queries.story.macros import offered, values_of
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.story.found import done, is_fragment, journey_for, refused
from threadline.desk.views.story.pages import shown
from threadline.interactions.actions.intake import clean
from threadline.interactions.actions.uploads import MOST_BYTES, attach, too_big
from threadline.journeys import actions
from threadline.journeys.actions.drafts import Written
from threadline.journeys.models import Draft, Journey, Macro
from threadline.lib.errors import ThreadlineError


@needs(Right.ANSWER, Right.NOTES)
@require_POST
def save(request: HttpRequest, journey_id: int) -> HttpResponse:
    """Keep what stands in the composer, and say what to think of. Asked at every pause in typing."""
    journey, now = journey_for(request, journey_id), timezone.now()
    written = written_in(request.POST)
    try:
        draft = actions.save_draft(journey=journey, written=written, by=agent_of(request), now=now)
    except ThreadlineError as error:
        return refused(request, str(error))
    if not is_fragment(request):
        return done(request, journey.pk, _("Kept as a draft."))
    found = guards(written.text, journey, written.way) if written.way != "note" else []
    values = {"guards": found, "draft": draft, "kept": draft is not None, "now": now, "journey": journey}
    return render(request, "desk/story/drafted.html", values)


@needs(Right.ANSWER, Right.NOTES)
@require_POST
def drop(request: HttpRequest, journey_id: int) -> HttpResponse:
    """Throw the draft away."""
    journey = journey_for(request, journey_id)
    actions.drop_draft(journey=journey, by=agent_of(request))
    return composer(request, journey, _("The draft is gone."))


@needs(Right.ANSWER)
@require_POST
def files(request: HttpRequest, journey_id: int) -> HttpResponse:
    """Attach files. What was written meanwhile is kept, too: without JavaScript it comes along."""
    journey, now, agent = journey_for(request, journey_id), timezone.now(), agent_of(request)
    error = ""
    try:
        actions.save_draft(journey=journey, written=written_in(request.POST), by=agent, now=now)
        for file in request.FILES.getlist("file"):
            if (file.size or 0) > MOST_BYTES:
                raise too_big(file.name or "", file.size or 0)
            upload = attach(name=file.name or "", data=file.read(), by=agent, now=now)
            actions.add_file(journey=journey, upload=upload, by=agent, now=now)
    except ThreadlineError as trouble:
        error = str(trouble)
    return _files(request, journey, error)


@needs(Right.ANSWER)
@require_POST
def remove_file(request: HttpRequest, journey_id: int, upload_id: int) -> HttpResponse:
    journey = journey_for(request, journey_id)
    actions.remove_file(journey=journey, upload=upload_id, by=agent_of(request), now=timezone.now())
    return _files(request, journey, "")


def _files(request: HttpRequest, journey: Journey, error: str) -> HttpResponse:
    if not is_fragment(request):
        return refused(request, error) if error else redirect("story", journey.pk)
    page = StoryPage(journey, agent_of(request), timezone.now())
    return render(request, "desk/story/files.html", shown(page, file_error=error), status=422 if error else 200)


# ---- words from elsewhere ------------------------------------------------------------------------------------------


@needs(Right.ANSWER, Right.NOTES)
@require_safe
def macros(request: HttpRequest, journey_id: int) -> HttpResponse:
    """What can be inserted with a slash, filled in for this story; a page of its own without JavaScript."""
    journey = journey_for(request, journey_id)
    found = offered(journey, agent_of(request))
    template = "desk/story/macros.html" if is_fragment(request) else "desk/story/macros_page.html"
    return render(request, template, {"offered": found, "journey": journey, "place": "queue"})


@needs(Right.ANSWER, Right.NOTES)
@require_POST
def use_macro(request: HttpRequest, journey_id: int, macro_id: int) -> HttpResponse:
    """Put its words into the draft; what it does happens when that is sent."""
    journey, agent = journey_for(request, journey_id), agent_of(request)
    macro = get_object_or_404(Macro.objects.visible_to(agent).standing(), pk=macro_id)
    text = filled(macro.text, values_of(journey, agent)).text
    actions.add_to_draft(journey=journey, text=text, macro=macro.pk, by=agent, now=timezone.now())
    return composer(request, journey, _("“%(macro)s” is in your draft.") % {"macro": macro})


@needs(Right.NOTES)
@require_safe
def colleagues(request: HttpRequest, journey_id: int) -> HttpResponse:
    """Whom a note can name with an @: those who may see this story."""
    journey = journey_for(request, journey_id)
    everybody = list(Agent.objects.filter(is_active=True).exclude(pk=agent_of(request).pk).order_by("name")[:200])
    if journey.team is not None and journey.team.restricted:
        everybody = [one for one in everybody if Journey.objects.visible_to(one).filter(pk=journey.pk).exists()]
    return render(request, "desk/story/colleagues.html", {"colleagues": everybody})


@needs(Right.ANSWER, Right.NOTES)
@require_POST
def use_draft(request: HttpRequest, journey_id: int, draft_id: int) -> HttpResponse:
    """Go on with a colleague's words: they are copied, and theirs stay."""
    journey = journey_for(request, journey_id)
    theirs = Draft.objects.filter(pk=draft_id, journey_id=journey.pk).select_related("agent").first()
    hidden = theirs is not None and theirs.way == "note" and not agent_of(request).may(Right.NOTES)
    if theirs is None or hidden:
        raise Http404
    actions.add_to_draft(journey=journey, text=theirs.text, by=agent_of(request), now=timezone.now())
    return composer(request, journey, _("The words of %(name)s are in your draft.") % {"name": theirs.agent.first_name})


def composer(request: HttpRequest, journey: Journey, text: str) -> HttpResponse:
    if not is_fragment(request):
        return done(request, journey.pk, text)
    page = StoryPage(journey, agent_of(request), timezone.now())
    return render(request, "desk/story/composer.html", shown(page, toast=text))


# ---- reading the form ----------------------------------------------------------------------------------------------


def written_in(posted: QueryDict, **more: Any) -> Written:
    """What stands in the composer, as it is sent with every request of it."""
    told: dict[str, Any] = {
        "text": clean(posted.get("text", "")).replace("\r\n", "\n"),
        "way": clean(posted.get("way", "")),
        "cc": clean(posted.get("cc", "")),
        "plain": posted.get("plain") == "1",
        "macros": numbers(posted.getlist("macro")),
        "seen": number(posted.get("seen", "")),
        **more,
    }
    return Written(**told)


def numbers(said: Sequence[str]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(found for each in said if (found := number(each))))[:20]


def number(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) <= DIGITS else 0
