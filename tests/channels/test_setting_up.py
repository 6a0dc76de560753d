"""Setting channels up, as `threadline channel` does."""

import pytest
from django.db import connection

from threadline.channels.actions import set_channel
from threadline.channels.models import Channel
from threadline.config.channels import listed, settings_in
from threadline.lib.errors import ThreadlineError

pytestmark = pytest.mark.django_db


def test_a_channel_is_made_once_and_changed_in_place():
    set_channel(kind="email", address="hello@harbourpine.example", brand="Harbour & Pine", settings={"imap_port": 993})
    set_channel(kind="email", address="hello@harbourpine.example", settings={"imap_host": "imap.example.org"})

    channel = Channel.objects.get()

    assert channel.settings == {"imap_port": 993, "imap_host": "imap.example.org"}
    assert channel.brand is not None
    assert channel.brand.name == "Harbour & Pine"


def test_an_empty_value_removes_a_setting():
    set_channel(kind="email", address="hello@harbourpine.example", settings={"imap_host": "imap.example.org"})

    changed = set_channel(kind="email", address="hello@harbourpine.example", settings=settings_in(["imap_host="]))

    assert changed.settings == {}


def test_passwords_are_sealed_in_the_database_and_never_listed():
    set_channel(kind="email", address="hello@harbourpine.example", secrets={"imap_password": "a quiet harbour"})

    with connection.cursor() as cursor:
        cursor.execute("select secrets from channels_channel")
        (stored,) = cursor.fetchone()

    assert "harbour" not in stored
    assert Channel.objects.get().secrets["imap_password"] == "a quiet harbour"
    assert "quiet" not in listed()
    assert "imap_password=(sealed)" in listed()


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"kind": "telex", "address": "x"}, "no channel kind “telex”"),
        ({"kind": "email", "address": " "}, "no address"),
        ({"kind": "email", "address": "a@example.org", "settings": {"smtp_password": "x"}}, "looks like a password"),
    ],
)
def test_what_can_not_be_a_channel_is_refused_in_words(values, told):
    with pytest.raises(ThreadlineError, match=told):
        set_channel(**values)


def test_a_setting_without_a_value_is_refused_in_words():
    with pytest.raises(ThreadlineError, match="Write KEY=VALUE"):
        settings_in(["imap_host"])
