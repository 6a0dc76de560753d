"""Is everything coming in? What could not be read is tried again, what is missing is fetched."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from threadline.accounts.rights import Right
from threadline.channels.contract import Failure
from threadline.channels.models import Channel
from threadline.desk.queries.settings import intake as queries
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.settings.shell import done, page
from threadline.interactions.actions import health, looking
from threadline.lib.errors import ThreadlineError

HERE = "settings-intake"
MOST_DAYS = 90


@needs(Right.CHANNELS)
@require_safe
def intake(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    return page(request, "intake", HERE, sources=queries.sources(now), aside=queries.aside())


@needs(Right.CHANNELS)
@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    """The entries that are named, or all that were set aside."""
    named = [int(number) for number in request.POST.getlist("entry") if number.isdecimal()]
    entries = named or list(queries.set_aside().values_list("pk", flat=True)[: health.AT_ONCE])
    try:
        event = health.try_again(entries=entries, by=agent_of(request), now=timezone.now())
    except ThreadlineError as error:
        return done(request, str(error), None, to=HERE)
    number = len(event.facts["entries"])
    words = ngettext("%(n)d item is looked at again.", "%(n)d items are looked at again.", number) % {"n": number}
    return done(request, words, None, to=HERE)


@needs(Right.CHANNELS)
@require_POST
def backfill(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Ask the provider what it has since some days ago, and take in what never came. Talks to the provider."""
    channel, written = get_object_or_404(Channel, pk=channel_id), request.POST.get("days", "")
    days = min(max(int(written), 1), MOST_DAYS) if written.isdecimal() else 1
    try:
        number = looking.backfill(channel, since=timezone.now() - timedelta(days=days))
    except Failure as error:
        return done(request, str(error), None, to=HERE)
    Channel.objects.filter(pk=channel.pk).update(missing=0)
    words = ngettext(
        "%(n)d item had not come in; it is here now.", "%(n)d items had not come in; they are here now.", number
    )
    return done(
        request, words % {"n": number} if number else _("Nothing is missing: all of it had come in."), None, to=HERE
    )
