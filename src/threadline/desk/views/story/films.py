"""Short videos in the composer: made, captioned, looked at, withdrawn."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from threadline.accounts.rights import Right
from threadline.desk.queries.story import StoryPage
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.story.drafting import number
from threadline.desk.views.story.found import done, is_fragment, journey_for, refused
from threadline.desk.views.story.pages import shown
from threadline.interactions.actions.uploads import MOST_BYTES, too_big
from threadline.journeys.models import Journey
from threadline.lib.errors import ThreadlineError
from threadline.lib.ranges import ranged
from threadline.portal.actions import filming
from threadline.portal.models import Film
from threadline.portal.queries.films import reader


@needs()
@require_safe
def films(request: HttpRequest, journey_id: int) -> HttpResponse:
    """The list below the composer."""
    return _listed(request, journey_for(request, journey_id))


@needs(Right.ANSWER)
@require_POST
def new(request: HttpRequest, journey_id: int) -> HttpResponse:
    """Keep a video; its address goes into the answer. `film` is the file, `seconds` and `captions` go along."""
    journey, file = journey_for(request, journey_id), request.FILES.get("film")
    try:
        if file is None:
            raise ThreadlineError(_("There is no video. Record one, or choose a file."))
        if (file.size or 0) > MOST_BYTES:
            raise too_big(file.name or "", file.size or 0)
        film = filming.make_film(
            journey=journey,
            name=file.name or "",
            data=file.read(),
            seconds=number(request.POST.get("seconds", "")),
            by=agent_of(request),
            now=timezone.now(),
        )
        if request.POST.get("captions", "").strip():
            filming.caption(film=film, written=request.POST["captions"])
    except ThreadlineError as error:
        return JsonResponse({"reason": str(error)}, status=422)
    return JsonResponse({"film": film.pk, "address": film.address})


@needs()
@require_safe
def media(request: HttpRequest, film_id: int) -> HttpResponseBase:
    """For us, also before it goes out and after its page was closed."""
    film, _journey = film_for(request, film_id)
    upload = film.upload
    return ranged(request, size=upload.size, content_type=upload.content_type, read=reader(upload.pk))


@needs(Right.ANSWER)
@require_POST
def captions(request: HttpRequest, film_id: int) -> HttpResponse:
    """A WebVTT file, written or chosen, or plain sentences."""
    film, journey = film_for(request, film_id)
    file = request.FILES.get("file")
    try:
        if file is not None and (file.size or 0) > 200_000:
            raise ThreadlineError(_("This is no file of captions: it is too large."))
        written = file.read().decode("utf-8", "replace") if file is not None else request.POST.get("captions", "")
        filming.caption(film=film, written=written)
    except ThreadlineError as error:
        if not is_fragment(request):
            return refused(request, str(error))
        return _listed(request, journey, wrong=film.pk, film_error=str(error), written=written, status=422)
    return _listed(request, journey) if is_fragment(request) else done(request, journey.pk, _("The captions are kept."))


@needs(Right.ANSWER)
@require_POST
def withdraw(request: HttpRequest, film_id: int) -> HttpResponse:
    film, journey = film_for(request, film_id)
    event = filming.withdraw(film=film, by=agent_of(request), now=timezone.now())
    if event is None:
        return done(request, journey.pk, _("The video is thrown away. Take its link out of your answer."))
    back = reverse("film-back", args=[film_id])
    return done(request, journey.pk, _("Withdrawn: the page of the video is closed."), undo=back)


@needs(Right.ANSWER)
@require_POST
def put_back(request: HttpRequest, film_id: int) -> HttpResponse:
    film, journey = film_for(request, film_id)
    filming.put_back(film=film, by=agent_of(request), now=timezone.now())
    return done(request, journey.pk, _("The page of the video is open again."))


def film_for(request: HttpRequest, film_id: int) -> tuple[Film, Journey]:
    """The video with its story, or 404 for those who may not see that."""
    film = Film.objects.filter(pk=film_id).select_related("upload", "by").defer("upload__data").first()
    if film is None:
        raise Http404
    return film, journey_for(request, film.journey)


def _listed(request: HttpRequest, journey: Journey, *, status: int = 200, **more: object) -> HttpResponse:
    page = StoryPage(journey, agent_of(request), timezone.now())
    return render(request, "desk/story/films.html", shown(page, **more), status=status)
