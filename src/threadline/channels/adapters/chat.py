"""Our own chat window: what a visitor says, rates or looks at, as the front door writes it into the ledger.

An entry is a JSON object; with a file, a MIME message whose text is that object, so that attachments stay where those
of mails are. The front door made it, not the visitor: whom the shop vouches for stands under `proven`, checked there.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.message import EmailMessage
from typing import Any, ClassVar

from threadline.channels.contract import Abilities, Adapter, Address, Broken, File, Inbound, Limits, Outbound, Raw
from threadline.channels.contract import words as _
from threadline.core import mail
from threadline.core.touch import Direction, Handle, Level

LONGEST = 4000
FILE_BYTES = 10 * 2**20
# What a visitor does, and the kind of touch that it becomes; only who says something speaks.
KINDS = {"say": "chat", "address": "chat", "rate": "survey", "view": "web"}


def written(said: Mapping[str, object], *, name: str = "", content_type: str = "", data: bytes = b"") -> bytes:
    """The body of a ledger entry; with `name`, the file goes along."""
    text = json.dumps(said, ensure_ascii=False)
    if not name:
        return text.encode()
    body = EmailMessage()
    body.set_content(text, cte="base64")
    main, _, sub = content_type.partition("/")
    body.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return body.as_bytes()


def thread_key(session: str) -> str:
    """The key of the thread in which this chat stands."""
    return f"session:{session}"


class Chat(Adapter):
    """One chat window of ours. Setting: `origins`, the sites on which it may stand."""

    kind: ClassVar[str] = "chat"
    limits: ClassVar[Limits] = Limits(max_chars=LONGEST, max_file_bytes=FILE_BYTES, files=True, at_once=True)
    scheme: ClassVar[str] = "visitor"
    address: ClassVar[Address] = Address(_("The site it stands on"), "www.example.org")
    can: ClassVar[Abilities] = Abilities(delivered=True, media=True)
    idempotent: ClassVar[bool] = True
    events: ClassVar[Mapping[str, str]] = dict.fromkeys(KINDS, "touch")

    def parse(self, raw: Raw) -> list[Inbound]:
        if raw.body is None:
            raise Broken("A chat message comes as bytes, but this entry holds an object. Send it to the API instead.")
        said, files = opened(raw.body)
        return [self._inbound(said, files)]

    def _inbound(self, said: Mapping[str, Any], files: tuple[File, ...]) -> Inbound:
        try:
            kind, own_id = KINDS[said["does"]], f"{said['session']}:{said['once']}"
            return Inbound(
                kind=kind,
                direction=Direction.IN if said["does"] == "say" else Direction.EVENT,
                at=datetime.fromisoformat(said["at"]),
                once_key=f"chat:{self.endpoint.address}:{own_id}",
                external_id=own_id,
                handles=tuple(dict.fromkeys(handles(said))),
                name=str(said.get("name") or "")[:255],
                thread_key=thread_key(said["session"]),
                text=str(said.get("text") or ""),
                files=files,
                attributes=dict(said.get("attributes") or {}),
                device=dict(said.get("device") or {}),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Broken(f"This is no entry of a chat window ({type(error).__name__}: {error}).") from error

    def send(self, message: Outbound) -> str:
        """Nothing to hand over: the front door shows whatever stands in the thread, at once or when they are back."""
        return message.message_id or message.key


def handles(said: Mapping[str, Any]) -> Iterator[Handle]:
    """The browser first, because answers go there; then whom the shop vouches for; last what was only typed."""
    yield Handle("visitor", str(said["visitor"]), Level.OBSERVED)
    proven = said.get("proven") or {}
    if proven.get("account"):
        yield Handle("account", str(proven["account"]), Level.VERIFIED)
    if "@" in str(proven.get("email") or ""):
        yield Handle("email", str(proven["email"]).lower(), Level.VERIFIED)
    if "@" in str(said.get("email") or ""):
        yield Handle("email", str(said["email"]).lower(), Level.CLAIMED)


def opened(body: bytes) -> tuple[Mapping[str, Any], tuple[File, ...]]:
    """The object and the files of an entry. Raises Broken for what `written` did not write."""
    read = None if body.startswith(b"{") else mail.parse(body)
    try:
        said = json.loads(body if read is None else read.text)
    except ValueError as error:
        raise Broken(f"This is no entry of a chat window: {error}.") from error
    if not isinstance(said, dict):
        raise Broken("This is no entry of a chat window: it holds no object.")
    found = read.files if read else ()
    return said, tuple(File(each.name[:255], each.content_type[:120], each.size, each.part) for each in found)
