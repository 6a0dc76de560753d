"""Setting channels up."""

from collections.abc import Mapping

from django.db import transaction

from threadline.channels.kinds import Kind
from threadline.channels.models import Brand, Channel
from threadline.lib.errors import ThreadlineError

PASSWORDS = ("password", "secret", "token")


@transaction.atomic
def set_channel(
    *,
    kind: str,
    address: str,
    name: str = "",
    brand: str = "",
    settings: Mapping[str, object] | None = None,
    secrets: Mapping[str, str] | None = None,
    active: bool = True,
) -> Channel:
    """Make a channel or change the one with this address. What is not named stays; an empty value removes a setting.

    Raises:
        ThreadlineError: an unknown kind, no address, or a password among the settings, where it would not be sealed.
    """
    if kind not in Kind.values:
        raise ThreadlineError(f"There is no channel kind “{kind}”. Choose one of {', '.join(Kind.values)}.")
    if not address.strip():
        raise ThreadlineError("The channel has no address. Give the one that customers know.")
    for key in settings or {}:
        if any(word in key for word in PASSWORDS):
            raise ThreadlineError(f"“{key}” looks like a password. Give it as a secret, so that it is sealed.")
    channel, _ = Channel.objects.get_or_create(kind=kind, address=address.strip())
    channel.name = name or channel.name
    channel.brand = Brand.objects.get_or_create(name=brand)[0] if brand else channel.brand
    channel.settings = _changed(channel.settings, settings or {})
    channel.secrets = _changed(channel.secrets, secrets or {})
    channel.active, channel.trouble = active, ""
    channel.save()
    return channel


def _changed(known: Mapping[str, object], given: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in {**(known or {}), **given}.items() if value not in ("", None)}
