"""What Messenger and Instagram share: the direct messages of Meta's Messenger Platform. No database.

https://developers.facebook.com/docs/messenger-platform, …/docs/instagram-platform
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from threadline.channels import meta
from threadline.channels.contract import (
    Adapter,
    Answer,
    Broken,
    Failure,
    Hook,
    Inbound,
    Misconfigured,
    Outbound,
    Piece,
    Raw,
    Refused,
    Rejected,
    Report,
    Setting,
)
from threadline.channels.contract import words as _
from threadline.channels.exchange import Exchange
from threadline.channels.meta_items import KINDS, attachment_of, beside, files_in, one_by_one, piece, words_in
from threadline.channels.posts import half_sent, parts
from threadline.channels.shapes import introduced, moment, object_in, packed, refuse, text_of
from threadline.core.touch import Direction, Handle

DAY, WEEK = 24, 7 * 24
SAID, OURS = "what was said stays said.", "we did that ourselves."
NOTHING_SAID = "nobody says anything with it."
OTHER_APP = "another app has this conversation in hand."
MARK, PROFILE = "threadline-", "profile"
HOSTS = (".fbcdn.net", ".fbsbx.com", ".cdninstagram.com", ".facebook.com")
HUMAN_AGENT = Setting(
    "human_agent",
    _("Answers after 24 hours"),
    _("“yes” when Meta has given your app the feature “Human Agent”: people may then answer for seven days."),
    "choice",
    ("no", "yes"),
    "no",
)


class MetaInbox(Adapter):
    """One page or account of ours. `own_id` is the setting that holds its number, as Meta names it in each call."""

    network: ClassVar[str]
    own_id: ClassVar[str]
    kinds: ClassVar[Mapping[str, str]] = KINDS
    most: ClassVar[int]
    max_hook_bytes: ClassVar[int] = 3 * 2**20
    hooked: ClassVar[bool] = True
    introduces: ClassVar[bool] = True
    naming: ClassVar[tuple[str, ...]] = ("name",)  # what Meta is asked for when somebody has no name

    @staticmethod
    def count(text: str) -> int:
        return len(text)

    @classmethod
    def hours_to_answer(cls, settings: Mapping[str, object]) -> int | None:
        return WEEK if settings.get("human_agent") == "yes" else DAY

    # ---- coming in

    def handshake(self, hook: Hook) -> Answer | None:
        return meta.challenge(self.endpoint, hook)

    def verify(self, hook: Hook) -> None:
        meta.verify(self.endpoint, hook)

    def split(self, hook: Hook) -> Sequence[Piece]:
        """Each message, receipt and comment by itself, with whose it is."""
        try:
            found = list(self._pieces(object_in(hook.body)))
        except (Broken, AttributeError, TypeError):
            found = []
        return found or [Piece(hook.body)]

    def _pieces(self, body: Mapping[str, Any]) -> Iterator[Piece]:
        for entry in body.get("entry") or ():
            for item in entry.get("messaging") or ():
                for each in one_by_one(item):
                    yield piece(self.kind_of(each), each, entry)
            for item in entry.get("standby") or ():
                yield piece("standby", item, entry)
            for change in entry.get("changes") or ([entry] if "field" in entry else ()):
                field, value = text_of(change.get("field")), change.get("value")
                talk = isinstance(value, Mapping) and "sender" in value and "recipient" in value
                yield piece(self.kind_of(value) if talk else self.field_of(field, value), value, entry)

    def kind_of(self, item: Mapping[str, Any]) -> str:
        """The field of Meta's webhooks that an item belongs to; for one that we do not know, what it calls itself."""
        found = next((self.kinds[key] for key in self.kinds if key in item), "")
        if found == "messages" and (item["message"] or {}).get("is_echo"):
            found = "message_echoes" if "message_echoes" in self.events else found
        beside = ("sender", "recipient", "timestamp", "prior_message")
        return found or next((str(key) for key in item if key not in beside), "")

    def field_of(self, field: str, value: object) -> str:
        return field

    def parse(self, raw: Raw) -> Sequence[Inbound | Report]:
        given = object_in(raw.body)
        event = text_of(given.get("event"))
        becomes = self.events.get(event)
        if event == PROFILE:
            return [self._introduced(given, raw)]
        if not event:
            raise Broken(f"This is no call of {self.network}: nothing in it says what happened.")
        if becomes is None:
            raise Broken(f"{self.network} sent an event “{event}” that was not documented when this was written.")
        if becomes not in ("touch", "report"):
            raise refuse(self.network, event, becomes)
        try:
            self._check_whose(event, str(given["for"]))
            return [self.read(event, given["item"], given, raw)]
        except (KeyError, TypeError, AttributeError) as error:
            raise Broken(f"{self.network}'s “{event}” lacks what its documentation promises ({error!r}).") from error

    def _check_whose(self, event: str, number: str) -> None:
        """An app has one address for all of its pages."""
        own = self.endpoint.setting(self.own_id)
        if own and number != own:
            raise Refused(f"{self.network}'s event “{event}” is for {number}; this channel is {own}.")

    def read(self, event: str, item: Mapping[str, Any], given: Mapping[str, Any], raw: Raw) -> Inbound | Report:
        match event:
            case "messages" | "message_echoes":
                return self._message(event, item, raw)
            case "message_edits" | "message_edit":
                return self._edit(event, item, raw)
            case "message_reactions":
                return self._reaction(event, item, raw)
            case "messaging_postbacks":
                return self._postback(event, item, raw)
            case "message_deliveries":
                return self._delivered(item, raw)
            case "message_reads" | "messaging_seen":
                return self._read(item, raw)
        return self.in_public(event, item, given, raw)

    def in_public(self, event: str, item: Mapping[str, Any], given: Mapping[str, Any], raw: Raw) -> Inbound:
        raise refuse(self.network, event, "it is not in private.")

    def touch(self, event: str, who: str, at: datetime, number: str, **more: Any) -> Inbound:
        values: dict[str, Any] = {
            "direction": Direction.IN,
            "once_key": f"{self.kind}:{number}",
            "thread_key": f"{self.scheme}:{who}",
            **more,
            "attributes": {"event": event, **more.pop("attributes", {})},
        }
        handles = (Handle(self.scheme, who),) if who else ()
        return Inbound(kind=self.kind, at=at, external_id=number, handles=handles, **values)

    def _message(self, event: str, item: Mapping[str, Any], raw: Raw) -> Inbound | Report:
        said = item["message"]
        if said.get("is_echo"):
            return self.echo(event, item, raw)
        if said.get("is_deleted"):
            raise refuse(self.network, event, SAID)
        answered = (said.get("reply_to") or {}).get("mid")
        return self.touch(
            event,
            str(item["sender"]["id"]),
            moment(item.get("timestamp"), received=raw),
            str(said["mid"]),
            text=words_in(said, self.network),
            files=files_in(said),
            references=(str(answered),) if answered else (),
            attributes=beside(said),
        )

    def echo(self, event: str, item: Mapping[str, Any], raw: Raw) -> Inbound | Report:
        """What we said ourselves: over this channel, or in Meta's own inbox."""
        said, at = item["message"], moment(item.get("timestamp"), received=raw)
        mark, number = text_of(said.get("metadata") or ""), str(said["mid"])
        if mark.startswith(MARK):
            key = mark.removeprefix(MARK).partition(":")[0]
            proof = {"event": event, "mid": number, "timestamp": item.get("timestamp")}
            once = f"{self.kind}:{number}:sent"
            return Report(state="sent", at=at, once_key=once, external_id=number, key=key, proof=proof)
        words, files = words_in(said, self.network), files_in(said)
        whom = str(item["recipient"]["id"])
        return self.touch(event, whom, at, number, direction=Direction.OUT, text=words, files=files)

    def _edit(self, event: str, item: Mapping[str, Any], raw: Raw) -> Inbound:
        edit = item["message_edit"]
        number = str(edit["mid"])
        return self.touch(
            event,
            str(item["sender"]["id"]),
            moment(item.get("timestamp"), received=raw),
            f"edit:{number}:{edit.get('num_edit') or item.get('timestamp')}",
            direction=Direction.EVENT,
            text=text_of(edit.get("text")),
            references=(number,),
            attributes={"edits": number},
        )

    def _reaction(self, event: str, item: Mapping[str, Any], raw: Raw) -> Inbound:
        given = item["reaction"]
        number, who = str(given["mid"]), str(item["sender"]["id"])
        taken_back = given.get("action") == "unreact"
        return self.touch(
            event,
            who,
            moment(item.get("timestamp"), received=raw),
            f"{given.get('action') or 'react'}:{number}:{item.get('timestamp')}",
            direction=Direction.EVENT,
            text="(Took the reaction back)" if taken_back else text_of(given.get("emoji") or given.get("reaction")),
            references=(number,),
        )

    def _postback(self, event: str, item: Mapping[str, Any], raw: Raw) -> Inbound:
        given, who = item["postback"], str(item["sender"]["id"])
        return self.touch(
            event,
            who,
            moment(item.get("timestamp"), received=raw),
            str(given.get("mid") or f"postback:{who}:{item['timestamp']}"),
            text=text_of(given.get("title") or given.get("payload")),
            attributes=beside(given),
        )

    def _delivered(self, item: Mapping[str, Any], raw: Raw) -> Report:
        """Of one message, or of all until a moment where their app is old."""
        given, who = item["delivery"], str(item["sender"]["id"])
        number = next((str(each) for each in given.get("mids") or ()), "")
        until = moment(given.get("watermark"), received=raw)
        return Report(
            state="delivered",
            at=moment(item.get("timestamp") or given.get("watermark"), received=raw),
            once_key=f"{self.kind}:{number or who}:delivered" + ("" if number else f":{given['watermark']}"),
            external_id=number,
            thread_key="" if number else f"{self.scheme}:{who}",
            until=None if number else until,
            proof={"event": "message_deliveries", **given},
        )

    def _read(self, item: Mapping[str, Any], raw: Raw) -> Report:
        """They read up to here: a moment on Messenger, a message on Instagram."""
        given, who, at = item["read"], str(item["sender"]["id"]), moment(item.get("timestamp"), received=raw)
        number, until = text_of(given.get("mid") or ""), given.get("watermark")
        return Report(
            state="read",
            at=at,
            once_key=f"{self.kind}:{number or who}:read" + ("" if number else f":{until}"),
            external_id=number,
            thread_key=f"{self.scheme}:{who}",
            until=moment(until) if until else at,
            proof={"event": "read", **given},
        )

    def profile(self, who: str) -> Piece:
        """Meta tells it of people who wrote to us."""
        told = meta.api(self.endpoint).json("GET", f"/{who}", params={"fields": ",".join(self.naming)})
        return Piece(packed({"event": PROFILE, "for": self.endpoint.setting(self.own_id), "item": {**told, "id": who}}))

    def _introduced(self, given: Mapping[str, Any], raw: Raw) -> Inbound:
        try:
            person, who = given["item"], str(given["item"]["id"])
        except (KeyError, TypeError) as error:
            raise Broken(f"{self.network}'s profile lacks what its documentation promises ({error!r}).") from error
        name = " ".join(text_of(person[part]) for part in self.naming if part != "username" and person.get(part))
        name = name or text_of(person.get("username") or "")
        if not name:
            raise Refused(f"{self.network} does not tell what {who} is called.")
        return introduced(self.kind, self.scheme, who, name, moment(None, received=raw))

    def media(self, source: str) -> bytes:
        """From Meta's own servers of files; whoever has the address may read it, so our token stays here."""
        api = Exchange(self.endpoint, name="Meta", base=meta.BASE)
        host = urlsplit(source).hostname or ""
        if not source.startswith(f"{api.base}/") and not (source.startswith("https://") and host.endswith(HOSTS)):
            raise Rejected(f"{self.network} named an address for this file that is not its own.")
        return api.file(source)

    # ---- going out

    def own(self, name: str, label: str) -> str:
        return meta.needed(self.endpoint, name, label)

    def write(self, message: Outbound) -> str:
        """To the person alone: a file first, then the text, in as few messages as it takes."""
        if len(message.files) > 1:
            raise Rejected(f"{self.network} takes one file at a time. Remove the others.")
        contents: list[dict[str, Any]] = [
            {"attachment": attachment_of(file.content_type, file.url)} for file in message.files
        ]
        contents += [{"text": text} for text in parts(message.text, self.most, self.count)] if message.text else []
        about, number = {"recipient": {"id": message.to}, **self.reason_to_write(message)}, ""
        page = self.own("page_id", "page number")
        for done, content in enumerate(contents):
            wanted = {**about, "message": {**content, **self.marked(message, done)}}
            try:
                number = str(meta.api(self.endpoint).json("POST", f"/{page}/messages", json=wanted)["message_id"])
            except Failure as error:
                raise (half_sent(error, done, len(contents)) if done else error) from error
        return number

    def marked(self, message: Outbound, part: int) -> dict[str, str]:
        return {}

    def reason_to_write(self, message: Outbound) -> dict[str, str]:
        """Within a day it is an answer; after it only a person may write, where Meta allows it, for a week."""
        if message.late:
            raise Rejected("Their last word is too long ago for Meta. Wait until they write, or answer another way.")
        if message.answered_at is None or datetime.now(UTC) - message.answered_at < timedelta(hours=DAY):
            return {"messaging_type": "RESPONSE"}
        if message.automatic:
            raise Rejected("They wrote more than 24 hours ago: nothing goes out by itself any more, says Meta.")
        return {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}

    def check_own(self, found: Mapping[str, Any], name: str) -> None:
        if str(found.get("id")) != self.own(name, "number"):
            raise Misconfigured(
                f"The access token belongs to {found.get('id')}, not to this channel. Correct it in Channels."
            )

    def subscribe(self, fields: Sequence[str]) -> None:
        """The page lets the app hear of these."""
        page = self.own("page_id", "page number")
        meta.api(self.endpoint).json("POST", f"/{page}/subscribed_apps", json={"subscribed_fields": ",".join(fields)})

    def deactivate(self) -> None:
        meta.api(self.endpoint).json("DELETE", f"/{self.own('page_id', 'page number')}/subscribed_apps")
