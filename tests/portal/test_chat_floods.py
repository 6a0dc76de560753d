"""A visitor who makes up as many sessions as they like still does no more than one place may do."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.portal.conftest import Visitor
from tests.portal.test_chat_attacks import asked
from threadline.accounts import allowances
from threadline.accounts.allowances import Limit, place
from threadline.accounts.models import Allowance
from threadline.channels.models import Channel
from threadline.interactions.models import IntakeEntry
from threadline.portal.actions import mailing
from threadline.portal.chat import limits
from threadline.portal.models import Chat

Visit = Callable[..., Visitor]


@pytest.mark.django_db
def test_a_store_is_emptied_and_fills_again_for_each_key_alone():
    few = Limit("few", burst=2, a_minute=60)

    assert [few.allows("ana"), few.allows("ana"), few.allows("ana"), few.allows("ben")] == [True, True, False, True]
    Allowance.objects.filter(key="few ana").update(at=timezone.now() - timedelta(seconds=1.5))
    assert [few.allows("ana"), few.allows("ana")] == [True, False]


@pytest.mark.django_db
def test_what_nobody_touched_for_a_day_is_forgotten():
    Limit("few", burst=2, a_minute=60).allows("ana")
    Allowance.objects.update(at=timezone.now() - timedelta(days=2))

    allowances.forget_allowances(0)

    assert not Allowance.objects.exists()


def test_the_addresses_of_one_line_count_as_one_and_nonsense_is_no_address():
    assert place("2001:db8:1:2:aaaa::1") == place("2001:db8:1:2:ffff::9") != place("2001:db8:1:3::1")
    assert place("::ffff:192.0.2.7") == place("192.0.2.7")
    assert place("unknown, 'or 1=1") == place("") == "0.0.0.0"


def test_pages_under_made_up_tokens_are_counted_together(
    visit: Visit, address: str, monkeypatch: pytest.MonkeyPatch, shop: Channel
):
    monkeypatch.setattr(limits, "newcomers", Limit("few newcomers", burst=2, a_minute=0.001))

    answers = [
        asked(address, "views", method="POST", json={"token": f"made-up-{n}", "url": "/", "once": f"page-view-{n}"})
        for n in range(4)
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert IntakeEntry.objects.count() == 2


def test_one_place_says_only_so_much_whatever_sessions_it_opens(visit: Visit, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "all_messages", Limit("few in all", burst=2, a_minute=0.001))

    for number in range(4):
        window = visit()
        window.do("say", text="Buy our lamps", once=f"a-message-{number}")
        window.wait("taken" if number < 2 else "refused")

    assert IntakeEntry.objects.count() == 2


def test_addresses_are_not_tried_out_by_the_dozen(visit: Visit, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "addresses", Limit("few addresses", burst=2, a_minute=0.001))
    window = visit()
    window.say("Hello")

    for number in range(3):
        window.do("address", email=f"victim{number}@example.com", name="Eve\r\nBcc: all@example.com")
        said = window.wait("address" if number < 2 else "refused")

    assert "many addresses" in said["reason"]
    assert Chat.objects.get().name == "Eve Bcc: all@example.com"


def test_a_page_with_a_sign_that_the_database_can_not_hold_ends_no_conversation(visit: Visit):
    window = visit(page="/kettle\0s\ud83d".encode("utf-8", "replace").decode())

    window.say("Hello")

    assert Chat.objects.get().page == "/kettles?"


@pytest.mark.django_db
def test_one_chat_whose_answers_can_not_go_by_mail_holds_up_no_other(monkeypatch: pytest.MonkeyPatch):
    went: list[int] = []

    def odd(number: int, **_: object) -> bool:
        if number == 1:
            raise RuntimeError("something nobody thought of")
        went.append(number)
        return True

    monkeypatch.setattr(mailing, "left_with_an_address", lambda now: [1, 2])
    monkeypatch.setattr(mailing, "mail_answers", odd)

    mailing.continue_by_mail(0)

    assert went == [2]
