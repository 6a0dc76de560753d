"""An Instagram account: direct messages, comments, mentions. API: https://developers.facebook.com/docs/instagram-platform"""

from collections.abc import Mapping
from typing import Any, ClassVar

from threadline.channels import meta
from threadline.channels.contract import (
    API_URL,
    Abilities,
    Address,
    File,
    Group,
    Inbound,
    Limits,
    Outbound,
    Raw,
    Rejected,
    Report,
    Setting,
)
from threadline.channels.contract import words as _
from threadline.channels.meta_inbox import HUMAN_AGENT, NOTHING_SAID, OTHER_APP, OURS, MetaInbox
from threadline.channels.meta_items import KINDS
from threadline.channels.shapes import moment, refuse, text_of

MENTION = "mention:"
EVENTS = {
    **dict.fromkeys(("messages", "message_edit", "message_reactions", "messaging_postbacks"), "touch"),
    **dict.fromkeys(("comments", "live_comments", "mentions"), "touch"),
    "messaging_seen": "report",
    "messaging_referral": NOTHING_SAID,
    "messaging_optins": "it is about advertising, which we do not send.",
    "messaging_handover": OTHER_APP,
    "standby": OTHER_APP,
    "story_insights": "it is a count.",
    "response_feedback": NOTHING_SAID,
    "messaging_policy_enforcement": "it is about our account.",
}
NAMES = {
    "message_edits": "message_edit",
    "message_reads": "messaging_seen",
    "messaging_referrals": "messaging_referral",
    "messaging_handovers": "messaging_handover",
}
TAKEN = (
    "image/jpeg", "image/png", "image/gif", "audio/aac", "audio/mp4", "audio/wav", "video/mp4", "video/ogg",
    "video/quicktime", "video/webm", "application/pdf",
)  # fmt: skip
SUBSCRIBED = ("messages", "message_reactions", "message_reads", "messaging_postbacks", "feed")


class Instagram(MetaInbox):
    """A professional account that is linked to a Facebook page. Comments are answered in public, messages in private.

    Meta counts 1,000 bytes to a message, so that a longer one, or one in another script, goes in parts.
    """

    kind: ClassVar[str] = "instagram"
    provider: ClassVar[str] = "meta"
    label: ClassVar[str] = _("Instagram")
    spoken: ClassVar[str] = _("on Instagram")
    carrier: ClassVar[str] = _("Meta")
    glyph: ClassVar[str] = "dm"
    public_glyph: ClassVar[str] = "social"
    scheme: ClassVar[str] = "instagram"
    network: ClassVar[str] = "Instagram"
    own_id: ClassVar[str] = "account_id"
    kinds: ClassVar[Mapping[str, str]] = {key: NAMES.get(field, field) for key, field in KINDS.items()}
    most: ClassVar[int] = 1000
    naming: ClassVar[tuple[str, ...]] = ("name", "username")
    docs: ClassVar[str] = "https://developers.facebook.com/docs/instagram-platform"
    address: ClassVar[Address] = Address(_("The account"), "@harbourpine")
    form: ClassVar[tuple[Group, ...]] = (
        Group(
            _("The account"),
            _(
                "A professional account that is linked to a Facebook page. In your app at developers.facebook.com, "
                "under Webhooks, object Instagram, enter our address as its webhook."
            ),
            (
                Setting("account_id", _("Number of the account"), _("As Meta's app shows it, 17 digits."), needed=True),
                Setting("page_id", _("Number of the page"), _("Of the Facebook page it is linked to."), needed=True),
                *meta.SETTINGS,
                HUMAN_AGENT,
            ),
        ),
        Group(_("Seldom needed"), "", (API_URL,), seldom=True),
    )
    limits: ClassVar[Limits] = Limits(
        max_chars=2200,
        max_file_bytes=25_000_000,
        max_files=1,
        file_types=TAKEN,
        files=True,
        encloses=True,
        window_hours=24,
        rate=40,
        privacy="open",
    )
    can: ClassVar[Abilities] = Abilities(read=True, reactions=True, opt_out=True, media=True, public=True)
    events: ClassVar[Mapping[str, str]] = EVENTS

    @staticmethod
    def count(text: str) -> int:
        return len(text.encode())

    # ---- coming in

    def echo(self, event: str, item: Mapping[str, Any], raw: Raw) -> Report:
        """Instagram does not tell who of ours spoke: it proves what went out from here, and is kept beside the rest."""
        number = str(item["message"]["mid"])
        return Report(
            state="sent",
            at=moment(item.get("timestamp"), received=raw),
            once_key=f"instagram:{number}:sent",
            external_id=number,
            proof={"event": "echo", "mid": number, "timestamp": item.get("timestamp")},
        )

    def in_public(self, event: str, item: Mapping[str, Any], given: Mapping[str, Any], raw: Raw) -> Inbound:
        at = moment(item.get("timestamp") or given.get("time"), received=raw)
        if event == "mentions":
            return self._mention(item, at)
        person, number, above = item.get("from") or {}, str(item["id"]), str(item.get("parent_id") or "")
        who, place = str(person.get("id") or ""), item.get("media") or {}
        ourselves = (str(given["for"]), str(person.get("self_ig_scoped_id")))
        if who in ourselves or person.get("username") == self.endpoint.address.lstrip("@"):
            raise refuse("Instagram", event, OURS)
        return self.touch(
            event,
            who,
            at,
            number,
            name=text_of(person.get("username") or "")[:255],
            public=True,
            thread_key=f"comment:{above or number}",
            reply_address=who or number,
            references=(above,) if above else (),
            text=text_of(item.get("text") or ""),
            attributes={
                **({"media": str(place["id"])} if place.get("id") else {}),
                **({"username": text_of(person["username"])} if person.get("username") else {}),
            },
        )

    def _mention(self, item: Mapping[str, Any], at: Any) -> Inbound:
        """Instagram tells only where we were named; what was said there is fetched like a file."""
        place = f"{MENTION}{item['media_id']}:{item.get('comment_id') or ''}"
        return self.touch(
            "mentions",
            "",
            at,
            place,
            public=True,
            thread_key=place,
            reply_address=place,
            text="(Named us. What was said is in the file.)",
            files=(File("mention.txt", "text/plain", 0, 1, source=place),),
            attributes={"media": str(item["media_id"])},
        )

    def media(self, source: str) -> bytes:
        if not source.startswith(MENTION):
            return super().media(source)
        place, _colon, comment = source.removeprefix(MENTION).partition(":")
        own = self.own("account_id", "account number")
        asked = (
            f"mentioned_comment.comment_id({comment}){{text,timestamp,media{{permalink}}}}"
            if comment
            else f"mentioned_media.media_id({place}){{caption,username,timestamp,permalink}}"
        )
        told = meta.api(self.endpoint).json("GET", f"/{own}", params={"fields": asked})
        found = told.get("mentioned_comment") or told.get("mentioned_media") or {}
        link = found.get("permalink") or (found.get("media") or {}).get("permalink")
        said = (found.get("username"), found.get("text") or found.get("caption"), link)
        return "\n".join(str(each) for each in said if each).encode()

    # ---- going out

    def send(self, message: Outbound) -> str:
        for file in message.files:
            if file.content_type not in TAKEN:
                raise Rejected(f"Instagram takes pictures, sound, films and PDFs; {file.name} is none of them.")
        return self._comment(message) if message.public else self.write(message)

    def _comment(self, message: Outbound) -> str:
        if message.files:
            raise Rejected("A comment on Instagram takes no files. Remove them, or write a direct message.")
        place = message.in_reply_to
        if not place:
            raise Rejected("There is no comment that this could answer. Write in Instagram itself.")
        if not place.startswith(MENTION):
            path, wanted = f"/{place}/replies", {"message": message.text}
        else:
            where, _colon, comment = place.removeprefix(MENTION).partition(":")
            path = f"/{self.own('account_id', 'account number')}/mentions"
            wanted = {"media_id": where, "message": message.text, **({"comment_id": comment} if comment else {})}
        return str(meta.api(self.endpoint).json("POST", path, json=wanted)["id"])

    # ---- being set up

    def check(self) -> str:
        own = self.own("account_id", "account number")
        found = meta.api(self.endpoint).json("GET", f"/{own}", params={"fields": "id,username"})
        self.check_own(found, "account_id")
        return f"The account is @{found.get('username')}."

    def activate(self) -> str:
        self.subscribe(SUBSCRIBED)
        return (
            f"Enter {self.endpoint.hook_url} and your verify token in Meta's app, under Webhooks for the object "
            "Instagram, and subscribe there to messages, messaging_seen, message_reactions, comments and mentions."
        )
