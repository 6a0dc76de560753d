"""What the customer's side keeps beside the ledger: chats, calls in them, and videos behind a link."""

from threadline.portal.models.call import Call, CallPiece, CallSignal
from threadline.portal.models.chat import Chat
from threadline.portal.models.film import Film, Viewing

__all__ = ["Call", "CallPiece", "CallSignal", "Chat", "Film", "Viewing"]
