"""Files that lie with a provider are fetched soon after the touch came in, and kept."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from threadline.channels.adapters import adapter, served
from threadline.channels.contract import Failure, Unavailable
from threadline.interactions.models import Media
from threadline.interactions.reading import Reading, endpoint_with_secrets
from threadline.lib.jobs import enqueue, job, periodic

AT_ONCE = 20
LEASE = timedelta(minutes=5)
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720)]


def announce(readings: Iterable[Reading]) -> None:
    """Note the files of these touches that are still to be fetched. What is noted already stays as it is."""
    rows = [
        Media(entry_id=reading.entry.pk, part=file.part, source=file.source, due_at=timezone.now())
        for reading in readings
        for file in reading.item.files
        if file.source
    ]
    if rows:
        Media.objects.bulk_create(rows, ignore_conflicts=True)
        enqueue(fetch_media)


@periodic(cron="* * * * *")
@job(queueing_lock="fetch_media")
def fetch_media(timestamp: int = 0) -> None:
    """Fetch what is due. Safe to run twice: whoever takes a file leases it."""
    while claimed := claim():
        for media in claimed:
            fetch(media)


def claim() -> list[Media]:
    now = timezone.now()
    with transaction.atomic():
        due = Media.objects.filter(state="waiting", due_at__lte=now).select_for_update(skip_locked=True)
        numbers = list(due.order_by("due_at").values_list("pk", flat=True)[:AT_ONCE])
        Media.objects.filter(pk__in=numbers).update(due_at=now + LEASE)
    return list(Media.objects.filter(pk__in=numbers).select_related("entry__channel").order_by("pk"))


def fetch(media: Media) -> None:
    channel = media.entry.channel
    if channel is None or served(channel) is None:
        return _gone(media, "Its channel has no connector any more.")
    try:
        media.data = adapter(endpoint_with_secrets(channel)).media(media.source)
    except Unavailable as error:
        return _later(media, str(error))
    except Failure as error:
        return _gone(media, str(error))
    media.state, media.due_at, media.reason = Media.State.HERE, None, ""
    media.save(update_fields=["state", "data", "due_at", "reason"])
    return None


def _later(media: Media, why: str) -> None:
    if media.tries >= len(WAITS):
        return _gone(media, why)
    media.due_at, media.tries, media.reason = timezone.now() + WAITS[media.tries], media.tries + 1, why
    media.save(update_fields=["due_at", "tries", "reason"])
    return None


def _gone(media: Media, why: str) -> None:
    media.state, media.due_at, media.reason = Media.State.GONE, None, why
    media.save(update_fields=["state", "due_at", "reason"])
