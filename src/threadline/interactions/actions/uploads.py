"""Files that agents attach: checked by their bytes, kept as they are, never opened here."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from threadline.accounts.models import Agent
from threadline.core.uploads import content_type
from threadline.interactions.actions.intake import clean
from threadline.interactions.models import Upload
from threadline.lib.errors import ThreadlineError
from threadline.lib.jobs import job, periodic

MOST_BYTES = 20_000_000
MOST_FILES = 10
FORGOTTEN_AFTER = timedelta(days=30)
AT_ONCE = 100


@transaction.atomic
def attach(*, name: str, data: bytes, by: Agent, now: datetime) -> Upload:
    """Keep a file until it is sent. Raises ThreadlineError for one that we do not send, with what to do."""
    name = plain_name(name)
    if len(data) > MOST_BYTES:
        raise too_big(name, len(data))
    try:
        kind = content_type(name, data)
    except ValueError as error:
        raise ThreadlineError(str(error)) from error
    return Upload.objects.create(name=name, content_type=kind, size=len(data), data=data, by=by, at=now)


def plain_name(name: str) -> str:
    """Without folders, and without signs that nobody sees: they let `exe.gpj` read as `jpg.exe`."""
    seen = "".join(sign for sign in clean(name).replace("/", "_").replace("\\", "_") if sign.isprintable())
    return seen.strip()[-255:] or "file"


def too_big(name: str, size: int) -> ThreadlineError:
    return ThreadlineError(
        f"“{name}” has {size / 1e6:.0f} MB; {MOST_BYTES // 1_000_000} MB go. Make it smaller, or send a link to it."
    )


@periodic(cron="41 3 * * *")
@job(queueing_lock="forget_uploads")
def forget_uploads(timestamp: int) -> None:
    """Delete files that were attached and never sent. Safe to run twice or late."""
    old = Upload.objects.filter(sent=False, at__lt=timezone.now() - FORGOTTEN_AFTER).order_by("pk")
    with transaction.atomic():
        Upload.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:AT_ONCE])).delete()
