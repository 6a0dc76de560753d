"""Telephone calls: take one, hand it over, end it, write along; and the calls that we promised.

Each action is written first; the provider is asked afterwards. What it refuses is said, and taken back here.
"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from threadline.accounts.models import Agent, Team
from threadline.accounts.rights import Right
from threadline.core.understanding.contacts import e164
from threadline.desk.queries import phone as queries
from threadline.desk.queries.people.finding import id_in
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.story.found import is_fragment, journey_for, membership_for
from threadline.desk.views.story.pieces import bytes_of
from threadline.interactions.models import Attachment
from threadline.lib.errors import ThreadlineError
from threadline.lib.ranges import ranged
from threadline.portal.actions import callbacks, phoning
from threadline.portal.models import Callback, PhoneCall, PhoneLeg
from threadline.portal.phone import provider

HEARD = "audio/mpeg"
MP3 = (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")


@needs(Right.ANSWER)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    return _board(request, "desk/phone/phone.html")


@needs(Right.ANSWER)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    return _board(request, "desk/phone/board.html")


@needs(Right.ANSWER)
@require_safe
def rings(request: HttpRequest, event_id: int) -> HttpResponse:
    """The notice that somebody waits on the telephone, on whatever screen is open; nothing once somebody took it."""
    card = queries.rings(event_id, agent_of(request), now=timezone.now())
    if card is None:
        return HttpResponse(status=204)
    return render(request, "desk/phone/rings.html", {"card": card, "now": card.now})


@needs(Right.ANSWER)
@require_POST
def handset(request: HttpRequest) -> HttpResponse:
    """The telephone that rings when I take a call."""
    given = request.POST.get("number", "").strip()[:40]
    number = e164(given, "GB") if given else ""
    if given and not number:
        raise ThreadlineError(
            _("“%(number)s” is no telephone number. Write it with its country: +44…") % {"number": given}
        )
    phoning.set_handset(agent=agent_of(request), number=number, now=timezone.now())
    messages.success(
        request,
        _("Calls ring at %(number)s now.") % {"number": number}
        if number
        else _("No telephone of yours rings any more."),
    )
    return redirect("phone")


# ---- a call ---------------------------------------------------------------------------------------------------------


@needs(Right.ANSWER)
@require_POST
def take(request: HttpRequest, call_id: int) -> HttpResponse:
    """My telephone rings; it says who it is, and connects us."""
    leg = phoning.take(call=_call(request, call_id), by=agent_of(request), now=timezone.now())
    _ring(leg)
    return _on(request)


@needs(Right.ANSWER)
@require_POST
def hand_over(request: HttpRequest, call_id: int) -> HttpResponse:
    call = _mine(request, call_id)
    to = _whom(request.POST.get("to", ""))
    before = PhoneLeg.objects.filter(call=call, over_at=None).first()
    phoning.hand_over(call=call, to=to, brief=request.POST.get("brief", ""), by=agent_of(request), now=timezone.now())
    provider.send_on(call, "call/handed")
    if before is not None:
        _quietly_hang_up(call, before)
    return _on(request)


@needs(Right.ANSWER)
@require_POST
def end(request: HttpRequest, call_id: int) -> HttpResponse:
    """For both of us; while my telephone still rings, only that."""
    call = _mine(request, call_id)
    leg = PhoneLeg.objects.filter(call=call, over_at=None).first()
    now = timezone.now()
    if leg is not None and leg.joined_at is None:
        phoning.leg_over(leg=leg, why="put back", now=now)
        _quietly_hang_up(call, leg)
        return _on(request)
    phoning.end(call=call, why="we ended", now=now)
    for sid in (call.sid, leg.sid if leg else None):
        provider.hang_up(call.channel, sid)
    return _on(request)


@needs(Right.ANSWER)
@require_POST
def notes(request: HttpRequest, call_id: int) -> HttpResponse:
    """What is said, kept with every pause in typing."""
    call = get_object_or_404(PhoneCall, pk=call_id, agent=agent_of(request))
    phoning.keep_notes(call=call, text=request.POST.get("notes", ""), by=agent_of(request), now=timezone.now())
    return HttpResponse(status=204) if is_fragment(request) else redirect("phone")


@needs(Right.ANSWER)
@require_POST
def story(request: HttpRequest, call_id: int) -> HttpResponse:
    """Which story it is about, where the number leads to another one."""
    call = get_object_or_404(PhoneCall, pk=call_id, agent=agent_of(request))
    number = id_in(request.POST.get("story", ""))
    chosen = journey_for(request, number) if number else None
    phoning.choose_story(call=call, journey=chosen, by=agent_of(request), now=timezone.now())
    return _on(request)


# ---- calls that we promised -----------------------------------------------------------------------------------------


@needs(Right.ANSWER)
@require_POST
def call_back(request: HttpRequest, callback_id: int) -> HttpResponse:
    """My telephone rings first, then theirs."""
    _ring(callbacks.call_now(callback=_callback(request, callback_id), by=agent_of(request), now=timezone.now()))
    return _on(request)


@needs(Right.ANSWER)
@require_POST
def drop(request: HttpRequest, callback_id: int) -> HttpResponse:
    """It needs no call any more."""
    callbacks.drop(callback=_callback(request, callback_id), by=agent_of(request), now=timezone.now())
    return _on(request)


@needs(Right.ANSWER)
@require_POST
def owe(request: HttpRequest, callback_id: int) -> HttpResponse:
    """Undo of dropping it, or of having reached them."""
    callback, now = _callback(request, callback_id), timezone.now()
    if callback.dropped_at is not None:
        callbacks.take_up(callback=callback, by=agent_of(request), now=now)
    else:
        callbacks.not_reached(callback=callback, by=agent_of(request), now=now)
    return _on(request)


# ---- what was recorded ----------------------------------------------------------------------------------------------


@needs()
@require_safe
def heard(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """A recording or a message, played here; only what is sound is played, whatever it is called."""
    file = get_object_or_404(Attachment, pk=file_id, content_type=HEARD)
    membership_for(request, file.interaction_id)
    data = bytes_of(file)
    if not data.startswith(MP3):
        raise Http404
    return ranged(request, size=len(data), content_type=HEARD, read=lambda start, length: data[start : start + length])


def _board(request: HttpRequest, template: str, status: int = 200) -> HttpResponse:
    now = timezone.now()
    return render(
        request,
        template,
        {"page": queries.page(agent_of(request), now=now), "now": now, "place": "phone"},
        status=status,
    )


def _on(request: HttpRequest) -> HttpResponse:
    return _board(request, "desk/phone/board.html") if is_fragment(request) else redirect("phone")


def _call(request: HttpRequest, call_id: int) -> PhoneCall:
    """Through the one door: 404 for whoever may not see its story."""
    visible = PhoneCall.objects.visible_to(agent_of(request))
    return get_object_or_404(visible.select_related("channel__brand", "agent"), pk=call_id)


def _mine(request: HttpRequest, call_id: int) -> PhoneCall:
    return get_object_or_404(PhoneCall.objects.select_related("channel__brand"), pk=call_id, agent=agent_of(request))


def _callback(request: HttpRequest, callback_id: int) -> Callback:
    return get_object_or_404(Callback.objects.visible_to(agent_of(request)), pk=callback_id)


def _whom(given: str) -> Agent | Team:
    """`agent-3` or `team-2`."""
    kind, _dash, number = given.partition("-")
    if kind == "team":
        return get_object_or_404(Team.objects.running(), pk=id_in(number) or 0)
    return get_object_or_404(Agent, pk=id_in(number) or 0, is_active=True, handset__isnull=False)


def _ring(leg: PhoneLeg) -> None:
    """Where the provider refuses, nobody is left with a call that never rings."""
    try:
        sid = provider.ring(leg)
    except ThreadlineError as error:
        phoning.leg_over(leg=leg, why=str(error), now=timezone.now())
        raise
    phoning.rings_at(leg=leg, sid=sid)


def _quietly_hang_up(call: PhoneCall, leg: PhoneLeg) -> None:
    """Our own telephone: it stands in the log of the channel if it could not be asked."""
    try:
        provider.hang_up(call.channel, leg.sid)
    except ThreadlineError:
        return
