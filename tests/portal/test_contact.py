"""The public page that says how to reach us: the best way for what somebody wants on top, with the reason."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from tests import make

pytestmark = pytest.mark.django_db


def shown(about: str = "") -> str:
    return html.unescape(Client().get(reverse("contact"), {"about": about} if about else {}).content.decode())


def order(page: str) -> list[str]:
    return re.findall(r"<h3>([^<]+?)\s*(?:<span|</h3>)", page)


def test_hard_and_private_things_are_called_about_and_simple_ones_written():
    for kind in ("email", "phone", "review"):
        make.channel(kind)

    misuse, stock = shown("Somebody misuses my account"), shown("Is it in stock")

    assert order(misuse)[0] == "Phone"
    assert "Better not for this" in misuse
    assert "too private for that" in misuse
    assert order(stock)[0] == "Email"
    assert "tel:+447700900000" in stock
    assert "Review" not in order(stock)


def test_it_tells_nothing_of_anybody_and_costs_little(django_assert_max_num_queries):
    make.channel("email")
    make.received("ana@example.com", "It leaks.", name="Ana Karlsson")
    shown()

    with django_assert_max_num_queries(6):
        page = shown("What nobody ever wanted")

    assert "Karlsson" not in page
    assert make.ADDRESSES["email"] in page
