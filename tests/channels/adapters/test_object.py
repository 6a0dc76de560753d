"""From a JSON object, of any kind of channel, to an interaction."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadline.channels.adapters.object import ObjectAdapter
from threadline.channels.contract import Broken, Endpoint, Inbound, Raw
from threadline.channels.house import HOUSE
from threadline.core.touch import Direction, Handle, Level

VERIFIED, OBSERVED, CLAIMED = Level.VERIFIED, Level.OBSERVED, Level.CLAIMED
AT = "2026-03-01T09:30:00Z"


def parsed(by: Endpoint | None = None, /, **given: object) -> Inbound:
    whole = {"id": "i1", "at": AT, "channel": "sms", "direction": "in", "text": "It leaks.", **given}
    (inbound,) = ObjectAdapter(by or Endpoint("email", "support@harbourpine.example")).parse(Raw(payload=whole))
    return inbound


@pytest.mark.parametrize(
    ("channel", "sender", "handles", "name"),
    [
        ("email", {"email": "Ana@Example.com", "display_name": "Ana"}, [("email", "ana@example.com", OBSERVED)], "Ana"),
        ("phone", {"number": "+44 7700 900123"}, [("tel", "+447700900123", OBSERVED)], ""),
        ("phone", {"number": None}, [], ""),
        ("phone", {"number": "withheld"}, [], ""),
        ("sms", {"number": "07700 900123"}, [("tel", "+447700900123", OBSERVED)], ""),
        ("whatsapp", {"number": "447700900123", "profile_name": "Ana"}, [("tel", "+447700900123", OBSERVED)], "Ana"),
        ("twitter", {"handle": "Ana_K", "user_id": "77"}, [("x", "@ana_k", OBSERVED), ("x_id", "77", OBSERVED)], ""),
        ("x", {"handle": "@Ana_K", "user_id": 77}, [("x", "@ana_k", OBSERVED), ("x_id", "77", OBSERVED)], ""),
        ("facebook", {"psid": "5", "display_name": "Ana"}, [("facebook", "5", OBSERVED)], "Ana"),
        (
            "chat",
            {"visitor_id": "v1", "form_name": "Ana", "form_email": "Ana@example.com"},
            [("visitor", "v1", OBSERVED), ("email", "ana@example.com", CLAIMED)],
            "Ana",
        ),
        (
            "web",
            {"visitor_id": "v1", "login": "Ana@example.com", "account_id": "9"},
            [
                ("login", "ana@example.com", VERIFIED),
                ("email", "ana@example.com", VERIFIED),
                ("account", "9", VERIFIED),
                ("visitor", "v1", OBSERVED),
            ],
            "",
        ),
        ("chat", {"login": "ana.k"}, [("login", "ana.k", VERIFIED)], ""),
        ("store", {"loyalty_card": "L555"}, [("loyalty", "L555", OBSERVED)], ""),
        ("store", {"receipt_name": "A Kühn"}, [], "A Kühn"),
        ("store", {}, [], ""),
        (
            "purchase",
            {
                "email": "ana@example.com",
                "phone": "07700 900123",
                "ship_to": {"name": "Ana Kühn"},
                "loyalty_card": "L5",
            },
            [("email", "ana@example.com", OBSERVED), ("tel", "+447700900123", OBSERVED), ("loyalty", "L5", OBSERVED)],
            "Ana Kühn",
        ),
        ("app", {"account_id": "9", "device_id": "d1"}, [("account", "9", VERIFIED), ("device", "d1", OBSERVED)], ""),
        ("review", {"nickname": "Maple36"}, [("reviewer", "reviews/pine:maple36", OBSERVED)], ""),
        ("community", {"username": "Maple36"}, [("community", "reviews/pine:maple36", OBSERVED)], ""),
    ],
)
def test_each_kind_names_people_in_its_own_way(channel, sender, handles, name):
    inbound = parsed(channel=channel, sender=sender, endpoint="reviews/pine")

    assert inbound.handles == tuple(Handle(*each) for each in handles)
    assert inbound.name == name


@pytest.mark.parametrize(
    ("channel", "sender", "thread", "key"),
    [
        ("chat", {"visitor_id": "v1"}, {"session": "s1"}, "session:s1"),
        ("chat", {"visitor_id": "v1"}, None, "visitor:v1"),
        ("x", {"handle": "ana"}, {"dm_conversation": "d1", "tweet_id": "5"}, "dm:d1"),
        ("x", {"handle": "ana"}, {"tweet_id": "5"}, ""),
        ("whatsapp", {"number": "447700900123"}, {"conversation": "w1"}, "conversation:w1"),
        ("whatsapp", {"number": "447700900123"}, {}, "tel:+447700900123"),
        ("sms", {"number": "+447700900123"}, None, "tel:+447700900123"),
        ("facebook", {"psid": "5"}, {"post_id": "p1"}, "post:p1"),
        ("facebook", {"psid": "5"}, {"conversation": "c1"}, "conversation:c1"),
        ("review", {"nickname": "m"}, {"review_id": "r1"}, "review:r1"),
        ("community", {"username": "m"}, {"topic_id": "t1"}, "topic:t1"),
        ("phone", {"number": "+447700900123"}, {"call_id": "k1"}, "call:k1"),
        ("web", {"visitor_id": "v1"}, None, "visitor:v1"),
        ("web", {"visitor_id": "v1", "account_id": "9"}, None, "account:9"),
        ("app", {"account_id": "9", "device_id": "d"}, None, "account:9"),
        ("purchase", {"email": "ana@example.com", "order_number": "HP-1"}, None, "order:HP-1"),
        ("email", {"email": "ana@example.com"}, {"message_id": "m1@x.test"}, ""),
        ("store", {}, None, ""),
    ],
)
def test_each_kind_says_what_belongs_together_in_its_own_way(channel, sender, thread, key):
    assert parsed(channel=channel, sender=sender, thread=thread).thread_key == key


def test_a_mail_is_taken_apart_and_refers_to_others_by_message_id():
    thread = {"message_id": "<m3@x.test>", "in_reply_to": "<m2@x.test>", "references": ["m1@x.test", "m2@x.test"]}
    inbound = parsed(
        channel="email", sender={"email": "ana@example.com"}, thread=thread, text="New.\n\nOn 1 Mar, Bo wrote:\n> Old."
    )

    assert inbound.external_id == "m3@x.test"
    assert inbound.references == ("m2@x.test", "m1@x.test")
    assert inbound.text == "New."
    assert "Old." in inbound.quoted


def test_a_post_refers_to_others_by_its_own_id():
    inbound = parsed(channel="twitter", sender={"handle": "ana"}, thread={"tweet_id": "5", "in_reply_to": "4"})

    assert (inbound.kind, inbound.external_id, inbound.references) == ("x", "5", ("4",))


def test_the_same_object_twice_is_one_and_another_endpoint_makes_another():
    assert parsed().once_key == parsed(text="other").once_key
    assert parsed().once_key != parsed(endpoint="+447700900999").once_key
    assert parsed().once_key != parsed(id="i2").once_key


def test_what_we_said_names_whom_we_said_it_to_and_who_of_us():
    inbound = parsed(direction="out", sender={"agent": "bo"}, to={"number": "+447700900123"})

    assert inbound.direction is Direction.OUT
    assert inbound.author == "bo"
    assert inbound.handles == (Handle("tel", "+447700900123"),)


def test_what_the_sender_tells_beside_handles_becomes_an_attribute():
    sender = {"email": "ana@example.com", "order_number": "HP-1", "items": ["kettle"], "phone": None}
    inbound = parsed(channel="purchase", sender=sender, attributes={"order_number": "HP-1", "gift": True})

    assert inbound.attributes == {"order_number": "HP-1", "gift": True, "items": ["kettle"]}


def test_a_number_without_country_is_read_as_the_endpoints_or_the_settings_say():
    by_endpoint = parsed(endpoint="+49 30 12345678", sender={"number": "030 9876543"})
    by_setting = parsed(
        Endpoint("purchase", "shop", {"region": "US"}), channel="purchase", sender={"phone": "(212) 555-0123"}
    )

    assert by_endpoint.handles[0].value == "+49309876543"
    assert by_setting.handles[0].value == "+12125550123"


@pytest.mark.parametrize(
    ("given", "public"),
    [
        ({"channel": "review"}, True),
        ({"channel": "review", "public": False}, False),
        ({"channel": "x", "thread": {"tweet_id": "1"}}, True),
        ({"channel": "x", "thread": {"tweet_id": "1", "dm_conversation": "d"}}, False),
        ({"channel": "facebook", "thread": {"post_id": "1"}}, True),
        ({"channel": "sms"}, False),
        ({"channel": "sms", "public": True}, True),
    ],
)
def test_what_everybody_can_read_is_public(given, public):
    assert parsed(**given).public is public


def test_the_kind_and_direction_unsaid_are_those_of_the_channel():
    inbound = parsed(
        Endpoint("web", "www.harbourpine.example"), channel=None, direction=None, sender={"visitor_id": "v"}
    )

    assert (inbound.kind, inbound.direction) == ("web", Direction.EVENT)


def test_a_mail_that_a_machine_wrote_is_told_by_its_subject():
    sender = {"email": "ana@example.com"}

    assert "out-of-office" in parsed(channel="email", sender=sender, subject="Automatic reply: kettle").automatic
    assert parsed(channel="email", sender=sender, subject="Kettle").automatic == ""
    assert parsed(channel="sms", subject="Automatic reply: kettle").automatic == ""
    assert parsed(automatic="said so").automatic == "said so"


def test_characters_that_no_database_holds_are_taken_out():
    inbound = parsed(
        text="a\0b\ud800c", sender={"number": None, "note": "x\0"}, attributes={"k\0": ["v\0"]}, device={"os": "i\0OS"}
    )

    assert inbound.text == "ab?c"
    assert inbound.attributes == {"k": ["v"], "note": "x"}
    assert inbound.device == {"os": "iOS"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"id": None}, "“id” is missing"),
        ({"id": ""}, "“id” is missing"),
        ({"id": ["x"]}, r"“id” is \['x'\]. It must be a string"),
        ({"id": "x" * 301}, "at most 300 characters, and this has 301"),
        ({"id": True}, "“id” is True"),
        ({"at": None}, "“at” is missing"),
        ({"at": "yesterday"}, "“at” is 'yesterday'. It must be a moment"),
        ({"at": "2026-03-01T09:30:00"}, "with its time zone"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "between the years"),
        ({"at": 5.5}, "“at” is 5.5"),
        ({"channel": "pigeon"}, "“channel” is 'pigeon'. It must be one of email, phone"),
        ({"channel": {}}, "“channel” is {}"),
        ({"direction": "up"}, "“direction” is 'up'. It must be in, out or event"),
        ({"public": "yes"}, "“public” is 'yes'. It must be true or false"),
        ({"endpoint": "e" * 256}, "“endpoint”"),
        ({"sender": "Ana"}, "“sender” is 'Ana'. It must be an object"),
        ({"sender": {"number": {}}}, "“sender.number” is {}"),
        ({"direction": "out", "to": {"number": []}}, r"“to.number” is \[\]"),
        ({"channel": "purchase", "sender": {"ship_to": {"name": 1.5}}}, "“sender.ship_to.name” is 1.5"),
        ({"thread": "t"}, "“thread” is 't'"),
        ({"thread": {"session": []}}, "“thread.session”"),
        ({"thread": {"references": [1]}}, "“thread.references”"),
        ({"thread": {"references": {"a": 1}}}, "“thread.references”"),
        ({"subject": 5}, "“subject” is 5"),
        ({"text": ["x"]}, "“text” is"),
        ({"text": "x" * 1_000_001}, "1,000,001"),
        ({"attributes": []}, r"“attributes” is \[\]"),
        ({"attributes": {"a": object}}, "“attributes.a”"),
        ({"attributes": {"a": float("nan")}}, "“attributes.a” is nan"),
        ({"device": "iPhone"}, "“device” is 'iPhone'"),
        ({"automatic": 1.5}, "“automatic”"),
    ],
)
def test_what_is_wrong_is_said_with_field_and_value(given, says):
    with pytest.raises(Broken, match=says):
        parsed(**given)


def test_an_object_without_bottom_is_refused():
    deep: dict[str, object] = {}
    inner = deep
    for _ in range(500):
        inner["a"] = inner = {}

    with pytest.raises(Broken, match="nested more than 20 levels"):
        parsed(attributes=deep)


def test_the_account_that_the_desk_opened_during_a_call_is_a_verified_handle():
    call = parsed(
        channel="phone", sender={"number": None}, attributes={"account": 330912847, "login": "Ana@example.com"}
    )

    assert call.handles == (
        Handle("login", "ana@example.com", VERIFIED),
        Handle("email", "ana@example.com", VERIFIED),
        Handle("account", "330912847", VERIFIED),
    )


@pytest.mark.parametrize("payload", [None, [], "x", 5])
def test_what_is_no_object_is_refused(payload):
    with pytest.raises(Broken, match="holds no object"):
        ObjectAdapter(Endpoint("sms", "+447700900999")).parse(Raw(payload=payload))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = (
    "id",
    "at",
    "channel",
    "direction",
    "public",
    "endpoint",
    "sender",
    "to",
    "thread",
    "subject",
    "text",
    "attributes",
    "device",
)


@given(st.sampled_from([*HOUSE]), st.dictionaries(st.sampled_from(FIELDS), anything, max_size=4))
def test_nothing_but_broken_is_ever_raised(channel, given):
    try:
        outcome = parsed(**{"channel": channel, **given}).kind
    except Broken as error:
        outcome = str(error)

    assert outcome in HOUSE or "“" in outcome
