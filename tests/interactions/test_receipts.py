"""Old receipts are forgotten, recent ones are kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from threadline.accounts.actions import create_api_key
from threadline.interactions.actions.receipts import KEPT, forget_receipts
from threadline.interactions.models import Receipt


@pytest.mark.django_db
def test_receipts_are_kept_for_a_week():
    key, _ = create_api_key(name="The shop")
    for name, age in (("old", KEPT + timedelta(hours=1)), ("recent", KEPT - timedelta(hours=1))):
        Receipt.objects.create(api_key=key, key=name, digest="", answer={}, at=timezone.now() - age)

    forget_receipts(timestamp=0)

    assert list(Receipt.objects.values_list("key", flat=True)) == ["recent"]
