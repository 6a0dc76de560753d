"""Talking to the provider about a call that goes on. Never inside a transaction; what fails is said in words."""

from collections.abc import Callable
from typing import TypeVar

from threadline.channels import log
from threadline.channels.adapters import adapter
from threadline.channels.adapters.twilio_voice import TwilioVoice
from threadline.channels.contract import Failure
from threadline.channels.models import Channel
from threadline.interactions.reading import endpoint_of, endpoint_with_secrets
from threadline.lib.errors import ThreadlineError
from threadline.portal.models import PhoneCall, PhoneLeg

Found = TypeVar("Found")


def connector(channel: Channel) -> TwilioVoice:
    found = adapter(endpoint_with_secrets(channel))
    if not isinstance(found, TwilioVoice):
        raise ThreadlineError("This number is not carried by a provider of ours. Set it up in Channels.")
    return found


def address(channel: Channel, place: str) -> str:
    """Where the provider asks us, as it knows it."""
    return f"{endpoint_of(channel).hook_url}/{place}"


def ring(leg: PhoneLeg) -> str:
    """Ring one of us; returns the provider's id of that call."""
    channel, place = leg.call.channel, f"leg/{leg.pk}"
    told = address(channel, f"{place}/status")
    return tried(channel, lambda at: at.call(leg.number, then=address(channel, f"{place}/answer"), told=told))


def send_on(call: PhoneCall, place: str) -> None:
    """Take the customer out of whatever they hear or whomever they talk with, to what `place` says."""
    tried(call.channel, lambda at: at.send_on(call.sid or "", then=address(call.channel, place)))


def hang_up(channel: Channel, sid: str | None) -> None:
    if sid:
        tried(channel, lambda at: at.hang_up(sid))


def tried(channel: Channel, ask: Callable[[TwilioVoice], Found]) -> Found:
    try:
        return ask(connector(channel))
    except Failure as error:
        log.note(channel, str(error), ok=False)
        raise ThreadlineError(str(error)) from error
