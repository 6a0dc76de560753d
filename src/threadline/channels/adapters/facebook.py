"""A Facebook page: Messenger, comments, posts of visitors and mentions. API: https://developers.facebook.com/docs/messenger-platform"""

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
    Setting,
)
from threadline.channels.contract import words as _
from threadline.channels.meta_inbox import HUMAN_AGENT, MARK, NOTHING_SAID, OTHER_APP, OURS, SAID, MetaInbox
from threadline.channels.shapes import moment, refuse, text_of
from threadline.core.touch import Direction

UNUSED = "we do not use this of Facebook."
PAGE = "it is about our page; Facebook itself shows it."
POSTS = ("comment", "post", "status", "photo", "video", "link", "share")
FEED = (
    "address", "album", "connection", "coupon", "event", "experience", "group", "group_message", "interest", "like",
    "mention", "milestone", "note", "page", "photo-album", "picture", "platform-story", "profile", "question", "rating",
    "reaction", "relationship-status", "story", "tag", "timeline cover",
)  # fmt: skip
PROFILE = (
    "affiliation", "attire", "awards", "birthday", "business_integrity", "category", "company_overview",
    "culinary_team", "current_location", "description", "email", "founded", "general_info", "general_manager",
    "hometown", "hours", "inbox_labels", "live_videos", "location", "members", "message_template_status_update",
    "mission", "name", "page_change_proposal", "page_upcoming_change", "parking", "payment_options", "personal_info",
    "personal_interests", "phone", "picture", "price_range", "products", "public_transit", "videos", "website",
)  # fmt: skip
SUBSCRIBED = (
    "messages", "message_echoes", "message_edits", "message_reactions", "message_deliveries", "message_reads",
    "messaging_postbacks", "feed", "mention",
)  # fmt: skip
EVENTS = {
    **dict.fromkeys(("messages", "message_echoes", "message_edits"), "touch"),
    **dict.fromkeys(("message_reactions", "messaging_postbacks"), "touch"),
    **dict.fromkeys(("message_deliveries", "message_reads"), "report"),
    **{f"feed.{item}": "touch" for item in POSTS},
    "mention": "touch",
    **{f"feed.{item}": NOTHING_SAID for item in FEED},
    **dict.fromkeys(PROFILE, PAGE),
    "standby": OTHER_APP,
    "messaging_handovers": OTHER_APP,
    **dict.fromkeys(("messaging_referrals", "messaging_game_plays"), NOTHING_SAID),
    **dict.fromkeys(("messaging_feedback", "response_feedback"), NOTHING_SAID),
    **dict.fromkeys(
        (
            "call_permission_reply", "call_settings_update", "calls", "group_feed", "leadgen", "message_context",
            "invoice_access_invoice_draft_change", "messaging_account_linking", "messaging_customer_information",
            "messaging_in_thread_lead_form_submit", "messaging_optins", "product_review", "ratings", "send_cart",
        ),
        UNUSED,
    ),
    "messaging_policy_enforcement": "it is about our account.",
    "messaging_integrity": "it is about our account.",
}  # fmt: skip


class Facebook(MetaInbox):
    """A page. Comments are answered in public, Messenger to the person alone.

    After 24 hours without a word of theirs only people may write, for a week, and only if Meta allows the app to.
    """

    kind: ClassVar[str] = "facebook"
    provider: ClassVar[str] = "meta"
    carrier: ClassVar[str] = _("Meta")
    scheme: ClassVar[str] = "facebook"
    network: ClassVar[str] = "Facebook"
    own_id: ClassVar[str] = "page_id"
    most: ClassVar[int] = 2000
    naming: ClassVar[tuple[str, ...]] = ("first_name", "last_name")
    docs: ClassVar[str] = "https://developers.facebook.com/docs/messenger-platform"
    address: ClassVar[Address] = Address(_("Our page"), "fb.com/harbourpine")
    form: ClassVar[tuple[Group, ...]] = (
        Group(
            _("The page"),
            _("In your app at developers.facebook.com, under Webhooks, object Page, enter our address as its webhook."),
            (
                Setting("page_id", _("Number of the page"), _("Stands under About, Page transparency."), needed=True),
                *meta.SETTINGS,
                HUMAN_AGENT,
            ),
        ),
        Group(_("Seldom needed"), "", (API_URL,), seldom=True),
    )
    limits: ClassVar[Limits] = Limits(
        max_chars=8000,
        max_file_bytes=25_000_000,
        max_files=1,
        files=True,
        encloses=True,
        window_hours=24,
        rate=40,
        privacy="open",
    )
    can: ClassVar[Abilities] = Abilities(
        delivered=True, read=True, reactions=True, opt_out=True, media=True, public=True
    )
    events: ClassVar[Mapping[str, str]] = EVENTS

    # ---- coming in

    def field_of(self, field: str, value: object) -> str:
        return f"feed.{value.get('item')}" if field == "feed" and isinstance(value, Mapping) else field

    def in_public(self, event: str, item: Mapping[str, Any], given: Mapping[str, Any], raw: Raw) -> Inbound:
        """A comment under a post, a post on our page, or one elsewhere that names it."""
        person, verb = item.get("from") or {}, text_of(item.get("verb"))
        who, post = str(person.get("id") or item.get("sender_id") or ""), str(item.get("post_id") or "")
        if who == str(given["for"]):
            raise refuse("Facebook", event, OURS)
        if verb not in ("add", "edit", "edited", "update"):
            raise refuse("Facebook", event, SAID)
        number = str(item.get("comment_id") or item["post_id"])
        above = str(item.get("parent_id") or "")
        edited = verb != "add"
        return self.touch(
            event,
            who,
            moment(item.get("created_time") or given.get("time"), received=raw),
            f"edit:{number}:{given['time']}" if edited else number,
            direction=Direction.EVENT if edited else Direction.IN,
            name=text_of(person.get("name") or "")[:255],
            public=True,
            thread_key=f"comment:{above if above and above != post else number}",
            reply_address=who or number,
            references=(above,) if above and above != number else (),
            text=text_of(item.get("message") or ""),
            files=pictures_in(item),
            attributes=place_of(item, number if edited else ""),
        )

    # ---- going out

    def send(self, message: Outbound) -> str:
        return self._comment(message) if message.public else self.write(message)

    def _comment(self, message: Outbound) -> str:
        if not message.in_reply_to:
            raise Rejected("There is no comment that this could answer. Write on the page itself.")
        if message.files and not message.files[0].content_type.startswith("image/"):
            raise Rejected(
                f"With a comment goes a picture; {message.files[0].name} is none. Send a link to it instead."
            )
        wanted = {"message": message.text, **({"attachment_url": message.files[0].url} if message.files else {})}
        return str(meta.api(self.endpoint).json("POST", f"/{message.in_reply_to}/comments", json=wanted)["id"])

    def marked(self, message: Outbound, part: int) -> dict[str, str]:
        """Facebook hands it back with the echo of our message, which so is known to have arrived."""
        return {"metadata": f"{MARK}{message.key}:{part}"}

    # ---- being set up

    def check(self) -> str:
        found = meta.api(self.endpoint).json("GET", "/me", params={"fields": "id,name"})
        self.check_own(found, "page_id")
        return f"The page is {found.get('name')}."

    def activate(self) -> str:
        self.subscribe(SUBSCRIBED)
        return (
            f"Enter {self.endpoint.hook_url} and your verify token in Meta's app, under Webhooks for the object Page, "
            "and subscribe to the same fields there."
        )


def pictures_in(item: Mapping[str, Any]) -> tuple[File, ...]:
    addresses = [item.get("photo"), *(item.get("photos") or ()), item.get("video")]
    if item.get("item") in ("photo", "video"):
        addresses.append(item.get("link"))
    found = list(dict.fromkeys(text_of(each) for each in addresses if each))
    kind = "video/mp4" if item.get("video") or item.get("item") == "video" else "image/jpeg"
    return tuple(
        File(each.partition("?")[0].rpartition("/")[2][:120] or f"file-{number}", kind, 0, number, source=each)
        for number, each in enumerate(found, start=1)
    )


def place_of(item: Mapping[str, Any], edits: str) -> dict[str, object]:
    post = item.get("post") or {}
    link = text_of(item.get("permalink_url") or post.get("permalink_url") or "")
    return {
        **({"post": str(item["post_id"])} if item.get("post_id") else {}),
        **({"link": link} if link else {}),
        **({"edits": edits} if edits else {}),
    }
