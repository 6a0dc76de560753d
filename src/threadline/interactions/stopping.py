"""The link under automatic mail by which somebody says that they want no more of it (RFC 8058). It ends never."""

from django.conf import settings
from django.core import signing

from threadline.channels.models import Channel

STOP = "threadline.stop"


def stop_url(channel: Channel, address: str) -> str:
    """Nobody can make one for somebody else's address."""
    return f"{settings.PUBLIC_URL}/stop/{signing.dumps([channel.pk, address], salt=STOP)}"


def read_stop(token: str) -> tuple[Channel, str] | None:
    """Whom a link is about; None for one that we did not sign, or whose channel is gone."""
    try:
        number, address = signing.loads(token, salt=STOP)
    except (signing.BadSignature, ValueError):
        return None
    channel = Channel.objects.filter(pk=number).first()
    return (channel, str(address)) if channel else None
