"""Channels: where customers reach us, how each does, and setting one up."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from threadline.accounts.models import Event
from threadline.accounts.rights import Right
from threadline.channels import actions
from threadline.channels.adapters import key_of
from threadline.channels.models import Channel
from threadline.desk.forms.settings.channels import ChannelForm
from threadline.desk.queries.settings import channels as queries
from threadline.desk.queries.settings.lately import lately
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.settings.shell import done, given, kept, page
from threadline.journeys.actions import connecting

HERE = "settings-channels"
LOG_LINES = 20


@needs(Right.CHANNELS)
@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    return page(request, "channels", HERE, channels=queries.channels())


@needs(Right.CHANNELS)
@require_safe
def kinds(request: HttpRequest) -> HttpResponse:
    """Which kind of channel to add."""
    return page(request, "channel_kinds", HERE, kinds=queries.kinds())


@needs(Right.CHANNELS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """`kind` is the name of an adapter, such as `sms.twilio`, or a kind that only listens."""
    if kind not in queries.offered():
        raise Http404
    form, by, now = ChannelForm(given(request), name=kind), agent_of(request), timezone.now()
    if request.method == "POST" and form.is_valid():
        made = actions.set_channel(
            kind=form.kind,
            provider=form.provider,
            address=form.cleaned_data["address"],
            name=form.cleaned_data["name"],
            brand=_brand(form.cleaned_data),
            settings=form.given(),
            secrets=form.secrets(),
            by=by,
            now=now,
        )
        words = connecting.connect(channel=made) or _("The channel is there, and on.")
        done(request, words, None, to=HERE)
        return redirect("settings-channel", made.pk)
    shown = {"form": form, "kind": form.kind, "kind_name": queries.title(kind), "able": queries.connected(kind)}
    return page(request, "channel", HERE, status=422 if form.errors else 200, **shown)


@needs(Right.CHANNELS)
@require_http_methods(["GET", "POST"])
def channel(request: HttpRequest, channel_id: int) -> HttpResponse:
    channel = get_object_or_404(Channel.objects.select_related("brand"), pk=channel_id)
    form, by, now = (
        ChannelForm(given(request), name=key_of(channel), channel=channel),
        agent_of(request),
        timezone.now(),
    )

    def change(said: dict[str, Any]) -> Event | None:
        return actions.change_channel(
            channel=channel,
            name=said["name"],
            brand=said["brand"],
            settings=form.given(),
            secrets=form.secrets(),
            by=by,
            now=now,
        )

    if request.method == "POST":
        words = _("Kept. It holds within seconds.")
        if answer := kept(request, form, change, words=words, to="settings-channel", args=(channel.pk,)):
            if told := connecting.connect(channel=channel):
                messages.info(request, told)
            return answer
    shown = {
        "form": form,
        "channel": channel,
        "health": queries.health(channel),
        "kind": channel.kind,
        "kind_name": channel.kind_name,
        "able": queries.connected(key_of(channel)),
        "hooked": queries.hook_url(channel),
        "signs_in": queries.signs_in(channel),
        "log": channel.log.order_by("-pk")[:LOG_LINES],
        "lately": lately(channel=channel.pk),
    }
    return page(request, "channel", HERE, status=422 if form.errors else 200, **shown)


@needs(Right.CHANNELS)
@require_POST
def pause(request: HttpRequest, channel_id: int) -> HttpResponse:
    channel = get_object_or_404(Channel, pk=channel_id)
    event = actions.pause(channel=channel, by=agent_of(request), now=timezone.now())
    connecting.disconnect(channel=channel)
    return done(request, _("Paused. Nothing comes in or goes out."), event, to="settings-channel", args=(channel.pk,))


@needs(Right.CHANNELS)
@require_POST
def resume(request: HttpRequest, channel_id: int) -> HttpResponse:
    channel = get_object_or_404(Channel, pk=channel_id)
    event = actions.resume(channel=channel, by=agent_of(request), now=timezone.now())
    words = connecting.connect(channel=channel) or _("It is on again.")
    return done(request, words, event, to="settings-channel", args=(channel.pk,))


@needs(Right.CHANNELS)
@require_POST
def check(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Ask its provider whether all is well, and tell it again where to reach us."""
    channel = get_object_or_404(Channel, pk=channel_id)
    words = connecting.connect(channel=channel) or _("Nothing to ask: it works without a provider.")
    return done(request, words, None, to="settings-channel", args=(channel.pk,))


def _brand(said: dict[str, Any]) -> str:
    return said["brand"].name if said["brand"] else ""
