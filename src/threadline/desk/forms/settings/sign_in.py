"""What the sign-in settings accept."""

import re
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from threadline.accounts.models import Provider, Team

DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
TAKEN = {"new", "new-saml"}


class Invite(forms.Form):
    email = forms.EmailField(
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Type whom to invite."),
            "invalid": gettext_lazy("This is no e-mail address. Mend it."),
        },
    )
    name = forms.CharField(max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    teams = forms.ModelMultipleChoiceField(
        Team.objects.all(), required=False, widget=forms.CheckboxSelectMultiple, blank=True
    )
    is_admin = forms.BooleanField(required=False)


class ProviderForm(forms.ModelForm):
    """The secret is write-only: left empty, the stored one stays."""

    issuer = forms.CharField(
        max_length=300,
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://login.example.org/realms/shop"}),
        error_messages={"required": gettext_lazy("Type the address of the provider.")},
    )
    secret = forms.CharField(
        max_length=500, required=False, strip=True, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )
    domains = forms.CharField(max_length=1000, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    class Meta:
        model = Provider
        fields = ["name", "issuer", "client_id", "trusts_addresses", "active"]

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["domains"].initial = ", ".join(self.instance.domains)
        self.fields["name"].error_messages["required"] = _("Give it the name that people know.")
        if "client_id" in self.fields:
            self.fields["client_id"].error_messages["required"] = _("Type the client ID that the provider gave you.")

    def clean_issuer(self) -> str:
        url = str(self.cleaned_data["issuer"]).strip().rstrip("/")
        try:
            URLValidator(schemes=["http", "https"])(url)
        except forms.ValidationError:
            raise forms.ValidationError(_("“%(url)s” is no address. It begins with https://.") % {"url": url}) from None
        return url

    def clean_domains(self) -> list[str]:
        given = [part.strip().lstrip("@").lower() for part in self.cleaned_data["domains"].split(",") if part.strip()]
        for domain in given:
            if not DOMAIN.fullmatch(domain):
                raise forms.ValidationError(_("“%(domain)s” is no domain. Write example.org.") % {"domain": domain})
        return given

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.instance.pk and "name" in data:
            slug = slugify(data["name"])[:40]
            if not slug or slug in TAKEN or Provider.objects.filter(slug=slug).exists():
                self.add_error("name", _("There is a provider of this name already, or it has no letters."))
            self.instance.slug = slug
        return data

    def save(self, commit: bool = True) -> Provider:
        self.instance.domains = self.cleaned_data["domains"]
        provider: Provider = super().save(commit=commit)
        return provider
