"""What we read of a chat."""

from django.db import transaction

from threadline.portal import signals
from threadline.portal.models import Chat


@transaction.atomic
def seen_by_us(*, chat: Chat, upto: int) -> None:
    """Somebody of ours has the messages up to this touch before them; the window says so."""
    if Chat.objects.filter(pk=chat.pk, seen_upto__lt=upto).update(seen_upto=upto):
        signals.tell(chat, "seen", upto=upto)
