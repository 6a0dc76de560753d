"""Over which channel of ours an answer goes, from the key that the composer keeps: `thread-7`, `identity-3-sms`."""

from django.db.models import QuerySet

from threadline.channels.adapters import abilities_of, can_send, scheme_of
from threadline.channels.models import Channel
from threadline.customers.models import Identity
from threadline.interactions.models import Thread
from threadline.journeys.actions.reply import Way
from threadline.journeys.models import Journey
from threadline.journeys.reaching.fitting import side
from threadline.journeys.windows import is_public
from threadline.lib.errors import ThreadlineError
from threadline.lib.prepared import prepared


def way_of(key: str, journey: Journey) -> Way:
    """Raises ThreadlineError where nothing can go out that way any more."""
    what, _, number = key.partition("-")
    found = _of_thread(int(number), journey) if what == "thread" and number.isdigit() else None
    number, _, kind = number.partition("-")
    if what == "identity" and number.isdigit():
        found = _of_identity(int(number), journey, kind)
    if found is None:
        raise ThreadlineError("It can not go out the way that was chosen any more. Choose another one.")
    return found


def _of_thread(number: int, journey: Journey) -> Way | None:
    """Only a thread of this story."""
    here = Thread.objects.filter(
        pk=number, interactions__memberships__journey=journey, interactions__memberships__superseded_at=None
    )
    thread = here.select_related("channel").first()
    if thread is None or not thread.reply_address or not thread.channel.active or not can_send(thread.channel):
        return None
    return Way(thread.channel, thread.reply_address, thread)


def _of_identity(number: int, journey: Journey, kind: str) -> Way | None:
    """Only a handle of this person. The story's brand first."""
    identity = Identity.objects.filter(pk=number, customer=journey.customer_id).first()
    if identity is None:
        return None
    channels = [each for each in beginning(journey) if scheme_of(each) == identity.scheme and kind in ("", each.kind)]
    return Way(channels[0], identity.value) if channels else None


def side_of(key: str) -> str:
    """The side of a channel that a key names, as the plan of channels does: `x+public`; empty for none. Two queries."""
    what, _, number = key.partition("-")
    if what == "thread" and number.isdigit():
        thread = Thread.objects.filter(pk=number).select_related("channel").first()
        return side(thread.channel.kind, is_public(thread)) if thread else ""
    return number.partition("-")[2] if what == "identity" else ""


def beginning(journey: Journey) -> list[Channel]:
    """The channels over which we can write first, the story's brand first."""
    able = [each for each in _active() if can_send(each) and abilities_of(each).begins]
    return sorted(able, key=lambda one: (one.brand_id != journey.brand_id, one.pk))


@prepared
def _active() -> QuerySet[Channel]:
    return Channel.objects.active()
