"""The adapter for objects."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from threadline.channels.adapters.object import fields
from threadline.channels.adapters.object.senders import RULES, Person, Source, looked_up, order_of, person, region_of
from threadline.channels.adapters.object.threads import evidence
from threadline.channels.contract import Adapter, Broken, Group, Inbound, Raw, Setting
from threadline.channels.contract import words as _
from threadline.core import mail
from threadline.core.mail.automatic import reason_automatic
from threadline.core.mail.structure import structure
from threadline.core.touch import Direction, Handle

KINDS = {
    **{kind: kind for kind in RULES},
    "twitter": "x",
    "mail": "email",
    "e-mail": "email",
    "call": "phone",
    "voice": "phone",
}
DIRECTIONS = {direction.value: direction for direction in Direction}
EVENTS = ("web", "purchase", "signal")  # kinds where nobody says anything unless told otherwise
ABOUT_ORDERS = frozenset({"purchase", "signal", "app", "store", "survey"})
PUBLIC_GROUPS = ("post_id", "tweet_id")
LONGEST_ID = 300
DEFAULT_REGION = "GB"
NO_HEADERS = structure(b"")


class ObjectAdapter(Adapter):
    """Reads `{id, at, channel, direction, public, endpoint, sender, to, thread, subject, text, attributes, device}`.

    Needed are `id`, `at` and, unless the endpoint says it, `channel`. The setting `region` (such as GB) says how to
    read telephone numbers without a country code; an endpoint that is a number itself says it, too.
    """

    kind: ClassVar[str] = "object"
    form: ClassVar[tuple[Group, ...]] = (
        Group(
            "",
            "",
            (Setting("region", _("Country of numbers without +"), _("Two letters, such as GB or BE."), usual="GB"),),
        ),
    )

    def parse(self, raw: Raw) -> list[Inbound]:
        """One object, one interaction. Raises Broken, with field and value, for one that has not this shape."""
        if not isinstance(raw.payload, Mapping):
            raise Broken("This entry holds no object. Send a JSON object, with curly brackets around it.")
        return [self._inbound(raw.payload)]

    def _inbound(self, given: Mapping[str, object]) -> Inbound:
        source, own_id = self._source(given), fields.required(given, "id", longest=LONGEST_ID)
        direction = _direction(given, source.kind)
        sender, thread = fields.table(given, "sender"), fields.table(given, "thread")
        spoken_to = fields.table(given, "to") if direction is Direction.OUT else sender
        them = person(spoken_to, source, where="to." if direction is Direction.OUT else "sender.")
        belongs = evidence(source.kind, thread, them.handles, sender.get("order_number"))
        subject, zones = fields.text(given, "subject"), _zones(source.kind, fields.text(given, "text"))
        return Inbound(
            kind=source.kind,
            direction=direction,
            at=fields.moment(given, "at"),
            once_key=f"{source.kind}:{source.endpoint}:{own_id}",
            external_id=belongs.own_id or own_id,
            handles=tuple(
                dict.fromkeys((*them.handles, *_captured(given, source), *_order(given, sender, source.kind)))
            ),
            name=them.name,
            public=_public(given, source.kind, thread),
            thread_key=belongs.key,
            references=belongs.references,
            subject=subject,
            text=zones.new,
            quoted="\n\n".join(zones.quoted),
            signature=zones.signature,
            automatic=_automatic(given, source.kind, sender, subject),
            author=fields.word(sender, "agent", where="sender.") if direction is Direction.OUT else "",
            attributes=_attributes(given, them, mail.forwarded_from(subject, zones.quoted)),
            device=_device(given),
        )

    def _source(self, given: Mapping[str, object]) -> Source:
        written = fields.word(given, "channel") or self.endpoint.kind
        kind = KINDS.get(written.lower())
        if kind is None and written.lower() == self.endpoint.kind:
            kind = self.endpoint.kind  # one that an adapter brings along
        if kind is None:
            fields.wrong("channel", written, f"one of {', '.join(RULES)}")
        address = fields.word(given, "endpoint", longest=255) or self.endpoint.address
        region = str(self.endpoint.settings.get("region") or "") or region_of(address) or DEFAULT_REGION
        return Source(kind, address, region)


def _direction(given: Mapping[str, object], kind: str) -> Direction:
    written = fields.word(given, "direction") or ("event" if kind in EVENTS else "in")
    if written not in DIRECTIONS:
        fields.wrong("direction", written, "in, out or event")
    return DIRECTIONS[written]


def _public(given: Mapping[str, object], kind: str, thread: Mapping[str, object]) -> bool:
    """As said; unsaid, reviews and communities are public, and posts are unless they are in a private conversation."""
    said = fields.flag(given, "public")
    if said is not None:
        return said
    if kind in ("review", "community"):
        return True
    return (
        kind in ("x", "facebook") and "dm_conversation" not in thread and any(name in thread for name in PUBLIC_GROUPS)
    )


def _captured(given: Mapping[str, object], source: Source) -> tuple[Handle, ...]:
    """Whom the desk looked up while they spoke: the account or the login that it opened."""
    attributes = fields.table(given, "attributes")
    if not attributes:
        return ()
    opened = {"login": attributes.get("login"), "account_id": attributes.get("account") or attributes.get("account_id")}
    return looked_up({name: value for name, value in opened.items() if isinstance(value, str | int)}, source)


def _order(given: Mapping[str, object], sender: Mapping[str, object], kind: str) -> tuple[Handle, ...]:
    """Our own systems say which order they speak of; in a person's words it is understood, not given."""
    if kind not in ABOUT_ORDERS:
        return ()
    number = fields.word(sender, "order_number", where="sender.") or fields.word(
        fields.table(given, "attributes"), "order_number", where="attributes."
    )
    return order_of(number) if number else ()


def _zones(kind: str, text: str) -> mail.Zones:
    """Only mails carry quotes and signatures."""
    return mail.split(text) if kind == "email" else mail.Zones(new=text)


def _automatic(given: Mapping[str, object], kind: str, sender: Mapping[str, object], subject: str) -> str:
    """As said; of a mail without its header fields, the subject and the sender still tell."""
    said = fields.word(given, "automatic")
    if said or kind != "email" or "agent" in sender:
        return said
    return reason_automatic(NO_HEADERS, sender=fields.word(sender, "email", where="sender."), subject=subject)


def _attributes(given: Mapping[str, object], them: Person, forwarded: Sequence[str]) -> Mapping[str, object]:
    """What the object says beside the common fields: its attributes, and what its sender had that is no handle."""
    said = fields.table(given, "attributes")
    if not said and not them.rest and not forwarded:
        return fields.EMPTY
    found = fields.jsonables(said, "attributes")
    if forwarded:
        found["forwarded_from"] = list(forwarded)
    for name, value in fields.jsonables(them.rest, "sender").items():
        if value is not None:
            found.setdefault(name, value)
    return found


def _device(given: Mapping[str, object]) -> Mapping[str, object]:
    device = fields.table(given, "device")
    return fields.jsonables(device, "device") if device else device
