"""How an object says what it belongs to: the channel's own grouping, or the items it answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from threadline.channels.adapters.object import fields
from threadline.core.touch import Handle

# Groupings that a channel names itself, narrowest first.
GROUPS = {
    "session": "session",
    "dm_conversation": "dm",
    "conversation": "conversation",
    "post_id": "post",
    "review_id": "review",
    "topic_id": "topic",
    "call_id": "call",
    "thread_id": "thread",
}
# Where the channel names none: everything with one handle of this scheme is one thread.
BY_HANDLE = {
    "sms": ("tel",),
    "whatsapp": ("tel",),
    "web": ("account", "login", "visitor"),
    "chat": ("visitor",),
    "app": ("account", "device"),
    "facebook": ("facebook",),
}
IDS = {"email": "message_id", "x": "tweet_id"}
LONGEST_ID = 512


@dataclass(frozen=True, slots=True)
class Evidence:
    key: str
    own_id: str  # the id that later items refer to; empty where it is the object's id
    references: tuple[str, ...]


def evidence(kind: str, thread: Mapping[str, object], handles: tuple[Handle, ...], order: object) -> Evidence:
    own = fields.word(thread, IDS[kind], where="thread.", longest=2000) if kind in IDS else ""
    return Evidence(_key(kind, thread, handles, order), bare(own), _references(thread) if thread else ())


def _key(kind: str, thread: Mapping[str, object], handles: tuple[Handle, ...], order: object) -> str:
    for name, prefix in GROUPS.items():
        if name in thread:
            value = fields.word(thread, name, where="thread.")
            if value:
                return f"{prefix}:{value}"
    if kind == "purchase" and order:
        return f"order:{order}"[:LONGEST_ID]
    known = {handle.scheme: handle.value for handle in handles}
    return next((f"{scheme}:{known[scheme]}" for scheme in BY_HANDLE.get(kind, ()) if scheme in known), "")


def _references(thread: Mapping[str, object]) -> tuple[str, ...]:
    """Nearest first, as `Inbound` wants them; `references` stands oldest first, as in a mail."""
    nearest = fields.words(thread, "in_reply_to", where="thread.")
    others = reversed(fields.words(thread, "references", where="thread."))
    return tuple(dict.fromkeys(each for each in map(bare, (*nearest, *others)) if each))[:50]


def bare(message_id: str) -> str:
    return message_id.strip("<> \t")[:LONGEST_ID]
