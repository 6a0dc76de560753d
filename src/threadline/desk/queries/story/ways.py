"""How one can answer in a story: over which channel, in which thread, to which address. Known before anybody types."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from threadline.channels.adapters import can_send, limits_of, scheme_of
from threadline.channels.contract import Limits
from threadline.channels.models import Channel
from threadline.channels.windows import rule_of
from threadline.customers.models import Identity
from threadline.desk.glyphs import glyph_of
from threadline.desk.moments import planned
from threadline.desk.queries.story.stops import Stop
from threadline.interactions.actions.addresses import SILENT, left_alone
from threadline.interactions.models import Thread
from threadline.journeys.actions.reply import Way
from threadline.journeys.models import Consent, Journey
from threadline.journeys.reaching.fitting import side
from threadline.journeys.ways import beginning
from threadline.lib.prepared import prepared
from threadline.portal.models import Chat

THREADS = 12
EVERYWHERE = Value(0, output_field=BigIntegerField())
REACHED = {"email": "email", "tel": "phone", "x": "x", "facebook": "facebook"}  # by the schemes of handles


@dataclass(slots=True)
class Option:
    """One way to answer, or why it is none.

    `caution` is what to think of before sending that way; `last` marks where the customer spoke last; `says` tells
    where it goes if not the address; `keys` are also those of older threads to the same address, so that a choice
    outlives a new thread. `fits` are the reasons for this way, `against` why the plan of channels rules it
    out; `there`: whether they sit at the other end now, where that can be known.
    """

    key: str
    kind: str
    public: bool
    label: str
    way: Way | None = None
    reason: str = ""
    caution: str = ""
    chosen: bool = False
    last: bool = False
    says: str = ""
    older: list[str] = field(default_factory=list)
    closes: str = ""
    fits: list[str] = field(default_factory=list)
    against: str = ""
    there: bool | None = None
    barred: str = ""  # the address, where mail to it comes back
    barred_words: str = ""
    barred_reason: str = ""

    @property
    def limits(self) -> Limits:
        return limits_of(self.way.channel) if self.way else Limits()

    @property
    def rules(self) -> str:
        """What the channel takes, said before anybody types."""
        limits, parts = self.limits, [self.closes]
        if limits.max_chars is not None:
            parts.append(_("up to %(n)d characters") % {"n": limits.max_chars})
        if limits.encloses and limits.max_file_bytes is not None:
            parts.append(_("files up to %(n)d MB together") % {"n": limits.max_file_bytes // 1_000_000})
        elif not limits.encloses:
            parts.append(_("no files"))
        return ", ".join(part for part in parts if part)

    @property
    def halted(self) -> str:
        """That nothing goes out that way at present, said before anybody types."""
        since = self.way.channel.halted_at if self.way else None
        if since is None:
            return ""
        moment = date_format(timezone.localtime(since), "j M H:i")
        return _("Out of order since %(moment)s: what you send waits for its repair.") % {"moment": moment}

    @property
    def side(self) -> str:
        """Its side of the channel in the plan: `x+public` or `x`."""
        return side(self.kind, self.public)

    @property
    def why(self) -> str:
        """The reasons for it in a sentence."""
        return f"{capfirst(', '.join(self.fits))}." if self.fits else ""

    @property
    def keys(self) -> list[str]:
        return [self.key, *self.older]

    @property
    def to(self) -> str:
        """Where it goes, in words where the address tells nobody anything."""
        return self.says or (self.way.address if self.way else "")


def ways(journey: Journey, stops: Sequence[Stop], identities: Iterable[Identity], *, now: datetime) -> list[Option]:
    """Threads first, the newest on top, then handles that no thread covers. Cost: two queries."""
    options: dict[tuple[str, str, bool], Option] = {}
    threads = _threads(stops)
    windows = windows_of([thread for thread, _public in threads])
    for thread, public in threads:
        option = (
            _of_chat(thread, windows.get(thread.key)) if thread.channel.kind == "chat" else _of_thread(thread, public)
        )
        _close(option, _said(thread, stops), now)
        newest = options.setdefault((option.kind, thread.reply_address or thread.key, option.public), option)
        if newest is not option:
            newest.older.append(option.key)
    ours = beginning(journey)
    for identity in identities:
        for option in _of_identity(identity, ours):
            if options.setdefault((option.kind, identity.value, False), option) is option:
                _close(option, (), now)
    _leave_alone(options.values())
    found = _without_repeats(options.values())
    _choose(found, next((f"thread-{stop.thread}" for stop in reversed(stops) if stop.direction == "in"), ""))
    return sorted(found, key=lambda option: option.way is None)


def _close(option: Option, said: Sequence[datetime], now: datetime) -> None:
    """Some channels let us answer freely for a while only, counted from the customer's last word there."""
    rule = rule_of(option.way.channel, public=option.public) if option.way else None
    if rule is None:
        return
    ends = rule.ends(max(said, default=None), now)
    if ends > now:
        option.closes = _("open until %(moment)s") % {"moment": planned(ends, now=now)}
    elif rule.template:
        closed = _("closed for free answers after %(n)d hours: goes out with the template “%(name)s”")
        option.closes = closed % {"n": rule.hours, "name": rule.template}
    elif rule.kept_texts:
        closed = _("closed for free answers after %(n)d hours: only a text kept ready goes out, word for word (type /)")
        option.closes = closed % {"n": rule.hours}
    else:
        closed = _("They wrote here more than %(n)d hours ago, or never: it is closed for answers.")
        option.way, option.reason = None, closed % {"n": rule.hours}


def _said(thread: Thread, stops: Sequence[Stop]) -> list[datetime]:
    return [stop.at for stop in stops if stop.thread == thread.pk and stop.direction == "in"]


def _leave_alone(options: Iterable[Option]) -> None:
    """Who asked for silence is not written to there, nor where mail comes back. Cost: one query."""
    able = [option for option in options if option.way]
    told = list(_reasons_for_silence([option.way for option in able if option.way]))
    for option in able:
        for reason in told:
            if option.way and reason.speaks_of(option.way):
                option.way, option.reason = None, reason.words()
                if reason.barred:
                    option.barred, option.barred_words = reason.address, reason.words()
                    option.barred_reason, option.reason = reason.evidence, f"{reason.words()} {reason.evidence}"


class Silence(NamedTuple):
    """Why nobody is written to at an address: they asked (`channel`), one of us wrote it down, or mail comes back."""

    channel: int
    kind: str
    address: str
    at: datetime
    evidence: str
    barred: bool

    def speaks_of(self, way: Way) -> bool:
        here = self.channel in (0, way.channel.pk)
        return here and self.kind == way.channel.kind and self.address == way.address

    def words(self) -> str:
        told = {"moment": date_format(timezone.localtime(self.at), "j M Y"), "address": self.address}
        if self.barred:
            return _("Mail to %(address)s comes back, since %(moment)s nothing is sent there.") % told
        if self.evidence:
            said = _("They do not want to be written to here: “%(evidence)s” (%(moment)s).")
            return said % {**told, "evidence": self.evidence}
        return _("They asked on %(moment)s not to be written to here.") % told


def _reasons_for_silence(ways: Sequence[Way]) -> Iterable[Silence]:
    if not ways:
        return ()
    rows = _silent(list({way.channel.pk for way in ways}), list({way.address for way in ways}))
    return (Silence(*row) for row in rows)


@prepared
def _silent(channels: Sequence[int], addresses: Sequence[str]) -> QuerySet[Any, tuple[Any, ...]]:
    said = Consent.objects.filter(taken_back_at=None, allowed=False, address__any=addresses)
    said = said.annotate(
        where=EVERYWHERE, what=F("kind"), since=F("at"), why=Cast("evidence", TextField()), comes_back=Value(False)
    )
    return left_alone(channels, addresses).union(said.values_list(*SILENT), all=True)


def _without_repeats(options: Iterable[Option]) -> list[Option]:
    """What does not work is said once for each channel."""
    found: dict[object, Option] = {}
    for option in options:
        found.setdefault(option.key if option.way else (option.kind, option.public), option)
    return list(found.values())


def _threads(stops: Sequence[Stop]) -> list[tuple[Thread, bool]]:
    """The newest threads in which somebody spoke, and whether anybody can read along."""
    silent = {stop.thread for stop in stops if stop.direction == "event"}
    newest = list(dict.fromkeys(stop.thread for stop in reversed(stops) if stop.thread not in silent))[:THREADS]
    public = {stop.thread for stop in stops if stop.public}
    found = {thread.pk: thread for thread in _threads_by(newest)}
    return [(found[number], number in public) for number in newest]


@prepared
def _threads_by(numbers: Sequence[int]) -> QuerySet[Thread]:
    return Thread.objects.filter(pk__any=numbers).select_related("channel")


def _of_thread(thread: Thread, public: bool) -> Option:
    channel = thread.channel
    key, label = f"thread-{thread.pk}", _label(channel.kind, public, thread.reply_address)
    reason = _why_not(channel, public, thread.reply_address) or (
        "" if thread.reply_address else _("Nobody left an address in this thread.")
    )
    way = None if reason else Way(channel, thread.reply_address, thread)
    return Option(key, channel.kind, public, label, way, reason)


def windows_of(threads: Iterable[Thread]) -> dict[str, Chat]:
    """The chat windows of these threads by their keys. Cost: one query, none without chats."""
    sessions = [thread.key.removeprefix("session:") for thread in threads if thread.channel.kind == "chat"]
    found = Chat.objects.filter(session__in=sessions) if sessions else ()
    return {chat.thread_key: chat for chat in found}


def _of_chat(thread: Thread, chat: Chat | None) -> Option:
    """Chats of another program than ours have no window that we could show anything in."""
    key, label = f"thread-{thread.pk}", _label("chat", False, "")
    reason = _why_not(thread.channel, False, "")
    if chat is None:
        reason = reason or _("This chat was held with another program. Answer another way.")
    elif chat.ended_at and not chat.email:
        reason = reason or _("They ended the chat and left no address. Answer another way.")
    way = None if reason else Way(thread.channel, thread.reply_address, thread)
    there = chat.is_here(timezone.now()) if chat else None
    return Option(key, "chat", False, label, way, reason, says=_standing(chat) if chat else "", there=there or None)


def _standing(chat: Chat) -> str:
    if chat.is_here(timezone.now()):
        return _("their chat window, which is open")
    if chat.email:
        return _("their chat window, and by mail to %(email)s if they do not read it") % {"email": chat.email}
    return _("their chat window; they left without an address and see it when they are back")


def _of_identity(identity: Identity, ours: Sequence[Channel]) -> Iterator[Option]:
    """Every channel of ours that writes to such a handle and may begin, one of each kind; or why there is none."""
    able: dict[str, Channel] = {}
    for channel in ours:
        if scheme_of(channel) == identity.scheme:
            able.setdefault(channel.kind, channel)
    kind = REACHED.get(identity.scheme)
    if not able and kind:
        label = _label(kind, False, identity.value)
        yield Option(f"identity-{identity.pk}", kind, False, label, reason=_can_not(kind, False, identity.value))
    for kind, channel in able.items():
        label, key = _label(kind, False, identity.value), f"identity-{identity.pk}-{kind}"
        yield Option(key, kind, False, label, Way(channel, identity.value), caution=_caution(identity))


def _caution(identity: Identity) -> str:
    if identity.level == "claimed":
        return _("Nobody has checked that this address is theirs: say nothing private.")
    return _("Several people read this address: say nothing private.") if identity.shared else ""


def _label(kind: str, public: bool, address: str) -> str:
    name = glyph_of(kind, public=public).name
    return f"{name} {address}" if address and kind in ("email", "phone", "sms", "whatsapp") else str(name)


def _why_not(channel: Channel, public: bool, address: str) -> str:
    if not can_send(channel):
        return _can_not(channel.kind, public, address)
    if not channel.active:
        return _("%(channel)s is switched off. An admin can switch it on.") % {
            "channel": channel.name or channel.address
        }
    return ""


def _can_not(kind: str, public: bool, number: str) -> str:
    if kind == "phone":
        return _("Threadline can not dial. Call %(number)s and log the call.") % {"number": number or _("the number")}
    name = glyph_of(kind, public=public).name
    return _("We can not send over %(channel)s yet. Answer by email, or call.") % {"channel": name}


def _choose(options: list[Option], heard: str) -> None:
    """The customer's last channel if we can send there, else the newest that we can; a claim is never chosen.

    Args:
        heard: the key of the thread in which the customer spoke last.
    """
    for option in options:
        option.last = heard in option.keys
    able = [option for option in options if option.way and not option.caution]
    first = next((option for option in able if option.last), None) or next(iter(able), None)
    if first:
        first.chosen = True
