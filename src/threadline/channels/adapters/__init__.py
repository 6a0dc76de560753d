"""Which adapter serves which kind of channel."""

from threadline.channels.adapters.chat import Chat
from threadline.channels.adapters.email import Email
from threadline.channels.adapters.object import ObjectAdapter
from threadline.channels.contract import Adapter, Endpoint, Limits, Raw
from threadline.lib.errors import ThreadlineError

# Kinds without a connector of their own listen: what happens there comes through the API or an import.
ADAPTERS: dict[str, type[Adapter]] = {
    "email": Email,
    "chat": Chat,
    "phone": ObjectAdapter,
    "sms": ObjectAdapter,
    "whatsapp": ObjectAdapter,
    "x": ObjectAdapter,
    "facebook": ObjectAdapter,
    "review": ObjectAdapter,
    "community": ObjectAdapter,
    "store": ObjectAdapter,
    "web": ObjectAdapter,
    "purchase": ObjectAdapter,
    "app": ObjectAdapter,
    "survey": ObjectAdapter,
    "signal": ObjectAdapter,
}


def for_kind(kind: str) -> type[Adapter]:
    try:
        return ADAPTERS[kind]
    except KeyError:
        raise ThreadlineError(f"There is no channel kind “{kind}”. Choose one of {', '.join(ADAPTERS)}.") from None


def reader(endpoint: Endpoint, raw: Raw) -> Adapter:
    """Who can read this item: objects have one shape whatever their kind, bytes have that of their channel."""
    return ObjectAdapter(endpoint) if raw.payload is not None else for_kind(endpoint.kind)(endpoint)


def can_send(kind: str) -> bool:
    return hasattr(ADAPTERS.get(kind), "send")


def limits_of(kind: str) -> Limits:
    """What a message on a channel of this kind may be."""
    return for_kind(kind).limits
