"""What the settings ask about a channel: the same for all, and what its adapter needs besides."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from threadline.channels.adapters import named
from threadline.channels.contract import Adapter, Address, Group, Setting
from threadline.channels.models import Brand, Channel
from threadline.channels.windows import AFTERWARDS, HOURS, KEPT_TEXTS, NOTHING
from threadline.core.understanding.contacts import e164
from threadline.interactions.taking_out import BEFORE, HIDDEN, SETTING
from threadline.lib.errors import ThreadlineError

WINDOW = Group(
    _("How long we may answer"),
    _("Some channels take free answers for a while only, counted from the customer's last word. Empty: at any time."),
    (
        Setting(HOURS, _("Free answers for so many hours"), kind="number", usual="24"),
        Setting(AFTERWARDS, _("Afterwards goes out"), kind="choice", choices=(NOTHING, KEPT_TEXTS)),
    ),
)
NUMBERS_ARE = Setting(
    SETTING,
    _("Numbers of cards, accounts and persons"),
    _("Hidden where this channel may not carry them; or taken out before anything is kept, so that nobody sees them."),
    kind="choice",
    choices=(HIDDEN, BEFORE),
)
NUMBERS = Group(_("What people should not write here"), "", (NUMBERS_ARE,), seldom=True)
NUMBERLESS = ("web", "purchase", "signal", "store")
WINDOWED = ("sms", "whatsapp", "chat", "x", "facebook", "review", "community", "app")
# What kinds of the house without a connector call their address.
ADDRESSES: dict[str, Address] = {
    "phone": Address(_("Our number"), "+44 7700 900000"),
    "sms": Address(_("Our number"), "+44 7700 900001"),
    "whatsapp": Address(_("Our number"), "+44 7700 900002"),
    "x": Address(_("Our name there"), "@example"),
    "facebook": Address(_("Our page"), "fb.com/example"),
    "web": Address(_("The site"), "www.example.org"),
    "store": Address(_("A short name of the store"), "store-12"),
    "purchase": Address(_("The shop or till"), "shop.example.org"),
}
NUMBERED = ("phone", "sms", "whatsapp")


class ChannelForm(forms.Form):
    """Built from what the adapter says of itself. What stays empty removes a setting; an empty secret stays as it is.

    `name` is the adapter's, such as `sms.twilio`.
    """

    def __init__(self, *arguments: Any, name: str, channel: Channel | None = None, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.adapter: type[Adapter] | None = _adapter(name)
        self.kind, _dot, self.provider = name.partition(".")
        self.channel = channel
        if channel is None:
            self.fields["address"] = forms.CharField(
                label=_now(self.asked.label),
                max_length=255,
                help_text=_("As customers know it. It can not be changed later: answers come back to it."),
                widget=forms.TextInput(attrs={"placeholder": self.asked.usual}),
            )
        self.fields["name"] = forms.CharField(
            label=_("Name"),
            max_length=120,
            required=False,
            initial=channel.name if channel else "",
            help_text=_("What customers read as the sender."),
        )
        self.fields["brand"] = forms.ModelChoiceField(
            Brand.objects.order_by("name"),
            label=_("Brand"),
            required=False,
            empty_label=_("No brand"),
            initial=channel.brand_id if channel else None,
        )
        for setting in self.settings():
            self.fields[setting.name] = _field(setting, channel)

    @property
    def asked(self) -> Address:
        """How the address is asked for."""
        own = self.adapter.address if self.adapter else Adapter.address
        return ADDRESSES.get(self.kind, own) if own is Adapter.address else own

    @property
    def described(self) -> tuple[Group, ...]:
        if self.adapter is None:
            return ()
        listens = self.adapter.name() == "object"
        own = self.adapter.form if not listens or self.kind in NUMBERED else ()
        window = (WINDOW,) if self.kind in WINDOWED and not self.provider else ()
        return (*own, *window, *(() if self.kind in NUMBERLESS else (NUMBERS,)))

    def settings(self) -> Iterator[Setting]:
        return (setting for group in self.described for setting in group.settings)

    def common(self) -> list[forms.BoundField]:
        return [self[name] for name in ("address", "name", "brand") if name in self.fields]

    def groups(self) -> list[tuple[Group, list[forms.BoundField]]]:
        """For the template: each group with its words and its fields."""
        return [(_worded(group), [self[each.name] for each in group.settings]) for group in self.described]

    def seldom_open(self) -> bool:
        """What is seldom needed stands open when something of it is set or wrong."""
        names = {setting.name for group in self.described if group.seldom for setting in group.settings}
        known = self.channel.settings if self.channel else {}
        return bool(names & ({*known} | {*self.errors}))

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).strip()
        if self.asked.kind == "email":
            validate_email(address)
            address = address.lower()
        elif self.asked.kind == "number":
            address = e164(address, "") or _no_number(address)
        if Channel.objects.filter(kind=self.kind, address__iexact=address).exists():
            raise forms.ValidationError(_now("There is a channel with this address already. Change that one."))
        return address

    def given(self) -> dict[str, object]:
        """The settings, with None for those that were emptied."""
        values = {each.name: self.cleaned_data[each.name] for each in self.settings() if each.kind != "secret"}
        return {name: value if value not in ("", [], None) else None for name, value in values.items()}

    def secrets(self) -> dict[str, str]:
        names = [setting.name for setting in self.settings() if setting.kind == "secret"]
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data[name]}


def _adapter(name: str) -> type[Adapter] | None:
    """None once its file was taken away: what the channel says of itself can still be changed."""
    try:
        return named(name)
    except ThreadlineError:
        return None


def _no_number(written: str) -> str:
    raise forms.ValidationError(
        _now("“%(number)s” is no telephone number with its country, such as +44 7700 900123.") % {"number": written}
    )


def _worded(group: Group) -> Group:
    """With its words in the language of the reader."""
    return replace(
        group, title=_now(str(group.title)) if group.title else "", hint=_now(str(group.hint)) if group.hint else ""
    )


class ListField(forms.CharField):
    """Values separated by commas."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return [part.strip() for part in str(super().clean(value)).split(",") if part.strip()]


def _field(setting: Setting, channel: Channel | None) -> forms.Field:
    initial = channel.settings.get(setting.name) if channel else None
    label, hint = str(_now(str(setting.label))), _now(str(setting.hint)) if setting.hint else ""
    common: dict[str, Any] = {"label": label, "help_text": hint, "required": setting.needed, "initial": initial}
    shown = {"placeholder": setting.usual} if setting.usual else {}
    match setting.kind:
        case "choice":
            choices = [("", _now("Usual (%s)") % setting.choices[0]), *((choice, choice) for choice in setting.choices)]
            return forms.ChoiceField(choices=choices, **common)
        case "number":
            return forms.IntegerField(min_value=1, widget=forms.NumberInput(attrs=shown), **common)
        case "list":
            return ListField(**common)
        case "secret":
            return _secret(setting, channel)
        case _:
            return forms.CharField(max_length=255, widget=forms.TextInput(attrs=shown), **common)


def _secret(setting: Setting, channel: Channel | None) -> forms.Field:
    kept = channel is not None and setting.name in channel.secrets
    hint = _now("Kept, sealed. Type a new one to replace it.") if kept else _now("Sealed as soon as it is kept.")
    if setting.hint:
        hint = f"{_now(str(setting.hint))} {hint}"
    widget = forms.PasswordInput(attrs={"autocomplete": "off"})
    needed = setting.needed and not kept
    label = _now(str(setting.label))
    return forms.CharField(label=label, required=needed, strip=False, help_text=hint, widget=widget)


class BrandForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Customers read it as the sender."))
