"""Settings, for admins: providers that vouch for people (single sign-on)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from threadline.accounts.models import Provider
from threadline.accounts.signing_in import providers
from threadline.desk.forms.settings_sign_in import ProviderForm
from threadline.desk.signed_in import agent_of
from threadline.desk.views.settings_sign_in import for_admins
from threadline.lib.errors import ThreadlineError


@for_admins
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    return _edited(request, Provider())


@for_admins
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, slug: str) -> HttpResponse:
    return _edited(request, get_object_or_404(Provider, slug=slug))


def _edited(request: HttpRequest, provider: Provider) -> HttpResponse:
    form = ProviderForm(request.POST or None, instance=provider)
    if request.method == "POST" and form.is_valid():
        try:
            secret = form.cleaned_data["secret"]
            providers.save(provider=form.save(commit=False), secret=secret, by=agent_of(request), now=timezone.now())
        except ThreadlineError as error:
            form.add_error("issuer", str(error))
        else:
            messages.success(request, _("Saved. Now ask whether it answers."))
            return redirect("provider", provider.slug)
    status = 422 if request.method == "POST" else 200
    return _shown(request, provider, form, status=status)


def _shown(
    request: HttpRequest, provider: Provider, form: ProviderForm, *, status: int = 200, **more: str
) -> HttpResponse:
    stored = Provider.objects.filter(pk=provider.pk).first()
    context = {
        "place": "settings",
        "stored": stored,
        "form": form,
        "back": providers.leads_back_to(stored) if stored else "",
        **more,
    }
    return render(request, "desk/settings/provider.html", context, status=status)


@for_admins
@require_POST
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Whether it answers. Asked over the network, with a time-out, outside any transaction."""
    provider = get_object_or_404(Provider, slug=slug)
    form = ProviderForm(instance=provider)
    try:
        return _shown(request, provider, form, answer=providers.ask(provider))
    except ThreadlineError as error:
        return _shown(request, provider, form, trouble=str(error), status=422)


@for_admins
@require_POST
def remove(request: HttpRequest, slug: str) -> HttpResponse:
    provider = get_object_or_404(Provider, slug=slug)
    providers.remove(provider=provider, by=agent_of(request), now=timezone.now())
    messages.success(request, _("%(name)s vouches for nobody any more.") % {"name": provider.name})
    return redirect("settings-sign-in")
