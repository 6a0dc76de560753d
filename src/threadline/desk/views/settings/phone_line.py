"""How a telephone line answers: its texts, keys and hours, with what callers hear beside."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from threadline.accounts.models import Event
from threadline.accounts.rights import Right
from threadline.channels import actions
from threadline.channels.models import Channel
from threadline.core.phone import written
from threadline.desk.forms.settings.phone_line import LineForm
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.settings.shell import given, kept, page
from threadline.journeys.book import in_force
from threadline.portal.phone.lines import SETTING, line_of
from threadline.portal.queries.lines import heard_on


@needs(Right.CHANNELS)
@require_http_methods(["GET", "POST"])
def line(request: HttpRequest, channel_id: int) -> HttpResponse:
    """`try` shows what callers would hear and keeps nothing."""
    channel = get_object_or_404(Channel.objects.select_related("brand"), pk=channel_id, kind="phone", provider="twilio")
    now, found = timezone.now(), line_of(channel)
    form = LineForm(given(request), line=found, book=in_force(now))

    def change(said: dict[str, Any]) -> Event | None:
        return actions.change_channel(
            channel=channel,
            name=channel.name,
            brand=channel.brand,
            settings={SETTING: written(said["line"])},
            secrets={},
            by=agent_of(request),
            now=now,
        )

    if request.method == "POST":
        words = _("Kept. The next caller hears it.")
        if "try" not in request.POST and (
            done := kept(request, form, change, words=words, to="settings-line", args=(channel.pk,))
        ):
            return done
        found = form.cleaned_data.get("line", found) if form.is_valid() else found
    shown = {
        "form": form,
        "channel": channel,
        "heard": heard_on(channel, found, now=now),
        "tried": "try" in request.POST,
    }
    return page(request, "phone_line", "settings-channels", status=422 if form.errors else 200, **shown)
