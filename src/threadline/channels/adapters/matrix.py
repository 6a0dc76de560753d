"""Matrix, through an account of ours on any homeserver. API: https://spec.matrix.org/latest/client-server-api/"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import quote

import httpx

from threadline.channels.contract import (
    Abilities,
    Adapter,
    Address,
    Broken,
    Enclosure,
    Failure,
    Fetched,
    Group,
    Inbound,
    Limits,
    Misconfigured,
    OptedOut,
    Outbound,
    Piece,
    Raw,
    Rejected,
    Report,
    Setting,
    Unavailable,
)
from threadline.channels.contract import words as _
from threadline.channels.exchange import Exchange
from threadline.channels.matrix_events import EVENTS, IN_ROOMS, name_of, receipt_in, touch_in
from threadline.channels.posts import BeforeSending
from threadline.channels.shapes import moment, object_in, packed, refuse

CLIENT = "/_matrix/client/v3"
AT_ONCE, PAGE, PAGES = 50, 100, 20
MINE = "threadline-"
KINDS = {"image": "m.image", "audio": "m.audio", "video": "m.video"}
NOT_US = ("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED", "M_USER_LOCKED", "M_USER_SUSPENDED")


class Matrix(Adapter):
    """An account. Every room is a conversation; whoever invites the account is let in.

    Its homeserver is looked at (`/sync`), so that it need not reach us. Each message carries a transaction id, by which
    the homeserver takes it once. Encrypted rooms can not be read.
    """

    kind: ClassVar[str] = "matrix"
    label: ClassVar[str] = _("Matrix")
    spoken: ClassVar[str] = _("on Matrix")
    scheme: ClassVar[str] = "matrix"
    docs: ClassVar[str] = "https://spec.matrix.org/latest/client-server-api/"
    address: ClassVar[Address] = Address(_("The account, with its server"), "@harbourpine:matrix.example")
    form: ClassVar[tuple[Group, ...]] = (
        Group(
            _("The account"),
            _(
                "Make an account for this alone, and sign in once to get its access token (in Element: All settings, "
                "Help and about, Access token). Do not sign that session out."
            ),
            (
                Setting("access_token", _("Access token"), kind="secret", needed=True),
                Setting(
                    "api_url",
                    _("Address of its homeserver"),
                    _("Where it is another one than the name after the colon: https://matrix-client.matrix.org"),
                ),
                Setting(
                    "invitations",
                    _("Invitations are"),
                    _("Who wants to write to the account first invites it to a room."),
                    "choice",
                    ("accepted", "left"),
                    "accepted",
                ),
            ),
        ),
    )
    limits: ClassVar[Limits] = Limits(
        max_chars=16_000,
        max_file_bytes=25_000_000,
        max_files=4,
        files=True,
        encloses=True,
        rate=5,
        privacy="open",
    )
    can: ClassVar[Abilities] = Abilities(read=True, reactions=True, opt_out=True, media=True)
    events: ClassVar[Mapping[str, str]] = EVENTS
    idempotent: ClassVar[bool] = True
    polled_every: ClassVar[int] = 60

    @property
    def own(self) -> str:
        return self.endpoint.address

    @property
    def api(self) -> Exchange:
        token = self.endpoint.setting("access_token")
        if not token:
            raise Misconfigured("The channel has no access token of its Matrix account. Enter it in Channels.")
        base = f"https://{self.own.partition(':')[2]}"
        headers = {"Authorization": f"Bearer {token}"}
        return MatrixExchange(self.endpoint, name="Matrix", base=base, headers=headers, explain=explain)

    def room(self, room: str, path: str) -> str:
        return f"{CLIENT}/rooms/{quote(room, safe='')}/{path}"

    # ---- coming in

    def fetch(self, cursor: str) -> Fetched:
        """At the very first only where we stand is noted; what is older comes by a backfill."""
        asked = {"timeout": "0", "set_presence": "offline", "filter": self._filter(1 if not cursor else AT_ONCE)}
        told = self.api.json("GET", f"{CLIENT}/sync", params={**asked, **({"since": cursor} if cursor else {})})
        rooms, after = told.get("rooms") or {}, str(told["next_batch"])
        came_in = self._accept(rooms.get("invite") or {})
        pieces, gaps = [], []
        for room, what in (rooms.get("join") or {}).items() if cursor else ():
            found, gap = self._of_room(room, what, cursor)
            pieces += found
            gaps += [gap] if gap else []
        return Fetched(tuple(pieces), after, more=came_in, gap=" ".join(gaps))

    def _filter(self, limit: int) -> str:
        timeline = {"limit": limit, "types": list(IN_ROOMS), "lazy_load_members": True}
        room = {
            "timeline": timeline,
            "state": {"types": ["m.room.member"], "lazy_load_members": True},
            "ephemeral": {"types": ["m.receipt"]},
            "account_data": {"types": []},
        }
        return json.dumps({"room": room, "presence": {"types": []}, "account_data": {"types": []}})

    def _accept(self, invitations: Mapping[str, Any]) -> bool:
        """Whether we are in a room now that we were not in before. One that is gone meanwhile is left."""
        if self.endpoint.setting("invitations", "accepted") != "accepted":
            return False
        came_in = False
        for room in invitations:
            try:
                self.api.post(self.room(room, "join"), json={})
                came_in = True
            except Rejected:
                continue
        return came_in

    def _of_room(self, room: str, what: Mapping[str, Any], cursor: str) -> tuple[list[Piece], str]:
        timeline, gap = what.get("timeline") or {}, ""
        events = list(timeline.get("events") or ())
        entered = self._entered(events)
        if entered:
            events = events[entered - 1 :]
        elif timeline.get("limited"):
            earlier, gap = self._earlier(room, str(timeline.get("prev_batch") or ""), cursor)
            events = [*earlier, *events]
        state = (what.get("state") or {}).get("events") or ()
        names = names_in([*state, *events])
        members = (what.get("summary") or {}).get("m.joined_member_count")
        pieces = [piece_of(each, room, names, members) for each in events if self._theirs(each)]
        for each in (what.get("ephemeral") or {}).get("events") or ():
            pieces += [Piece(packed({"event": one, "room": room})) for one in receipts_in(each, self.own)]
        return pieces, gap

    def _entered(self, events: Sequence[Mapping[str, Any]]) -> int:
        """The place after which we were invited into this room, or came: what was said before is not for us."""
        ours = [
            number
            for number, each in enumerate(events, start=1)
            if each.get("type") == "m.room.member" and each.get("state_key") == self.own
        ]
        return ours[0] if ours and events[ours[-1] - 1]["content"].get("membership") == "join" else 0

    def _earlier(self, room: str, start: str, until: str) -> tuple[list[dict[str, Any]], str]:
        """What happened between two looks and did not fit into the answer, oldest first."""
        found: list[dict[str, Any]] = []
        asked = {"dir": "b", "to": until, "limit": str(PAGE), "filter": json.dumps({"types": list(IN_ROOMS)})}
        for _page in range(PAGES):
            told = self.api.json("GET", self.room(room, "messages"), params={**asked, "from": start})
            found += told.get("chunk") or ()
            start = str(told.get("end") or "")
            if not start or start == until:
                return found[::-1], ""
        return found[::-1], f"In the room {room} more happened than Matrix tells at once; look at it there."

    def _theirs(self, event: Mapping[str, Any]) -> bool:
        """Not what went out from here, nor our own coming and going; what we wrote in another app is news."""
        if event.get("type") == "m.room.member":
            return bool(event.get("state_key") != self.own)
        sent = str((event.get("unsigned") or {}).get("transaction_id") or "")
        return not (event.get("sender") == self.own and sent.startswith(MINE))

    def history(self, since: datetime, cursor: str) -> Fetched:
        """Room after room, backwards. The cursor is the number of the room, and where we are in it."""
        rooms = sorted(self.api.json("GET", f"{CLIENT}/joined_rooms").get("joined_rooms") or ())
        number, _bar, start = cursor.partition("|")
        place = int(number or 0)
        if place >= len(rooms):
            return Fetched()
        asked = {"dir": "b", "limit": str(PAGE), "filter": json.dumps({"types": list(IN_ROOMS)})}
        told = self.api.json(
            "GET", self.room(rooms[place], "messages"), params={**asked, **({"from": start} if start else {})}
        )
        chunk = told.get("chunk") or ()
        kept = [each for each in chunk if moment(each.get("origin_server_ts")) >= since]
        names = names_in([*(told.get("state") or ()), *chunk])
        further = f"{place}|{told['end']}" if told.get("end") and kept else f"{place + 1}|"
        more = further.startswith(f"{place}|") or place + 1 < len(rooms)
        pieces = tuple(piece_of(each, rooms[place], names, None) for each in kept if self._theirs(each))
        return Fetched(pieces, further, more=more)

    def parse(self, raw: Raw) -> Sequence[Inbound | Report]:
        given = object_in(raw.body)
        event = given.get("event")
        if not isinstance(event, Mapping):
            raise Broken("This is no event of Matrix.")
        name = name_of(event)
        becomes = EVENTS.get(name)
        if becomes is None:
            raise Broken(f"Matrix sent an event “{name}” that was not specified when this was written.")
        if becomes not in ("touch", "report"):
            raise refuse("Matrix", name, becomes)
        try:
            if becomes == "report":
                return [receipt_in(event, given, raw)]
            return [touch_in(name, event, given, self.own, raw)]
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise Broken(f"Matrix's “{name}” lacks what its specification promises ({error!r}).") from error

    def media(self, source: str) -> bytes:
        """For those who are signed in; older homeservers know only the way that was open to all."""
        place = "/".join(quote(part, safe="") for part in source.removeprefix("mxc://").split("/"))
        try:
            return self.api.file(f"/_matrix/client/v1/media/download/{place}")
        except Rejected:
            return self.api.file(f"/_matrix/media/v3/download/{place}")

    # ---- going out

    def send(self, message: Outbound) -> str:
        """Files first; the text stands under the last one, or alone. Each has its transaction id."""
        with BeforeSending():
            contents = [self._file(file) for file in message.files]
        if message.text.strip():
            text = {"msgtype": "m.notice" if message.automatic else "m.text", "body": message.text}
            contents = [*contents[:-1], {**contents[-1], "body": message.text}] if contents else [text]
        number = ""
        for part, content in enumerate(contents):
            txn = f"{MINE}{self.endpoint.number}-{message.key}-{part}"
            path = self.room(message.to, f"send/m.room.message/{quote(txn, safe='')}")
            number = str(self.api.json("PUT", path, json=content)["event_id"])
        return number

    def _file(self, file: Enclosure) -> dict[str, Any]:
        told = self.api.json(
            "POST",
            "/_matrix/media/v3/upload",
            params={"filename": file.name},
            content=file.data,
            headers={"Content-Type": file.content_type},
        )
        return {
            "msgtype": KINDS.get(file.content_type.partition("/")[0], "m.file"),
            "body": file.name,
            "filename": file.name,
            "url": told["content_uri"],
            "info": {"mimetype": file.content_type, "size": len(file.data)},
        }

    # ---- being set up

    def check(self) -> str:
        found = str(self.api.json("GET", f"{CLIENT}/account/whoami")["user_id"])
        if found != self.own:
            raise Misconfigured(f"The access token belongs to {found}, not to {self.own}. Correct it in Channels.")
        return f"The account is {found}."


class MatrixExchange(Exchange):
    """Homeservers say in the body how long to wait, too."""

    def failure(self, answer: httpx.Response, method: str) -> Failure:
        found = super().failure(answer, method)
        wait = told_by(answer).get("retry_after_ms")
        if answer.status_code == 429 and isinstance(wait, int | float) and "retry-after" not in answer.headers:
            return Unavailable(str(found), retry_after=min(wait / 1000, 3600.0))
        return found


def explain(answer: httpx.Response) -> Failure | None:
    code, words = told_by(answer).get("errcode"), str(told_by(answer).get("error") or "").rstrip(".")
    if code in NOT_US:
        return Misconfigured(f"Matrix does not take the access token: {words}. Enter a new one in Channels.")
    if code == "M_FORBIDDEN":
        return OptedOut(f"They let us speak in this room no more: {words}.")
    return None


def told_by(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def names_in(events: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What people call themselves, as far as it is told along."""
    return {
        str(each["state_key"]): str(each["content"]["displayname"])
        for each in events
        if each.get("type") == "m.room.member" and (each.get("content") or {}).get("displayname")
    }


def piece_of(event: Mapping[str, Any], room: str, names: Mapping[str, str], members: object) -> Piece:
    about = {"event": event, "room": room, "name": names.get(str(event.get("sender")), ""), "members": members}
    return Piece(packed(about), str(event.get("event_id") or ""))


def receipts_in(event: Mapping[str, Any], own: str) -> Iterator[dict[str, Any]]:
    """One for each event and each person but us."""
    for number, kinds in (event.get("content") or {}).items():
        for who, about in (kinds.get("m.read") or {}).items():
            if who != own:
                yield {"type": event.get("type"), "content": {number: {"m.read": {who: about}}}}
