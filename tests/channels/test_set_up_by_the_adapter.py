"""The form follows from the adapter; a channel comes with its file and goes with it; intake tells what is wrong."""

import importlib
import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make, providers
from tests.channels import test_contract as contract
from tests.providers.registry import fakes
from tests.providers.telegram import FakeTelegram
from tests.providers.twilio import FakeTwilioSms
from threadline.accounts.models import Event
from threadline.channels import adapters as registry
from threadline.channels import log
from threadline.channels.adapters import adapters
from threadline.channels.models import Channel, ChannelLog
from threadline.config.new_channel import write
from threadline.core.redaction import redacted
from threadline.interactions.actions.health import compare_with_providers, notice_silence
from threadline.interactions.actions.intake import Item, receive
from threadline.interactions.models import IntakeEntry, Interaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make.agent("Di Varga", is_admin=True))
    return client


def text(answer: object) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())  # type: ignore[attr-defined]


def test_a_bot_is_set_up_on_a_screen_that_asks_its_provider(desk: Client, settings: Any):
    settings.PUBLIC_URL = "https://desk.example.com"
    with FakeTelegram().running() as fake:
        address = reverse("settings-channel-new", args=["telegram"])
        given = {"address": "@harbourpine_bot", "bot_token": fake.secrets["bot_token"], "api_url": fake.url}

        missing = desk.post(address, {**given, "bot_token": ""})
        made = desk.post(address, given, follow=True)

        channel = Channel.objects.get()
        assert missing.status_code == 422
        assert "The bot is @harbourpine_bot" in text(made)
        assert (channel.kind, channel.settings, dict(channel.secrets)) == (
            "telegram",
            {"api_url": fake.url},
            {"bot_token": fake.secrets["bot_token"]},
        )
        assert fake.called == f"https://desk.example.com/in/{channel.pk}"
        assert fake.secrets["bot_token"] not in text(made) + str(list(Event.objects.values()))


@pytest.fixture
def pigeon(tmp_path: Path) -> Iterator[Path]:
    """A checkout beside ours with a channel that `new-channel` has just written."""
    for folder in ("src/threadline/channels/adapters", "tests/providers", "tests/channels/adapters"):
        (tmp_path / folder).mkdir(parents=True)
    write("pigeon", label="Carrier pigeon", into=tmp_path)
    places = [(registry, "src/threadline/channels/adapters"), (providers, "tests/providers")]
    for package, folder in places:
        package.__path__.append(str(tmp_path / folder))
    forget()
    yield tmp_path
    for package, folder in places:
        if str(tmp_path / folder) in package.__path__:
            package.__path__.remove(str(tmp_path / folder))
    forget()


def forget() -> None:
    importlib.invalidate_caches()
    adapters.cache_clear()
    fakes.cache_clear()
    for name in ("threadline.channels.adapters.pigeon", "tests.providers.pigeon"):
        sys.modules.pop(name, None)


def test_a_new_channel_keeps_the_contract_and_is_on_every_screen_until_its_file_goes(desk: Client, pigeon: Path):
    with fakes()["pigeon"]().running() as fake:
        channel = fake.channel()
        contract.test_every_documented_event_is_a_touch_a_report_or_refused_by_name(fake)
        contract.test_the_four_failures_are_told_apart(fake)
        contract.test_a_message_arrives_as_written_where_it_should(fake)
        (piece,) = fake.connector().split(fake.said("Coo.", number=1))
        receive([Item(raw=piece.body)], source="hook", channel=channel)
        make.process()
    story = reverse("story", args=[make.journey_of(Interaction.objects.get()).pk])
    screens = [reverse("settings-channel-kinds"), reverse("settings-channel", args=[channel.pk]), story]
    before = [text(desk.get(screen)) for screen in screens]

    registry.__path__.remove(str(pigeon / "src/threadline/channels/adapters"))
    forget()

    assert all("Carrier pigeon" in page or "Coo." in page for page in before)
    after = [desk.get(screen) for screen in [*screens, reverse("settings-channels"), reverse("settings-intake")]]
    assert [page.status_code for page in after] == [200] * 5
    assert "Carrier pigeon" not in text(after[0])
    assert "Coo." in text(after[2])
    assert "not installed any more" in text(after[3])


def test_a_source_that_falls_silent_and_one_that_lacks_something_are_said_to(desk: Client):
    with FakeTwilioSms().running() as fake:
        channel = fake.channel()
        fake.there = [fake.listed("You never heard this.", number=1)]
        for _each in range(25):
            receive([Item(raw=b"{}")], source="hook", channel=channel)
        later = timezone.now() + timedelta(hours=1)
        notice_silence(now=later)
        compare_with_providers(now=later)  # what was said a moment ago may still be on its way
        make.process()

        page = text(desk.get(reverse("settings-intake")))
        assert "Some of it could not be read" in page
        assert {"channel_silent", "channel_gap"} <= set(Event.objects.values_list("verb", flat=True))
        desk.post(reverse("settings-intake-backfill", args=[channel.pk]), {"days": "2"})
        again = text(desk.post(reverse("settings-intake-retry"), follow=True))
        make.process()

    channel.refresh_from_db()
    assert "25 items are looked at again." in again
    assert (channel.missing, Interaction.objects.get().text) == (0, "You never heard this.")
    assert IntakeEntry.objects.filter(verdict="quarantined").count() == 25


def test_the_log_of_a_channel_holds_no_secret_and_no_number_of_a_card():
    channel = make.channel(secrets={"smtp_password": "sea-holly-42"})

    log.note(channel, "sea-holly-42 for card 4111 1111 1111 1111, order 1234 5678 9012 3456", ok=False)

    assert ChannelLog.objects.get().text == "•••• for card •••• 1111, order 1234 5678 9012 3456"
    assert "AAHdqTcvCH1" not in redacted("GET /bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/getMe")
    assert redacted("Authorization: Bearer abcdefghijkl") == "Authorization: Bearer ••••"
