"""Setting channels up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from threadline.accounts.actions.undo import refuse_if_newer, reverses
from threadline.accounts.events import record
from threadline.accounts.models import Agent, Event
from threadline.channels.adapters import named
from threadline.channels.models import Brand, Channel
from threadline.lib.errors import ThreadlineError

PASSWORDS = ("password", "secret", "token")


@transaction.atomic
def set_channel(
    *,
    kind: str,
    address: str,
    provider: str = "",
    name: str = "",
    brand: str = "",
    settings: Mapping[str, object] | None = None,
    secrets: Mapping[str, str] | None = None,
    active: bool = True,
    by: Agent | None = None,
    now: datetime | None = None,
) -> Channel:
    """Make a channel or change the one with this address. What is not named stays; an empty value removes a setting.

    `by` nobody: the command line. The event names the secrets that were given, never what they are.

    Raises:
        ThreadlineError: an unknown kind, no address, or a password among the settings, where it would not be sealed.
    """
    named(f"{kind}.{provider}" if provider else kind)
    if not address.strip():
        raise ThreadlineError("The channel has no address. Give the one that customers know.")
    for key in settings or {}:
        if any(word in key for word in PASSWORDS):
            raise ThreadlineError(f"“{key}” looks like a password. Give it as a secret, so that it is sealed.")
    channel, made = Channel.objects.get_or_create(kind=kind, address=address.strip(), defaults={"provider": provider})
    before = facts_of(channel)
    channel.name = name or channel.name
    channel.brand = Brand.objects.get_or_create(name=brand)[0] if brand else channel.brand
    channel.settings = _changed(channel.settings, settings or {})
    channel.secrets = _changed(channel.secrets, secrets or {})
    channel.active, channel.trouble = active, ""
    channel.save()
    _tell(channel, before, made=made, sealed=sorted(secrets or {}), by=by, now=now or timezone.now())
    return channel


@transaction.atomic
def change_channel(
    *,
    channel: Channel,
    name: str,
    brand: Brand | None,
    settings: Mapping[str, object],
    secrets: Mapping[str, str],
    by: Agent,
    now: datetime,
) -> Event | None:
    """Change what a channel says of itself and how it works; on or paused it stays. None when nothing is different.

    An empty setting is removed; secrets that are not given stay. What was in trouble is tried again.
    """
    known = Channel.objects.select_for_update().get(pk=channel.pk)
    before = facts_of(known)
    known.name, known.brand = name.strip()[:120], brand
    known.settings = _changed(known.settings, settings)
    known.secrets = _changed(known.secrets, secrets)
    known.trouble = ""
    known.save(update_fields=["name", "brand", "settings", "secrets", "trouble"])
    return _tell(known, before, made=False, sealed=sorted(secrets), by=by, now=now)


def facts_of(channel: Channel) -> dict[str, object]:
    """What can be said about a channel without giving anything away."""
    return {
        "name": channel.name,
        "brand": channel.brand_id,
        "settings": dict(channel.settings or {}),
        "active": channel.active,
    }


def _tell(
    channel: Channel, before: dict[str, object], *, made: bool, sealed: list[str], by: Agent | None, now: datetime
) -> Event | None:
    after = facts_of(channel)
    if not made and before == after and not sealed:
        return None
    facts: dict[str, Any] = {"channel": channel.pk, "kind": channel.kind, "name": channel.address, "sealed": sealed}
    if made:
        return record("channel_added", at=now, by=by, **facts, after=after)
    return record("channel_changed", at=now, by=by, **facts, before=before, after=after, for_good=bool(sealed))


@transaction.atomic
def pause(*, channel: Channel, by: Agent, now: datetime) -> Event:
    """Nothing comes in or goes out through it until it is resumed; what the mailbox holds waits there."""
    return _switch(channel, to=False, by=by, now=now)


@transaction.atomic
def resume(*, channel: Channel, by: Agent, now: datetime) -> Event:
    """It works again; why it was paused is forgotten, and noted anew if it still holds."""
    return _switch(channel, to=True, by=by, now=now)


def _switch(channel: Channel, *, to: bool, by: Agent, now: datetime) -> Event:
    known = Channel.objects.select_for_update().get(pk=channel.pk)
    if known.active == to and not (to and known.trouble):
        raise ThreadlineError(f"{known} is {'on' if to else 'paused'} already.")
    known.active, known.trouble = to, ""
    known.save(update_fields=["active", "trouble"])
    verb = "channel_resumed" if to else "channel_paused"
    return record(verb, at=now, by=by, channel=known.pk, kind=known.kind, name=known.address)


@reverses("channel_changed")
def _change_back(event: Event, by: Agent, now: datetime) -> Event | None:
    channel = Channel.objects.get(pk=event.facts["channel"])
    refuse_if_newer(event, facts_of(channel))
    now_is, before = facts_of(channel), event.facts["before"]
    channel.name, channel.brand_id, channel.settings = before["name"], before["brand"], before["settings"]
    channel.active = before["active"]
    channel.save(update_fields=["name", "brand", "settings", "active"])
    return _tell(channel, now_is, made=False, sealed=[], by=by, now=now)


@reverses("channel_paused")
def _resume_again(event: Event, by: Agent, now: datetime) -> Event:
    return resume(channel=Channel.objects.get(pk=event.facts["channel"]), by=by, now=now)


@reverses("channel_resumed")
def _pause_again(event: Event, by: Agent, now: datetime) -> Event:
    return pause(channel=Channel.objects.get(pk=event.facts["channel"]), by=by, now=now)


# ---- brands --------------------------------------------------------------------------------------------------------


@transaction.atomic
def create_brand(*, name: str, by: Agent, now: datetime) -> Event:
    """Raises ThreadlineError: no name or one that is taken."""
    brand = Brand.objects.create(name=_brand_name(name))
    return record("brand_added", at=now, by=by, brand=brand.pk, name=brand.name)


@transaction.atomic
def rename_brand(*, brand: Brand, name: str, by: Agent, now: datetime) -> Event | None:
    """None when nothing is different."""
    name = _brand_name(name, brand)
    if name == brand.name:
        return None
    before, brand.name = {"name": brand.name}, name
    brand.save(update_fields=["name"])
    return record("brand_renamed", at=now, by=by, brand=brand.pk, name=name, before=before, after={"name": name})


@reverses("brand_renamed")
def _rename_back(event: Event, by: Agent, now: datetime) -> Event | None:
    brand = Brand.objects.get(pk=event.facts["brand"])
    refuse_if_newer(event, {"name": brand.name})
    return rename_brand(brand=brand, name=event.facts["before"]["name"], by=by, now=now)


def _brand_name(name: str, brand: Brand | None = None) -> str:
    name = name.strip()[:80]
    if not name:
        raise ThreadlineError("The brand has no name. Give the one that customers know.")
    if Brand.objects.filter(name__iexact=name).exclude(pk=brand.pk if brand else 0).exists():
        raise ThreadlineError(f"There is a brand “{name}” already. Choose another name.")
    return name


def _changed(known: Mapping[str, object], given: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in {**(known or {}), **given}.items() if value not in ("", None)}
