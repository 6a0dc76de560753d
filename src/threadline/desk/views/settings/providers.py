"""Settings, for admins: providers that vouch for people (single sign-on)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from threadline.accounts.models import Provider
from threadline.accounts.rights import Right
from threadline.accounts.signing_in import providers, saml
from threadline.desk.forms.settings.saml import SamlForm
from threadline.desk.forms.settings.sign_in import ProviderForm
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.settings.shell import page as framed
from threadline.desk.views.settings.sign_in import HERE
from threadline.lib.errors import ThreadlineError


@needs(Right.SIGN_IN)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    return _edited(request, Provider())


@needs(Right.SIGN_IN)
@require_http_methods(["GET", "POST"])
def new_saml(request: HttpRequest) -> HttpResponse:
    saml.require()
    return _edited(request, Provider(kind=Provider.Kind.SAML, trusts_addresses=True))


@needs(Right.SIGN_IN)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, slug: str) -> HttpResponse:
    return _edited(request, get_object_or_404(Provider, slug=slug))


def _edited(request: HttpRequest, provider: Provider) -> HttpResponse:
    form = form_of(provider)(request.POST or None, instance=provider)
    if request.method == "POST" and form.is_valid():
        try:
            secret = form.cleaned_data.get("secret", "")
            providers.save(provider=form.save(commit=False), secret=secret, by=agent_of(request), now=timezone.now())
        except ThreadlineError as error:
            form.add_error("issuer" if "issuer" in form.fields else "metadata", str(error))
        else:
            messages.success(request, _("Saved. Now let the provider know us."))
            return redirect("provider", provider.slug)
    status = 422 if request.method == "POST" else 200
    return _shown(request, provider, form, status=status)


def form_of(provider: Provider) -> type[ProviderForm]:
    return SamlForm if provider.kind == Provider.Kind.SAML else ProviderForm


def _shown(
    request: HttpRequest, provider: Provider, form: ProviderForm, *, status: int = 200, **more: str
) -> HttpResponse:
    stored = Provider.objects.filter(pk=provider.pk).first()
    context = {
        "stored": stored,
        "form": form,
        "back": providers.leads_back_to(stored) if stored else "",
        **more,
    }
    if provider.kind == Provider.Kind.SAML:
        names = {"entity": saml.entity_of(stored), "answers": saml.answers_go_to(stored)} if stored else {}
        return framed(request, "saml", HERE, status=status, **{**context, **names})
    return framed(request, "provider", HERE, status=status, **context)


@needs(Right.SIGN_IN)
@require_POST
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Whether it answers. Asked over the network, with a time-out, outside any transaction."""
    provider = get_object_or_404(Provider, slug=slug, kind=Provider.Kind.OIDC)
    form = ProviderForm(instance=provider)
    try:
        return _shown(request, provider, form, answer=providers.ask(provider))
    except ThreadlineError as error:
        return _shown(request, provider, form, trouble=str(error), status=422)


@needs(Right.SIGN_IN)
@require_POST
def remove(request: HttpRequest, slug: str) -> HttpResponse:
    provider = get_object_or_404(Provider, slug=slug)
    providers.remove(provider=provider, by=agent_of(request), now=timezone.now())
    messages.success(request, _("%(name)s vouches for nobody any more.") % {"name": provider.name})
    return redirect(HERE)
