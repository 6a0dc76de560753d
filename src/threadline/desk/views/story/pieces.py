"""The pieces of a touch: why it is here, its HTML in a closed frame, and its files."""

import base64
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from threadline.accounts.events import record
from threadline.accounts.rights import Right
from threadline.core import mail
from threadline.core.uploads import is_picture
from threadline.desk import foreign
from threadline.desk.queries.story.why import why as why_of
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.story.found import is_fragment, membership_for, refused
from threadline.interactions.models import Attachment, IntakeEntry, Interaction, Media, Upload
from threadline.journeys.actions.ruling import restricted_team
from threadline.journeys.reaching import hiding
from threadline.lib.errors import ThreadlineError
from threadline.lib.ranges import ranged
from threadline.portal.queries.films import reader

PLAYED = frozenset({"video/webm"})
SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
PICTURE_BYTES = 2_000_000
FILE_POLICY = "default-src 'none'; sandbox"


@login_required
@require_safe
def why(request: HttpRequest, touch_id: int) -> HttpResponse:
    """Why a touch belongs to its story, and what may be done about it. Nobody asks, nobody sees it."""
    membership = membership_for(request, touch_id)
    template = "desk/story/why.html" if is_fragment(request) else "desk/story/why_page.html"
    values = {"why": why_of(membership, agent=agent_of(request)), "now": timezone.now(), "place": "queue"}
    return render(request, template, values)


@needs(Right.NUMBERS)
@require_POST
def whole(request: HttpRequest, touch_id: int) -> HttpResponse:
    """What they wrote with the numbers that are hidden elsewhere. Who looked stands in the audit log."""
    membership = membership_for(request, touch_id)
    touch, journey = membership.interaction, membership.journey
    try:
        text = hiding.whole(touch)
    except ThreadlineError as error:
        return refused(request, str(error))
    record(
        "number_shown",
        at=timezone.now(),
        by=agent_of(request),
        interaction_id=touch.pk,
        journey_id=journey.pk,
        customer_id=journey.customer_id,
        team_id=restricted_team(journey),
    )
    template = "desk/story/whole.html" if is_fragment(request) else "desk/story/whole_page.html"
    return render(request, template, {"text": text, "journey": journey, "place": "queue"})


@login_required
@require_safe
@xframe_options_sameorigin
def html(request: HttpRequest, touch_id: int) -> HttpResponse:
    """A mail as its sender laid it out, without anything that acts. `?images=1` fetches pictures from elsewhere."""
    touch = membership_for(request, touch_id).interaction
    if "text" in request.GET:
        return HttpResponse(touch.text, content_type="text/plain; charset=utf-8")
    if not touch.html:
        raise Http404
    remote = request.GET.get("images") == "1"
    page = foreign.harmless(touch.html, pictures=_pictures(touch), remote=remote)
    headers = {"Content-Security-Policy": foreign.frame_policy(remote=remote), "Referrer-Policy": "no-referrer"}
    return HttpResponse(page, headers=headers)


def _pictures(touch: Interaction) -> dict[str, str]:
    """The pictures inside a mail, as data addresses: the closed frame may fetch nothing."""
    files = [
        file
        for file in touch.attachments.exclude(content_id="")
        if file.content_type in SHOWN and file.size <= PICTURE_BYTES
    ]
    raw = _raw(touch.pk) if files else b""
    found = [(file, mail.file_bytes(raw, file.part)) for file in files[:20]]
    return {
        file.content_id.strip("<>"): f"data:{file.content_type};base64,{_coded(data)}"
        for file, data in found
        if is_picture(data, file.content_type)
    }


def _coded(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _raw(number: int) -> bytes:
    raw = IntakeEntry.objects.filter(pk=number).values_list("raw", flat=True).first()
    return bytes(raw) if raw is not None else b""


def bytes_of(file: Attachment) -> bytes:
    """What came in lies in the ledger's raw item, what we attached among the uploads."""
    entry = IntakeEntry.objects.filter(pk=file.interaction_id).only("raw", "source").first()
    if entry is not None and entry.source == "desk":
        data = Upload.objects.filter(pk=file.part).values_list("data", flat=True).first()
        return bytes(data) if data is not None else b""
    fetched = Media.objects.filter(entry=file.interaction_id, part=file.part).values_list("data", flat=True).first()
    if fetched is not None:
        return bytes(fetched)
    return mail.file_bytes(bytes(entry.raw) if entry is not None and entry.raw is not None else b"", file.part)


@login_required
@require_safe
def attachment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The bytes of a file, from the ledger. Harmless pictures may be looked at, ours be played; all else is saved."""
    file = get_object_or_404(Attachment, pk=pk)
    membership_for(request, file.interaction_id)
    if "play" in request.GET and file.content_type in PLAYED and file.interaction.attributes.get("in_browser"):
        return ranged(request, size=file.size, content_type=file.content_type, read=reader(file.part))
    data = bytes_of(file)
    if not data and file.size:
        raise Http404
    shown = file.content_type in SHOWN and is_picture(data, file.content_type) and "save" not in request.GET
    response = HttpResponse(data, content_type=file.content_type if shown else "application/octet-stream")
    name = quote(file.name.replace("/", "_"))
    response["Content-Disposition"] = f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{name}"
    response["Content-Security-Policy"] = FILE_POLICY
    response["Cache-Control"] = "private, max-age=3600"
    return response
