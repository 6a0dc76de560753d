"""A visitor never gets at anything that is somebody else's, and sends nothing that we would not want to have."""

import time
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import pytest
from django.core import signing
from websockets.exceptions import ConnectionClosed

from tests import make
from tests.portal.conftest import KEY, SHOP, Visitor
from threadline.channels.models import Channel
from threadline.interactions.models import Interaction
from threadline.lib.errors import ThreadlineError
from threadline.portal.chat import limits, uploads
from threadline.portal.models import Chat

Visit = Callable[..., Visitor]
SECRET_WORDS = "My kettle leaks and my card ends in 4242."


def vouched(key: str = KEY, *, audience: str = "www.harbourpine.example", **more: Any) -> str:
    """The shop's word for Ana, good for an hour."""
    said = {"sub": "A30001", "email": "ana@example.com", "name": "Ana Karlsson", "aud": audience}
    return jwt.encode({**said, "exp": int(time.time()) + 3600, **more}, key, algorithm="HS256")


def asked(address: str, path: str, token: str = "", *, origin: str = SHOP, **more: Any) -> httpx.Response:
    url = f"http://{address}/chat/{path}{'&' if '?' in path else '?'}channel=www.harbourpine.example"
    headers = {"Origin": origin, "Authorization": f"Bearer {token or None}"}
    return httpx.request(more.pop("method", "GET"), url, headers=headers, timeout=20, **more)


def said_something(visit: Visit, **hello: Any) -> Visitor:
    visitor = visit(**hello)
    visitor.say(SECRET_WORDS)
    make.process()
    visitor.messages(1)
    return visitor


@pytest.mark.parametrize("origin", ["https://evil.example", "https://shop.example.evil.example", "null", None])
def test_a_chat_opens_on_the_sites_of_its_channel_only(visit: Visit, origin: str | None):
    with pytest.raises(ConnectionClosed) as closed:
        visit(origin=origin)

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4403


def test_a_token_that_was_made_up_changed_or_made_for_another_channel_opens_an_empty_chat(visit: Visit, shop: Channel):
    other = make.channel("chat", "other.example", settings={"origins": [SHOP]})
    ana = said_something(visit)
    session = Chat.objects.get().session
    forged = [
        session,
        ana.token[:-2] + ("aa" if not ana.token.endswith("aa") else "bb"),
        signing.dumps([shop.pk, "v", session, ""], salt="guessed", key="guessed"),
        {"session": session},
        "x" * 20_000,
    ]

    for token in forged:
        assert visit(token=token).welcome["messages"] == []
    assert visit(token=ana.token, channel=other.address).welcome["messages"] == []
    assert [message["text"] for message in visit(token=ana.token).welcome["messages"]] == [SECRET_WORDS]


def test_numbers_and_names_of_foreign_chats_in_what_a_window_says_change_nothing(visit: Visit):
    ana = said_something(visit)
    chat, touch = Chat.objects.get(), Interaction.objects.get()
    eve = visit()

    eve.do("read", upto=touch.pk, session=chat.session, chat=chat.pk)
    eve.do(
        "say", text="Me too", once="eves-message", session=chat.session, visitor=chat.visitor, thread=touch.thread_id
    )
    eve.wait("taken")
    eve.do("end", session=chat.session)
    eve.wait("ended")
    make.process()

    chat.refresh_from_db()
    assert (chat.read_upto, chat.ended_at) == (0, None)
    theirs = Interaction.objects.get(text="Me too")
    assert theirs.thread_id != touch.thread_id
    assert theirs.identity_id != touch.identity_id
    assert [m["text"] for m in visit(token=ana.token).welcome["messages"]] == [SECRET_WORDS]


def test_the_same_name_for_a_message_in_two_chats_hides_neither(visit: Visit):
    visit().say("First", once="one-name-1")
    visit().say("Second", once="one-name-1")
    make.process()

    assert sorted(Interaction.objects.values_list("text", flat=True)) == ["First", "Second"]


def test_who_signed_in_is_verified_and_a_typed_address_is_only_claimed(visit: Visit):
    ana = visit(identity=vouched())
    ana.say("Hello, it is me.")
    eve = visit()
    eve.do("address", email="ana@example.com", name="Ana Karlsson")
    eve.wait("address")
    eve.say("Hello, it is me, send me my orders.")
    make.process()

    first, second = Interaction.objects.select_related("identity__customer").order_by("pk")
    assert make.customer_of(first) != make.customer_of(second)
    levels = {
        touch.pk: dict(touch.identity.customer.identities.values_list("scheme", "level")) for touch in (first, second)
    }
    assert levels[first.pk] == {"visitor": "observed", "account": "verified", "email": "verified"}
    assert levels[second.pk] == {"visitor": "observed", "email": "claimed"}


@pytest.mark.parametrize(
    "word",
    [
        vouched("another-key-of-thirty-two-characters-and-more"),
        vouched(audience="other.example"),
        vouched(exp=int(time.time()) - 3600),
        jwt.encode({"sub": "A30001", "aud": "www.harbourpine.example", "exp": 9999999999}, "", algorithm="none"),
        "no.word.at-all",
    ],
    ids=["foreign key", "other channel", "expired", "unsigned", "nonsense"],
)
def test_a_word_that_the_shop_did_not_give_makes_nobody(visit: Visit, word: str):
    assert visit(identity=word).welcome["signed_in"] is False


def test_the_next_person_at_the_same_screen_sees_nothing_of_who_signed_in_before(visit: Visit):
    anonymous = said_something(visit)
    ana = visit(token=anonymous.token, identity=vouched())
    assert [m["text"] for m in ana.welcome["messages"]] == [SECRET_WORDS], "it is her own chat, now under her name"

    signed_out = visit(token=ana.token)
    ben = visit(token=ana.token, identity=vouched(sub="A30002", email="ben@example.com"))
    kept_from_before = visit(token=anonymous.token)

    assert [each.welcome["messages"] for each in (signed_out, ben, kept_from_before)] == [[], [], []]


def test_what_is_too_long_empty_or_too_fast_is_refused_in_words(visit: Visit, monkeypatch: pytest.MonkeyPatch):
    ana = visit()
    for text, reason in (("x" * 4001, "4,000 fit"), ("  \0 ", "empty")):
        ana.do("say", text=text, once="long-enough-name")
        assert reason in ana.wait("refused")["reason"]
    ana.do("say", text="Hello", once="../x")
    assert "name of its own" in ana.wait("refused")["reason"]
    monkeypatch.setattr(limits, "messages", limits.Limit("one message", burst=1, a_minute=0.001))
    ana.do("say", text="One", once="message-one")
    ana.do("say", text="Two", once="message-two")

    assert ana.wait("refused") == {
        "is": "refused",
        "once": "message-two",
        "reason": "That was a lot at once. It goes out in a moment.",
        "final": False,
    }
    assert not Interaction.objects.exists()


def test_markup_stays_text_and_is_no_html(visit: Visit):
    words = "<img src=x onerror=alert(1)><script>alert(1)</script>"
    ana = visit()
    ana.say(words)
    make.process()

    (message,) = ana.messages(1)
    assert message["text"] == words
    assert Interaction.objects.get().html == ""


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.mark.parametrize(
    ("name", "data", "kept"),
    [
        ("kettle.png", PNG, ("kettle.png", "image/png")),
        ("evil.html", PNG, ("evil.html.png", "image/png")),
        ("../../etc/passwd", b"words", ("passwd.txt", "text/plain")),
        ("photo.JPEG", b"\xff\xd8\xff\xe0", ("photo.JPEG", "image/jpeg")),
    ],
    ids=["png", "png called html", "path", "jpeg"],
)
def test_a_file_is_what_its_bytes_say(name: str, data: bytes, kept: tuple[str, str]):
    found = uploads.checked(name, data)

    assert (found.name, found.content_type) == kept


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b" \n<!doctype html>",
        b"MZ\x90\0",
        b"PK\x03\x04",
        PNG * 300_000,
    ],
    ids=["empty", "svg", "html", "program", "zip", "too large"],
)
def test_other_files_are_refused(data: bytes):
    with pytest.raises(ThreadlineError):
        uploads.checked("kettle.png", data)


def test_a_file_comes_with_its_bytes_and_foreign_ones_are_out_of_reach(visit: Visit, address: str):
    ana = said_something(visit)
    sent = asked(address, "files?name=kettle.png&once=a-file-of-hers", ana.token, method="POST", content=PNG)
    make.process()

    assert sent.json()["name"] == "kettle.png"
    (message,) = ana.messages(1)
    assert message["files"] == [["kettle.png", len(PNG)]]
    assert (
        asked(address, "files?name=a.png&once=a-file-of-eve", "made-up", method="POST", content=PNG).status_code == 401
    )
    foreign = asked(
        address,
        "files?name=a.png&once=a-file-of-eve",
        ana.token,
        method="POST",
        content=PNG,
        origin="https://evil.example",
    )
    assert foreign.status_code == 403
    large = asked(address, "files?name=a.png&once=large-file", ana.token, method="POST", content=PNG * 300_000)
    assert large.status_code == 413


def test_a_copy_is_of_ones_own_chat_only(visit: Visit, address: str):
    ana, eve = said_something(visit), visit()

    assert SECRET_WORDS in asked(address, "copy", ana.token).text
    assert asked(address, "copy", eve.token).status_code == 422
    assert asked(address, "copy", "made-up").status_code == 401
    by_mail = asked(address, "copy", ana.token, method="POST")
    assert "e-mail address first" in by_mail.json()["reason"]


def test_pages_that_were_looked_at_are_events_and_open_no_story(visit: Visit, address: str):
    seen = asked(
        address, "views", method="POST", json={"url": "/kettle", "title": "Tern kettle", "once": "page-view-1"}
    )
    make.process()

    view = Interaction.objects.get()
    assert seen.status_code == 200
    assert (view.kind, view.direction, view.attributes["title"]) == ("web", "event", "Tern kettle")
    assert visit(token=seen.json()["token"]).welcome["messages"] == []
