"""What the customer's side keeps beside the ledger: chats, calls there and by telephone, videos behind a link."""

from threadline.portal.models.call import Call, CallPiece, CallSignal
from threadline.portal.models.chat import Chat
from threadline.portal.models.film import Film, Viewing
from threadline.portal.models.phone import Callback, Handset, PhoneCall, PhoneLeg, PhonePiece

__all__ = [
    "Call",
    "CallPiece",
    "CallSignal",
    "Callback",
    "Chat",
    "Film",
    "Handset",
    "PhoneCall",
    "PhoneLeg",
    "PhonePiece",
    "Viewing",
]
