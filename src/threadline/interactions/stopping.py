"""The link under automatic mail by which somebody says that they want no more of it (RFC 8058). It ends never."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing

from threadline.channels.models import Channel
from threadline.interactions.models import Thread

STOP = "threadline.stop"


@dataclass(frozen=True, slots=True)
class Stoppable:
    """Automatic mail to an address: what belongs to one thread, or all of it. `about` is the thread's subject."""

    channel: Channel
    address: str
    thread: int | None = None
    about: str = ""


def stop_url(channel: Channel, thread: Thread) -> str:
    """Nobody can make one for somebody else's address."""
    return f"{settings.PUBLIC_URL}/stop/{signing.dumps([channel.pk, thread.reply_address, thread.pk], salt=STOP)}"


def read_stop(token: str) -> Stoppable | None:
    """What a link is about; None for one that we did not sign, or whose channel is gone. Older ones name no thread."""
    try:
        number, address, *threads = signing.loads(token, salt=STOP)
    except (signing.BadSignature, ValueError):
        return None
    channel = Channel.objects.filter(pk=number).first()
    if channel is None:
        return None
    thread = Thread.objects.filter(pk__in=threads, channel=channel).first()
    return Stoppable(channel, str(address), thread.pk, thread.subject) if thread else Stoppable(channel, str(address))
