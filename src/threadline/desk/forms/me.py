"""What the own page accepts."""

import zoneinfo
from functools import cache

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

OLD_NAMES = ("Etc/", "SystemV/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/", "posix", "right")


@cache
def zones() -> list[tuple[str, str]]:
    """Places with their city, as people look for them; the installation's own zone first."""
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith(OLD_NAMES))
    here = _("As the house: %(zone)s") % {"zone": settings.TIME_ZONE}
    return [("", str(here)), *((name, name.replace("_", " ")) for name in [*names, "UTC"])]


class About(forms.Form):
    name = forms.CharField(
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Tell your colleagues your name.")},
    )
    handle = forms.SlugField(
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"invalid": _("A handle has letters, digits, - and _ only.")},
    )
    time_zone = forms.ChoiceField(choices=zones, required=False)

    def clean_handle(self) -> str:
        return str(self.cleaned_data["handle"]).lower()
