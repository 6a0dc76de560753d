"""Mastodon, through an account of ours. API: https://docs.joinmastodon.org/api/"""

import re
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

import httpx

from threadline.channels.contract import (
    API_URL,
    Abilities,
    Adapter,
    Address,
    Broken,
    Enclosure,
    Failure,
    Fetched,
    File,
    Group,
    Inbound,
    Limits,
    Misconfigured,
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
from threadline.channels.posts import MOST_PARTS, URL, BeforeSending, graphemes, half_sent, parts, plain
from threadline.channels.shapes import moment, object_in, packed, refuse, text_of
from threadline.core.touch import Direction, Handle

NOTHING_SAID = "nobody says anything with it."
OURS = "it is about our account; Mastodon itself shows it."
EVENTS = {
    "mention": "touch",
    "quote": "touch",
    "update": "touch",
    "status": "nobody addressed us.",
    "quoted_update": "it is about what we wrote.",
    "reblog": NOTHING_SAID,
    "favourite": NOTHING_SAID,
    "follow": NOTHING_SAID,
    "follow_request": OURS,
    "poll": OURS,
    "severed_relationships": OURS,
    "moderation_warning": OURS,
    "admin.sign_up": "it is for those who run the server.",
    "admin.report": "it is for those who run the server.",
}
WANTED = [name for name, becomes in EVENTS.items() if becomes == "touch"]
USUAL_CHARS, USUAL_LINK, AT_ONCE, MOST_FILES = 500, 23, 40, 4
ELSEWHERE = re.compile(r"(@[\w.-]+)@[\w.-]+\w")
TYPES = {"image": "image/jpeg", "gifv": "video/mp4", "video": "video/mp4", "audio": "audio/mpeg"}
TAKEN = ("image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "video/webm", "audio/mpeg", "audio/ogg")
LOOKS, A_WHILE = 5, 1.0


class Mastodon(Adapter):
    """An account on a Mastodon server. Public posts are answered in public; a private mention goes to one person.

    Its notifications are looked at, so that the server need not reach us. Each status carries an Idempotency-Key, for
    which Mastodon remembers the status for an hour.
    """

    kind: ClassVar[str] = "mastodon"
    label: ClassVar[str] = _("Mastodon")
    spoken: ClassVar[str] = _("on Mastodon")
    glyph: ClassVar[str] = "dm"
    scheme: ClassVar[str] = "mastodon"
    docs: ClassVar[str] = "https://docs.joinmastodon.org/api/"
    address: ClassVar[Address] = Address(_("The account, with its server"), "@harbourpine@mastodon.example")
    form: ClassVar[tuple[Group, ...]] = (
        Group(
            _("The account"),
            _(
                "In Mastodon under Preferences, Development, make an application with the scopes “read” and “write”; "
                "it shows an access token. Answers to public posts stay public; choose the person's address to write a "
                "private mention."
            ),
            (
                Setting("access_token", _("Access token"), kind="secret", needed=True),
                Setting(
                    "visibility",
                    _("Public answers are"),
                    _("“unlisted” is what Mastodon calls quiet public: everybody can read it, but it is not spread."),
                    "choice",
                    ("public", "unlisted"),
                    "public",
                ),
            ),
        ),
        Group(_("Seldom needed"), "", (API_URL,), seldom=True),
    )
    limits: ClassVar[Limits] = Limits(
        max_chars=4000,
        max_file_bytes=16_000_000,
        max_files=MOST_FILES,
        file_types=TAKEN,
        files=True,
        encloses=True,
        rate=1,
        privacy="open",
    )
    can: ClassVar[Abilities] = Abilities(media=True, public=True, begins=True)
    events: ClassVar[Mapping[str, str]] = EVENTS
    idempotent: ClassVar[bool] = True
    polled_every: ClassVar[int] = 60

    @property
    def server(self) -> str:
        return self.endpoint.address.rpartition("@")[2].lower()

    @property
    def own(self) -> str:
        return self.full(self.endpoint.address.lstrip("@").partition("@")[0])

    def full(self, acct: str) -> str:
        """`ana@social.example`, also for those on our own server, who are named without it."""
        name = acct.lstrip("@").lower()
        return name if "@" in name else f"{name}@{self.server}"

    @property
    def api(self) -> Exchange:
        token = self.endpoint.setting("access_token")
        if not token:
            raise Misconfigured("The channel has no access token of its Mastodon account. Enter it in Channels.")
        return self._exchange({"Authorization": f"Bearer {token}"})

    def _exchange(self, headers: Mapping[str, str]) -> Exchange:
        return Exchange(self.endpoint, name="Mastodon", base=f"https://{self.server}", headers=headers, explain=explain)

    # ---- coming in

    def fetch(self, cursor: str) -> Fetched:
        """At the very first only where we stand is noted; what is older comes by a backfill."""
        if not cursor:
            newest = self._notifications(limit=1)
            return Fetched(cursor=str(newest[0]["id"]) if newest else "0")
        found = self._notifications(limit=AT_ONCE, min_id=cursor)
        found.reverse()
        after = str(found[-1]["id"]) if found else cursor
        return Fetched(tuple(self._piece(each) for each in found), after, more=len(found) == AT_ONCE)

    def history(self, since: datetime, cursor: str) -> Fetched:
        found = self._notifications(limit=AT_ONCE, **({"max_id": cursor} if cursor else {}))
        kept = [each for each in found if moment(each.get("created_at")) >= since]
        more = len(kept) == AT_ONCE
        return Fetched(tuple(self._piece(each) for each in kept), str(found[-1]["id"]) if found else "", more)

    def _notifications(self, **query: Any) -> list[dict[str, Any]]:
        asked = {"types[]": WANTED, **query}
        return list(self.api.json("GET", "/api/v1/notifications", params=asked).get("list") or [])

    def _piece(self, notification: Mapping[str, Any]) -> Piece:
        """With the first post of its thread, which a post does not tell itself."""
        status = notification.get("status") or {}
        root = self._root(status) if status.get("in_reply_to_id") else str(status.get("id") or "")
        return Piece(packed({**notification, "root": root}), str(notification["id"]))

    def _root(self, status: Mapping[str, Any]) -> str:
        try:
            above = self.api.json("GET", f"/api/v1/statuses/{status['id']}/context").get("ancestors") or []
        except Rejected:  # gone meanwhile
            above = []
        return str(above[0]["id"] if above else status["in_reply_to_id"])

    def parse(self, raw: Raw) -> Sequence[Inbound | Report]:
        given = object_in(raw.body)
        event = text_of(given.get("type"))
        becomes = EVENTS.get(event)
        if becomes is None:
            raise Broken(f"Mastodon sent a notification “{event}” that was not documented when this was written.")
        if becomes != "touch":
            raise refuse("Mastodon", event, becomes)
        try:
            return [self._touch(event, given, given["status"])]
        except (KeyError, TypeError, AttributeError) as error:
            raise Broken(f"Mastodon's “{event}” lacks what its documentation promises ({error!r}).") from error

    def _touch(self, event: str, given: Mapping[str, Any], status: Mapping[str, Any]) -> Inbound:
        person, number, edited = status["account"], str(status["id"]), event == "update"
        who, answered = self.full(person["acct"]), status.get("in_reply_to_id")
        at = moment(status.get("edited_at") if edited else status["created_at"])
        version = f"{number}:{status['edited_at']}" if edited else number
        return Inbound(
            kind=self.kind,
            direction=Direction.EVENT if edited else Direction.IN,
            at=at,
            once_key=f"mastodon:{self.server}:{version}",
            external_id=f"edit:{version}" if edited else number,
            handles=(Handle("mastodon", who),),
            name=text_of(person.get("display_name") or person.get("username"))[:255],
            public=status["visibility"] in ("public", "unlisted"),
            thread_key=self._thread(given, status, who),
            references=(str(answered),) if answered else (),
            subject=text_of(status.get("spoiler_text"))[:255],
            text=plain(text_of(status.get("content"))),
            files=tuple(files_in(status)),
            attributes={
                "event": event,
                "visibility": status["visibility"],
                **({"link": status["url"]} if status.get("url") else {}),
                **({"edits": number} if edited else {}),
            },
        )

    def _thread(self, given: Mapping[str, Any], status: Mapping[str, Any], who: str) -> str:
        """Private mentions between one person and us are one conversation; anything else goes by its first post."""
        named = {self.full(each["acct"]) for each in status.get("mentions") or ()} - {self.own, who}
        if status["visibility"] == "direct" and not named:
            return f"mastodon:{who}"
        scope = "" if status["visibility"] in ("public", "unlisted") else "private:"
        return f"status:{scope}{given.get('root') or status['id']}"

    def media(self, source: str) -> bytes:
        if not source.startswith(("https://", self._exchange({}).base)):
            raise Rejected("Mastodon named an address for this file that is not safe to fetch.")
        return self._exchange({}).file(source)  # it may lie with others, who must not see our token

    # ---- going out

    def send(self, message: Outbound) -> str:
        pieces = self._pieces(message)
        with BeforeSending():
            files = [self._upload(file) for file in message.files]
        first, answered = "", message.in_reply_to.removeprefix("edit:").partition(":")[0]
        for number, text in enumerate(pieces):
            wanted = {
                "status": text,
                "visibility": self.endpoint.setting("visibility", "public") if message.public else "direct",
                **({"in_reply_to_id": answered} if answered else {}),
                **({"media_ids": files} if files and number == 0 else {}),
            }
            try:
                answered = self._post(wanted, f"threadline-{self.endpoint.number}-{message.key}-{number}")
            except Rejected as error:
                raise (half_sent(error, number, len(pieces)) if number else error) from error
            first = first or answered
        return first

    def _post(self, status: Mapping[str, Any], key: str) -> str:
        return str(self.api.json("POST", "/api/v1/statuses", json=status, headers={"Idempotency-Key": key})["id"])

    def _pieces(self, message: Outbound) -> list[str]:
        """Who is not named in a status never hears of it, so each part names them."""
        check_files(message.files)
        name = f"@{message.to.lstrip('@')}"
        greeting = "" if name.lower() in message.text.lower() else f"{name} "
        most, link = USUAL_CHARS, USUAL_LINK
        if length(greeting + message.text, link) > most:
            with BeforeSending():
                most, link = self._counts()
        room = most - length(f"{name} ", link)
        whole = length(greeting + message.text, link) <= most
        found = [message.text] if whole else parts(message.text, room, lambda text: length(text, link))
        if len(found) > MOST_PARTS:
            raise Rejected(f"On Mastodon this would be {len(found)} posts. Shorten it, or send a mail.")
        return [f"{'' if name.lower() in text.lower() else name + ' '}{text}" for text in found]

    def _counts(self) -> tuple[int, int]:
        """What this server takes: characters of a status, and what a link counts."""
        told = self.api.json("GET", "/api/v2/instance").get("configuration") or {}
        statuses = told.get("statuses") or {}
        most = int(statuses.get("max_characters") or USUAL_CHARS)
        return most, int(statuses.get("characters_reserved_per_url") or USUAL_LINK)

    def _upload(self, file: Enclosure) -> str:
        told = self.api.json("POST", "/api/v2/media", files={"file": (file.name, file.data, file.content_type)})
        for _look in range(LOOKS):
            if told.get("url"):
                return str(told["id"])
            time.sleep(A_WHILE)
            told = self.api.json("GET", f"/api/v1/media/{told['id']}")
        raise Unavailable(f"Mastodon still works on the file {file.name}.", retry_after=30)

    # ---- being set up

    def check(self) -> str:
        found = self.api.json("GET", "/api/v1/accounts/verify_credentials")
        return f"The account is @{self.full(found['acct'])} ({found.get('display_name') or found['username']})."


def length(text: str, link: int = USUAL_LINK) -> int:
    """As Mastodon counts: a link is always as long, and of a name elsewhere its server counts nothing."""
    return graphemes(ELSEWHERE.sub(r"\1", URL.sub("x" * link, text)))


def check_files(files: Sequence[Enclosure]) -> None:
    if len(files) > MOST_FILES:
        raise Rejected(f"Mastodon takes {MOST_FILES} files with a post.")
    for file in files:
        if file.content_type not in TAKEN:
            raise Rejected(f"Mastodon takes pictures, sound and video; {file.name} is none. Send a link to it instead.")


def files_in(status: Mapping[str, Any]) -> list[File]:
    found = []
    for number, each in enumerate(status.get("media_attachments") or (), start=1):
        source = text_of(each.get("url") or "")  # never `remote_url`: a stranger's server writes it
        if source:
            kind = TYPES.get(text_of(each.get("type")), "application/octet-stream")
            name = source.partition("?")[0].rpartition("/")[2][:120] or f"file-{number}"
            found.append(File(name, kind, 0, number, source=source))
    return found


def explain(answer: httpx.Response) -> Failure | None:
    if answer.status_code == 404 and answer.request.url.path.endswith("/statuses"):
        return Rejected("The post that this answers is gone, or they hid it from us. Write to the person instead.")
    return None
