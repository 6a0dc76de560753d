"""What the settings ask about a channel: the same for all, and what its kind needs besides."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from threadline.channels.models import Brand, Channel
from threadline.channels.windows import AFTERWARDS, HOURS, KEPT_TEXTS, NOTHING

Words = Any  # a text, or one that is translated when shown


@dataclass(frozen=True, slots=True)
class Setting:
    """`kind` is text, number, list, secret or choice. Secrets are sealed and never shown again."""

    name: str
    label: Words
    hint: Words = ""
    kind: str = "text"
    choices: tuple[str, ...] = ()
    usual: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    title: Words
    hint: Words
    settings: tuple[Setting, ...]
    seldom: bool = False


SECURITY = ("tls", "starttls", "none")
MAIL = (
    Group(
        _("How mail comes in"),
        _("Threadline reads the mailbox and changes nothing in it. Leave it empty where your server hands mail over."),
        (
            Setting("imap_host", _("Mailbox server (IMAP)"), usual="imap.example.org"),
            Setting("imap_user", _("User")),
            Setting("imap_password", _("Password"), kind="secret"),
            Setting("imap_security", _("Security"), kind="choice", choices=SECURITY),
            Setting("imap_port", _("Port"), kind="number", usual="993"),
            Setting("imap_folder", _("Folder"), usual="INBOX"),
        ),
    ),
    Group(
        _("How answers go out"),
        _("Your own mail server sends them, so that they are not taken for spam."),
        (
            Setting("smtp_host", _("Outgoing server (SMTP)"), usual="smtp.example.org"),
            Setting("smtp_user", _("User")),
            Setting("smtp_password", _("Password"), kind="secret"),
            Setting("smtp_security", _("Security"), kind="choice", choices=("starttls", "tls", "none")),
            Setting("smtp_port", _("Port"), kind="number", usual="587"),
        ),
    ),
    Group(
        _("Seldom needed"),
        "",
        (
            Setting("aliases", _("Other addresses that arrive here"), _("Separated by commas."), kind="list"),
            Setting("region", _("Country of telephone numbers"), _("Two letters; for numbers without +."), usual="GB"),
            Setting("authserv_id", _("Name of your server in Authentication-Results")),
            Setting("imap_poll_every", _("Seconds between looks"), kind="number", usual="30"),
            Setting("imap_max_bytes", _("Largest mail in bytes"), kind="number", usual="41943040"),
            Setting("smtp_timeout", _("Seconds to wait for the outgoing server"), kind="number", usual="30"),
        ),
        seldom=True,
    ),
)
NUMBERS = (
    Group(
        "",
        "",
        (Setting("region", _("Country of numbers without +"), _("Two letters, such as GB or BE."), usual="GB"),),
    ),
)
WINDOW = Group(
    _("How long we may answer"),
    _("Some channels take free answers for a while only, counted from the customer's last word. Empty: at any time."),
    (
        Setting(HOURS, _("Free answers for so many hours"), kind="number", usual="24"),
        Setting(AFTERWARDS, _("Afterwards goes out"), kind="choice", choices=(NOTHING, KEPT_TEXTS)),
    ),
)
GROUPS: dict[str, tuple[Group, ...]] = {
    "email": MAIL,
    "phone": NUMBERS,
    **dict.fromkeys(("sms", "whatsapp"), (*NUMBERS, WINDOW)),
    **dict.fromkeys(("chat", "x", "facebook", "review", "community", "app"), (WINDOW,)),
}
ADDRESSES: dict[str, tuple[Words, str]] = {
    "email": (_("Its address"), "support@example.org"),
    "phone": (_("Our number"), "+44 7700 900000"),
    "sms": (_("Our number"), "+44 7700 900001"),
    "whatsapp": (_("Our number"), "+44 7700 900002"),
    "x": (_("Our name there"), "@example"),
    "facebook": (_("Our page"), "fb.com/example"),
    "chat": (_("The site it stands on"), "www.example.org"),
    "web": (_("The site"), "www.example.org"),
    "store": (_("A short name of the store"), "store-12"),
    "purchase": (_("The shop or till"), "shop.example.org"),
}


class ChannelForm(forms.Form):
    """Built from the groups of its kind. What stays empty removes a setting; an empty secret stays as it is."""

    def __init__(self, *arguments: Any, kind: str, channel: Channel | None = None, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.kind, self.channel = kind, channel
        if channel is None:
            label, usual = ADDRESSES.get(kind, (_("Its address or short name"), ""))
            self.fields["address"] = forms.CharField(
                label=label,
                max_length=255,
                help_text=_("As customers know it. It can not be changed later: answers come back to it."),
                widget=forms.TextInput(attrs={"placeholder": usual}),
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

    def settings(self) -> Iterator[Setting]:
        return (setting for group in GROUPS.get(self.kind, ()) for setting in group.settings)

    def common(self) -> list[forms.BoundField]:
        return [self[name] for name in ("address", "name", "brand") if name in self.fields]

    def groups(self) -> list[tuple[Group, list[forms.BoundField]]]:
        """For the template: each group with its fields."""
        return [(group, [self[each.name] for each in group.settings]) for group in GROUPS.get(self.kind, ())]

    def seldom_open(self) -> bool:
        """What is seldom needed stands open when something of it is set or wrong."""
        names = {setting.name for group in GROUPS.get(self.kind, ()) if group.seldom for setting in group.settings}
        known = self.channel.settings if self.channel else {}
        return bool(names & ({*known} | {*self.errors}))

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).strip()
        if self.kind == "email":
            validate_email(address)
            address = address.lower()
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


class ListField(forms.CharField):
    """Values separated by commas."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return [part.strip() for part in str(super().clean(value)).split(",") if part.strip()]


def _field(setting: Setting, channel: Channel | None) -> forms.Field:
    initial = channel.settings.get(setting.name) if channel else None
    common: dict[str, Any] = {"label": setting.label, "help_text": setting.hint, "required": False, "initial": initial}
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
    hint = _("Kept, sealed. Type a new one to replace it.") if kept else _("Sealed as soon as it is kept; never shown.")
    widget = forms.PasswordInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=setting.label, required=False, strip=False, help_text=hint, widget=widget)


class BrandForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Customers read it as the sender."))
