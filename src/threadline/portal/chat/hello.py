"""How a chat window comes in: who sits there, what it missed, how long an answer takes, how else to reach a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from threadline.channels.models import Channel
from threadline.interactions.actions.intake import clean
from threadline.interactions.api import in_thread
from threadline.lib.errors import ThreadlineError
from threadline.portal import signals
from threadline.portal.actions.chatting import HERE, Visitor
from threadline.portal.chat.broker import Window, broker
from threadline.portal.chat.tokens import Proven, Session, proven_by, session_for, session_in
from threadline.portal.models import Chat
from threadline.portal.queries import calls, chats
from threadline.portal.queries.places import places

PAGE_CHARS = 300


@dataclass(frozen=True, slots=True)
class Hello:
    """What the window remembers of itself. `page` comes only with its reader's consent."""

    token: str = ""
    identity: str = ""
    since: int = 0
    page: str = ""
    phone: bool = False

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Hello":
        if said.get("do") != "hello":
            raise ThreadlineError("Say hello first.")
        texts = {name: said[name] for name in ("token", "identity", "page") if isinstance(said.get(name), str)}
        since = said.get("since")
        known = since if isinstance(since, int) and not isinstance(since, bool) and 0 <= since < 2**63 else 0
        return cls(
            **{**texts, "page": clean(texts.get("page", ""))[:PAGE_CHARS]}, since=known, phone=bool(said.get("phone"))
        )


@dataclass(frozen=True, slots=True)
class Known:
    who: Visitor
    welcome: dict[str, Any]


async def greet(window: Window, channel: Channel, hello: Hello, place: str = "") -> Visitor:
    """Put the window on the list first, then read its past: what comes in between is told twice, never not at all."""
    session, proven = await in_thread(recognised, hello.token, hello.identity, channel)
    window.session = session.session
    broker.add(window)
    try:
        known = await in_thread(known_as, channel, session, proven, hello, place, timezone.now())
    except BaseException:
        broker.remove(window)
        raise
    window.place = known.welcome["place"]
    window.send("welcome", **known.welcome)
    return known.who


def recognised(token: str, identity: str, channel: Channel) -> tuple[Session, Proven | None]:
    """A word of the shop that is not valid makes nobody: they go on as any visitor would.

    A token from before somebody signed in leads to a chat that is theirs now, so it opens none.
    """
    try:
        proven = proven_by(identity, channel, session=session_in(token, channel))
    except ThreadlineError:
        proven = None
    session = session_for(token, channel, proven)
    theirs = Chat.objects.filter(session=session.session).exclude(account__in=("", session.account))
    return (session_for("", channel, proven) if theirs.exists() else session), proven


def known_as(
    channel: Channel, session: Session, proven: Proven | None, hello: Hello, place: str, now: datetime
) -> Known:
    chat = Chat.objects.filter(session=session.session, channel=channel).first()
    who = Visitor(channel, session, proven, hello.page, {"kind": "phone" if hello.phone else "desktop"}, place)
    if chat is not None and chat.ended_at is None:
        chat.here_until, chat.page, chat.account = now + HERE, hello.page, session.account
        chat.save(update_fields=["here_until", "page", "account"])
        signals.tell(chat, "here")
    return Known(who, welcome(who, chat, since=hello.since, now=now))


def welcome(who: Visitor, chat: Chat | None, *, since: int, now: datetime) -> dict[str, Any]:
    channel = who.channel
    return {
        "token": who.session.token,
        "messages": chats.messages(chat, since=since, now=now) if chat else [],
        "brand": channel.brand.name if channel.brand else channel.name,
        "wait": chats.wait(channel, now=now),
        "place": places([who.session.session], now=now).get(who.session.session) if chat else None,
        "ways": chats.ways(channel),
        "name": (who.proven.name if who.proven else "") or (chat.name if chat else ""),
        "email": chat.email if chat else "",
        "signed_in": bool(who.proven),
        "seen": chat.seen_upto if chat else 0,
        "ended": bool(chat and chat.ended_at),
        "stars": chat.stars if chat else None,
        "call": calls.open_call(chat) if chat else None,
    }
