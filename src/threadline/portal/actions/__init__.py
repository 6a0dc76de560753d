"""Every write of the customer's side."""

from threadline.portal.actions.chatting import end, give_address, left, open_chat, rate, read_upto, say, stay, view
from threadline.portal.actions.reading import seen_by_us

__all__ = [
    "end",
    "give_address",
    "left",
    "open_chat",
    "rate",
    "read_upto",
    "say",
    "seen_by_us",
    "stay",
    "view",
]
