"""The ways in by SAML: our metadata for the service, its answer, and coming in with it."""

import logging

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from threadline.accounts.allowances import Limit
from threadline.accounts.events import record_quietly
from threadline.accounts.models import Provider
from threadline.accounts.signing_in import providers, saml
from threadline.accounts.signing_in.adapters import not_vouched, refused, source_of
from threadline.lib.errors import ThreadlineError

log = logging.getLogger(__name__)
ASKED = "saml_asked"
ANSWERS = Limit("saml answer", burst=60, a_minute=60)  # of one place: a whole office begins its day at nine


def found(slug: str) -> Provider:
    if not saml.available():
        raise Http404
    return get_object_or_404(Provider, slug=slug, kind=Provider.Kind.SAML, active=True)


def away(request: HttpRequest, provider: Provider, onward: str) -> HttpResponse:
    """Off to the service. The session remembers what was asked: only its answer lets in."""
    saml.require()
    url, number = saml.ask(provider)
    request.session[ASKED] = {"of": provider.slug, "number": number, "next": onward}
    return HttpResponse(status=302, headers={"Location": url})


@require_safe
def metadata(request: HttpRequest, provider_id: str) -> HttpResponse:
    if not saml.available():
        raise Http404
    provider = get_object_or_404(Provider, slug=provider_id, kind=Provider.Kind.SAML)
    return HttpResponse(saml.ours(provider), content_type="application/samlmetadata+xml")


@csrf_exempt
@require_POST
@never_cache
def answer(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The service has the browser post it from a foreign page, so no session comes along; the next page has it."""
    provider = found(provider_id)
    if not ANSWERS.allows(source_of(request)):
        return refused(request, _("Too many answers at once. Wait a minute, then begin again."), status=429)
    try:
        ticket = saml.keep(request.POST.get("SAMLResponse", ""))
    except ThreadlineError as error:
        return refused(request, str(error), status=422)
    return HttpResponse(status=303, headers={"Location": reverse("saml-in", args=[provider.slug, ticket])})


@require_safe
@never_cache
def come_in(request: HttpRequest, provider_id: str, ticket: str) -> HttpResponse:
    provider, asked = found(provider_id), request.session.pop(ASKED, None) or {}
    number = str(asked.get("number") or "") if asked.get("of") == provider.slug else ""
    try:
        about = saml.read(provider, saml.kept(ticket), asked=number)
    except ValueError as error:
        log.warning("an answer of the SAML service %s was refused: %s", provider.slug, error)
        return not_vouched(request, provider.name, None)
    try:
        agent = providers.known_or_brought(provider=provider, about=about, now=timezone.now())
    except ThreadlineError as error:
        record_quietly("sign_in_refused", at=timezone.now(), provider=provider.slug, source=source_of(request))
        return refused(request, str(error), status=403)
    record_authentication(request, agent, "socialaccount", provider=provider.slug, uid=about.number)
    onward = str(asked.get("next") or "")
    onward = onward if url_has_allowed_host_and_scheme(onward, {request.get_host()}) else reverse("queue")
    came: HttpResponse = perform_login(request, Login(user=agent, redirect_url=onward))
    return came
