"""Every kind of channel has its adapter."""

import pytest

from threadline.channels.adapters import adapters, can_send, named, reader, served
from threadline.channels.adapters.email import Email
from threadline.channels.adapters.object import ObjectAdapter
from threadline.channels.contract import Endpoint, Limits, Raw
from threadline.channels.house import HOUSE
from threadline.lib.errors import ThreadlineError


def test_every_kind_of_channel_is_served():
    assert all(served(Endpoint(kind, "address")) for kind in HOUSE)


@pytest.mark.parametrize("name", [*HOUSE, *adapters()])
def test_every_adapter_keeps_the_contract(name):
    adapter = named(name)(Endpoint(name.partition(".")[0], "address"))

    assert isinstance(adapter.limits, Limits)
    assert adapter.kind
    assert callable(adapter.parse)


def test_an_unknown_kind_is_refused_with_the_known_ones():
    with pytest.raises(ThreadlineError, match=r"no channel kind “pigeon”. Choose one of email, chat"):
        named("pigeon")


def test_mail_and_our_own_chat_can_be_sent_and_other_kinds_of_the_house_need_a_provider():
    assert [kind for kind in HOUSE if can_send(Endpoint(kind, "address"))] == ["email", "chat"]


def test_an_object_is_read_as_an_object_even_on_a_mail_channel():
    channel = Endpoint("email", "support@harbourpine.example")

    assert isinstance(reader(channel, Raw(payload={})), ObjectAdapter)
    assert isinstance(reader(channel, Raw(body=b"")), Email)
