"""Signing in to a mailbox at Google or Microsoft: over to their page, and back with what it gave."""

import secrets

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from threadline.accounts.rights import Right
from threadline.channels import oauth2, signing_in
from threadline.channels.models import Channel
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.settings.shell import done
from threadline.journeys.actions.delivery import go_on
from threadline.lib.errors import ThreadlineError

KEY = "mailbox_sign_in"


@needs(Right.CHANNELS)
@require_safe
def sign_in(request: HttpRequest, channel_id: int) -> HttpResponse:
    """On to the service's own page. Nothing is kept but what shows that the answer belongs to this session."""
    channel = get_object_or_404(Channel, pk=channel_id, kind="email")
    client = signing_in.client_of(channel)
    if client is None:
        messages.error(request, _("Choose how to sign in and enter the client id first, and keep it."))
        return redirect("settings-channel", channel.pk)
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    request.session[KEY] = {"state": state, "verifier": verifier, "channel": channel.pk}
    user, back_to = signing_in.user_of(channel), signing_in.back_to()
    return HttpResponseRedirect(oauth2.consent(client, back_to=back_to, state=state, verifier=verifier, user=user))


@needs(Right.CHANNELS)
@require_safe
def signed_in(request: HttpRequest) -> HttpResponse:
    """Back from there: the only GET that keeps something, because the service sends people so. It works once."""
    begun, said = request.session.pop(KEY, None), request.GET
    if not isinstance(begun, dict) or not secrets.compare_digest(str(begun["state"]), said.get("state", "")):
        messages.error(request, _("This answer belongs to no sign-in that you began here. Begin again."))
        return redirect("settings-channels")
    channel = get_object_or_404(Channel, pk=begun["channel"])
    if not said.get("code"):
        why = said.get("error_description") or said.get("error") or _("it gave no reason")
        messages.error(request, _("You were not let in: %(why)s.") % {"why": str(why)[:200].rstrip(".")})
        return redirect("settings-channel", channel.pk)
    try:
        event = signing_in.sign_in(
            channel=channel, code=said["code"], verifier=begun["verifier"], by=agent_of(request), now=timezone.now()
        )
    except ThreadlineError as error:
        messages.error(request, str(error))
        return redirect("settings-channel", channel.pk)
    go_on(channel=channel)
    words = _("Signed in. The mailbox is read within seconds.")
    return done(request, words, event, to="settings-channel", args=(channel.pk,))
