"""What visitors do in a chat window. Whatever is said is in the ledger before it is acknowledged."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from threadline.accounts.events import record
from threadline.channels.adapters.chat import LONGEST, written
from threadline.channels.models import Channel
from threadline.interactions.actions.intake import Item, clean, receive
from threadline.interactions.models import Delivery, Interaction
from threadline.lib.errors import ThreadlineError
from threadline.portal import signals
from threadline.portal.chat.tokens import Proven, Session
from threadline.portal.models import Chat

HERE = timedelta(seconds=60)  # an open window says every 20 s that it is
ONCE = re.compile(r"[\w-]{8,64}", re.ASCII)
SOURCE = "chat"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who acts: the session, whom the shop vouches for, what was typed, and what they look at if they consented."""

    channel: Channel
    session: Session
    proven: Proven | None = None
    page: str = ""
    device: Mapping[str, object] = field(default_factory=dict)
    place: str = ""  # where they sit in the network, for counting only; never stored with what they say


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    content_type: str
    data: bytes


def open_chat(who: Visitor, *, now: datetime) -> Chat:
    """The chat of this session, made when it begins. Raises ThreadlineError when it was ended."""
    chat, _ = Chat.objects.get_or_create(
        session=who.session.session,
        defaults={
            "channel": who.channel,
            "visitor": who.session.visitor,
            "started_at": now,
            "active_at": now,
            "here_until": now + HERE,
        },
    )
    if chat.ended_at is not None:
        raise ThreadlineError("This chat was ended. Begin a new one.")
    return chat


@transaction.atomic
def say(who: Visitor, *, text: str, once: str, now: datetime, file: Upload | None = None) -> int:
    """Take a message in. `once` is the window's own name for it: the same one is stored once. Returns its number."""
    text = clean(text).strip()
    if not text and file is None:
        raise ThreadlineError("The message is empty. Write something first.")
    if len(text) > LONGEST:
        raise ThreadlineError(f"The message has {len(text):,} characters; {LONGEST:,} fit. Send it in two.")
    chat = open_chat(who, now=now)
    if who.proven:
        _vouched_for(chat, who.proven)
    chat.active_at, chat.here_until, chat.page = now, now + HERE, who.page[:300]
    chat.save(update_fields=["account", "name", "email", "vouched", "active_at", "here_until", "page"])
    return _into_the_ledger(who, chat, "say", once=once, now=now, text=text, file=file)


@transaction.atomic
def give_address(who: Visitor, *, email: str, name: str, now: datetime) -> Chat:
    """Where answers go once they left. Typed, so it is claimed and proves nothing.

    It passes through the ledger too: whoever answers a mail of ours from there is known in this thread, then.
    """
    email, name = email.strip().lower(), " ".join(clean(name).split())[:120]
    try:
        validate_email(email)
    except ValidationError as error:
        raise ThreadlineError(f"“{email[:80]}” is no e-mail address. Write one such as ana@example.com.") from error
    said_before = Chat.objects.filter(session=who.session.session).exists()
    chat = open_chat(who, now=now)
    changed, chat.email, chat.name, chat.trouble = chat.email != email, email, name or chat.name, ""
    chat.vouched = chat.vouched and not changed
    chat.save(update_fields=["email", "name", "trouble", "vouched"])
    if said_before and changed:
        words = _("Left %(email)s for answers") % {"email": email}
        _into_the_ledger(who, chat, "address", once=f"address-{secrets.token_hex(8)}", now=now, text=words)
    return chat


@transaction.atomic
def rate(who: Visitor, *, stars: int, text: str, now: datetime) -> None:
    """How it was for them: a touch in the same story, once a chat; a change of mind replaces the number here."""
    if not 1 <= stars <= 5:
        raise ThreadlineError("Choose one to five stars.")
    chat = Chat.objects.filter(session=who.session.session).first()
    if chat is None:
        raise ThreadlineError("There is no chat to rate yet.")
    if chat.stars is None:
        said, once = clean(text).strip()[:LONGEST], f"rated-{chat.pk:08}"
        _into_the_ledger(who, chat, "rate", once=once, now=now, text=said, attributes={"rating": stars})
    chat.stars = stars
    chat.save(update_fields=["stars"])


@transaction.atomic
def end(who: Visitor, *, now: datetime) -> None:
    """They are done. What they say next is a new chat."""
    chat = Chat.objects.filter(session=who.session.session, ended_at=None).first()
    if chat is None:
        return
    journey, team = signals.standing_of(chat)
    chat.ended_at, chat.here_until = now, now
    chat.save(update_fields=["ended_at", "here_until"])
    record("chat_ended", at=now, journey_id=journey, team_id=team, chat=chat.pk)
    signals.tell(chat, "gone")


def view(who: Visitor, *, address: str, title: str, once: str, now: datetime) -> None:
    """A page was looked at, and its reader agreed that we know. Without a chat it is a touch all the same."""
    attributes = {"url": clean(address)[:500], "title": clean(title)[:200]}
    said = {"attributes": attributes, "proven": _vouched(who)}
    receive([_item(who, "view", once, now, said)], source=SOURCE, channel=who.channel)


@transaction.atomic
def read_upto(who: Visitor, *, upto: int, now: datetime) -> None:
    """They have our messages up to this touch before them: those are delivered."""
    chat = Chat.objects.filter(session=who.session.session, read_upto__lt=upto).first()
    if chat is None:
        return
    theirs = Interaction.objects.filter(thread__in=signals.thread_of(chat), direction="out", pk__lte=upto)
    newest = theirs.order_by("-pk").values_list("pk", flat=True).first() or 0
    if newest <= chat.read_upto:
        return
    shown = list(theirs.filter(pk__gt=chat.read_upto, delivery__state="sent").values_list("pk", flat=True)[:200])
    Chat.objects.filter(pk=chat.pk).update(read_upto=newest)
    Delivery.objects.filter(pk__in=shown).update(state=Delivery.State.DELIVERED, changed_at=now)
    journey, team = signals.standing_of(chat)
    for number in shown[-1:]:
        record("delivered", at=now, interaction_id=number, journey_id=journey, team_id=team)
    signals.tell(chat, "read", upto=newest)


def stay(sessions: Sequence[str], *, now: datetime) -> None:
    """These windows are open. Cost: one statement however many there are."""
    if sessions:
        Chat.objects.filter(session__in=sessions, ended_at=None).update(here_until=now + HERE)


def left(session: str, *, now: datetime) -> None:
    """The last window of this chat was closed."""
    chat = Chat.objects.filter(session=session, ended_at=None).first()
    if chat is not None:
        Chat.objects.filter(pk=chat.pk).update(here_until=now)
        signals.tell(chat, "gone")


def _vouched_for(chat: Chat, proven: Proven) -> None:
    """What the shop says of them; an address that they typed since stays where answers go."""
    chat.account, chat.name = proven.account, proven.name or chat.name
    if proven.email and not chat.email:
        chat.email, chat.vouched = proven.email, True


def _into_the_ledger(
    who: Visitor, chat: Chat, does: str, *, once: str, now: datetime, file: Upload | None = None, **said: object
) -> int:
    more = {"name": chat.name, "email": "" if chat.vouched else chat.email, "proven": _vouched(who), **said}
    (number,) = receive([_item(who, does, once, now, more, file)], source=SOURCE, channel=who.channel)
    return number


def _vouched(who: Visitor) -> dict[str, str]:
    return {"account": who.proven.account, "email": who.proven.email} if who.proven else {}


def _item(
    who: Visitor, does: str, once: str, now: datetime, said: Mapping[str, object], file: Upload | None = None
) -> Item:
    if not ONCE.fullmatch(once):
        raise ThreadlineError("The message has no name of its own (8 to 64 letters, digits, - and _). Send it anew.")
    body = {
        "does": does,
        "once": once,
        "at": now.isoformat(),
        "session": who.session.session,
        "visitor": who.session.visitor,
        "device": dict(who.device),
        **said,
    }
    raw = written(body, name=file.name, content_type=file.content_type, data=file.data) if file else written(body)
    return Item(raw=raw, external_id=f"{who.session.session}:{once}")
