"""Receipts for idempotency keys are kept for a week: nobody repeats a request after longer."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from threadline.interactions.models import Receipt
from threadline.lib.jobs import job, periodic

KEPT = timedelta(days=7)
AT_ONCE = 10_000


@periodic(cron="17 * * * *")
@job(queueing_lock="forget_receipts")
def forget_receipts(timestamp: int) -> None:
    """Delete old receipts, a bearable number at a time. Safe to run twice or late."""
    old = Receipt.objects.filter(at__lt=timezone.now() - KEPT).order_by("pk").values("pk")[:AT_ONCE]
    with transaction.atomic():
        Receipt.objects.filter(pk__in=old).delete()
