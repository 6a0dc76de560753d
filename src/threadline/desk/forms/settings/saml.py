"""What the settings of a SAML service accept."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from threadline.accounts.models import Provider
from threadline.accounts.signing_in import saml
from threadline.desk.forms.settings.sign_in import ProviderForm
from threadline.lib.errors import ThreadlineError


class SamlForm(ProviderForm):
    """The metadata as text, or the address where it lies: it is fetched once, when this is saved."""

    issuer = client_id = secret = None  # type: ignore[assignment]
    metadata = forms.CharField(
        max_length=saml.LONGEST_METADATA,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"max_length": gettext_lazy("This is far too long for the metadata of one service.")},
    )
    lies_at = forms.CharField(
        max_length=500,
        required=False,
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://login.example.org/metadata"}),
    )

    class Meta:
        model = Provider
        fields = ["name", "metadata", "trusts_addresses", "active"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("lies_at") and not data.get("metadata") and not self.errors:
            data["metadata"] = self._fetched(data["lies_at"])
        if "metadata" in self.errors or "lies_at" in self.errors:
            return data
        try:
            self.instance.issuer = saml.issuer_in(data.get("metadata", "")) if data.get("metadata") else ""
        except ThreadlineError as error:
            self.add_error("metadata", str(error))
        if not data.get("metadata") and not self.errors:
            self.add_error("metadata", _("Paste the metadata of the service, or give the address where it lies."))
        return data

    def _fetched(self, url: str) -> str:
        try:
            return saml.fetch(url)
        except ThreadlineError as error:
            self.add_error("lies_at", str(error))
            return ""
