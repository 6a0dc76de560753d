"""A forum on Discourse: topics, posts and private messages. API: https://docs.discourse.org"""

import hashlib
import hmac
import re
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
    Hook,
    Inbound,
    Limits,
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
from threadline.channels.exchange import Exchange, words_of
from threadline.channels.posts import BeforeSending
from threadline.channels.shapes import moment, object_in, packed, refuse, same, text_of
from threadline.core.touch import Direction, Handle

OF_THE_FORUM = "it is about the forum, not about what somebody said."
NOTHING_SAID = "nobody says anything with it."
STAYS = "what was said stays said."
EVENTS = {
    "post_created": "touch",
    "post_edited": "touch",
    "post_destroyed": STAYS,
    "post_recovered": STAYS,
    "topic_created": "its first post comes by itself.",
    "topic_edited": OF_THE_FORUM,
    "topic_revised": OF_THE_FORUM,
    "topic_destroyed": STAYS,
    "topic_recovered": STAYS,
    **dict.fromkeys(
        (
            *(f"user_{what}" for what in ("logged_in", "logged_out", "confirmed_email", "created", "approved")),
            *(f"user_{what}" for what in ("updated", "destroyed", "suspended", "unsuspended", "anonymized")),
            *(f"group_{what}" for what in ("created", "updated", "destroyed")),
            *(f"category_{what}" for what in ("created", "updated", "destroyed")),
            *(f"tag_{what}" for what in ("created", "updated", "destroyed")),
            *("reviewable_created", "reviewable_updated", "notification_created", "user_promoted"),
            *("user_badge_granted", "user_badge_revoked", "user_added_to_group", "user_removed_from_group"),
            *("assigned", "unassigned", "category_experts_approved", "category_experts_unapproved"),
        ),
        OF_THE_FORUM,
    ),
    **dict.fromkeys(
        ("accepted_solution", "unaccepted_solution", "post_liked", "topic_upvote", "topic_unvote"), NOTHING_SAID
    ),
    **dict.fromkeys(
        (f"chat_message_{what}" for what in ("created", "edited", "trashed", "restored")),
        "it is a chat between members; we take topics and private messages.",
    ),
    "ping": "it only asks whether we are there.",
}
REGULAR, WINDOW = 1, 50
PRIVATE = "private_message"
QUOTE = re.compile(r"\[quote[^\]]*\](.*?)\[/quote\]\s*", re.DOTALL | re.IGNORECASE)
UPLOAD = re.compile(r"!?\[([^\]|]*)(?:\|[^\]]*)?\]\(upload://(\w+(?:\.\w+)?)\)(?: \([^)]*\))?\s*")
TYPES = {
    **dict.fromkeys(("jpeg", "jpg"), "image/jpeg"),
    **{name: f"image/{name}" for name in ("png", "gif", "webp", "avif")},
    "pdf": "application/pdf",
    "mp4": "video/mp4",
    "txt": "text/plain",
}


class Discourse(Adapter):
    """A forum. Posts are answered in their topic, in public; a private message goes to one person."""

    kind: ClassVar[str] = "community"
    provider: ClassVar[str] = "discourse"
    carrier: ClassVar[str] = _("Discourse")
    scheme: ClassVar[str] = "community"
    docs: ClassVar[str] = "https://docs.discourse.org"
    address: ClassVar[Address] = Address(_("The forum"), "forum.harbourpine.example")
    form: ClassVar[tuple[Group, ...]] = (
        Group(
            _("Answering"),
            _("In Discourse under Admin, API, make a key for the member who answers."),
            (
                Setting("api_username", _("Member who answers"), needed=True),
                Setting("api_token", _("API key"), kind="secret", needed=True),
                Setting("own_names", _("Colleagues' names there"), _("What they post is not a customer's."), "list"),
            ),
        ),
        Group(
            _("Hearing"),
            _(
                "Under Admin, API, Webhooks, have Discourse send post events to the address that Threadline shows, "
                "with this secret. Choose categories and tags there to hear only of some."
            ),
            (
                Setting("hook_secret", _("Secret"), kind="secret", needed=True),
                Setting(
                    "categories",
                    _("Only these categories"),
                    _("Their numbers, the same as in the webhook; empty for all. Gaps are looked for in them."),
                    "list",
                ),
            ),
        ),
        Group(_("Seldom needed"), "", (API_URL,), seldom=True),
    )
    limits: ClassVar[Limits] = Limits(
        max_chars=32_000, max_file_bytes=4_000_000, max_files=5, files=True, encloses=True, rich=False, rate=1
    )
    can: ClassVar[Abilities] = Abilities(media=True, public=True, begins=True)
    events: ClassVar[Mapping[str, str]] = EVENTS
    hooked: ClassVar[bool] = True

    @property
    def site(self) -> str:
        return self.endpoint.address.removeprefix("https://").strip("/").lower()

    @property
    def own(self) -> set[str]:
        return {name.lower() for name in (*self._listed("own_names"), self.endpoint.setting("api_username"))} - {""}

    def _listed(self, name: str) -> list[str]:
        found = self.endpoint.settings.get(name) or ()
        return [str(each).strip() for each in found] if isinstance(found, list | tuple) else []

    @property
    def api(self) -> Exchange:
        key, name = self.endpoint.setting("api_token"), self.endpoint.setting("api_username")
        if not key or not name:
            raise Misconfigured("The channel has no API key of the forum. Enter it in Channels.")
        headers = {"Api-Key": key, "Api-Username": name}
        return Exchange(self.endpoint, name="The forum", base=f"https://{self.site}", headers=headers, explain=explain)

    # ---- coming in

    def verify(self, hook: Hook) -> None:
        secret = self.endpoint.setting("hook_secret")
        if not secret:
            raise Misconfigured("The channel has no secret for what the forum sends. Enter it in Channels.")
        if not same(hook.headers.get("x-discourse-event-signature", ""), signature(secret, hook.body)):
            raise Refused("The forum's signature is missing or wrong.")

    def split(self, hook: Hook) -> Sequence[Piece]:
        kind, event = (hook.headers.get(f"x-discourse-event{end}", "") for end in ("-type", ""))
        try:
            found = object_in(hook.body)
        except Broken:
            return [Piece(hook.body)]
        item = found.get(kind) or found
        number = name_of(item) if kind == "post" and isinstance(item, Mapping) else ""
        return [piece_of(event or kind, item, number)]

    def parse(self, raw: Raw) -> Sequence[Inbound | Report]:
        given = object_in(raw.body)
        event = text_of(given.get("event"))
        becomes = EVENTS.get(event)
        if becomes is None:
            raise Broken(f"Discourse sent an event “{event}” that was not documented when this was written.")
        if becomes != "touch":
            raise refuse("Discourse", event, becomes)
        try:
            return [self._touch(event, given["item"])]
        except (KeyError, TypeError, AttributeError) as error:
            raise Broken(f"Discourse's “{event}” lacks what its documentation promises ({error!r}).") from error

    def _touch(self, event: str, post: Mapping[str, Any]) -> Inbound:
        name, topic, edited = str(post["username"]), str(post["topic_id"]), event == "post_edited"
        if name.lower() in self.own:
            raise refuse("Discourse", event, f"{name} is one of ours.")
        if post.get("post_type", REGULAR) != REGULAR:
            raise refuse("Discourse", event, "a moderator's action or a whisper, and nothing that was said to us.")
        number, version = f"{topic}/{post['post_number']}", name_of(post)
        written, public = text_of(post.get("raw") or ""), post.get("topic_archetype") != PRIVATE
        who = Handle(self.scheme, f"{self.site}:{name}".lower()[:320])
        answered = post.get("reply_to_post_number") or (1 if int(post["post_number"]) > 1 else None)
        return Inbound(
            kind=self.kind,
            direction=Direction.EVENT if edited else Direction.IN,
            at=moment(post["updated_at"] if edited else post["created_at"]),
            once_key=f"discourse:{self.site}:{version if edited else number}",
            external_id=version if edited else number,
            handles=(who,),
            name=text_of(post.get("name") or name)[:255],
            public=public,
            thread_key=f"topic:{topic}" if public else f"{who.scheme}:{who.value}",
            reply_address=topic,
            references=(f"{topic}/{answered}",) if answered else (),
            subject=text_of(post.get("topic_title") or "")[:255],
            text=UPLOAD.sub("", QUOTE.sub("", written)).strip(),
            quoted="\n\n".join(each.strip() for each in QUOTE.findall(written)),
            files=tuple(files_in(written)),
            attributes={
                "event": event,
                "link": f"https://{self.site}/t/{post.get('topic_slug') or '-'}/{number}",
                **({"category": post["category_slug"]} if post.get("category_slug") else {}),
                **({"edits": number} if edited else {}),
            },
        )

    def history(self, since: datetime, cursor: str) -> Fetched:
        """The newest posts, then the newest private ones, in steps of fifty numbers."""
        kind, _colon, before = (cursor or "posts:").partition(":")
        told = self.api.json("GET", f"/{kind}.json", params={"before": before} if before else {})
        posts = told.get("latest_posts") or told.get("private_posts") or []
        kept = [each for each in posts if moment(each["created_at"]) >= since]
        low = min((int(each["id"]) for each in posts), default=int(before or 0) - WINDOW + 1) - 1
        done = len(kept) < len(posts) or low < 1
        after = ("private-posts:" if kind == "posts" else "") if done else f"{kind}:{low}"
        private = {"topic_archetype": PRIVATE} if kind != "posts" else {}
        if kind == "posts" and (only := self._listed("categories")):
            kept = [each for each in kept if str(each.get("category_id")) in only]
        pieces = (piece_of("post_created", {**each, **private}, number_of(each)) for each in kept)
        return Fetched(tuple(pieces), after, more=bool(after))

    def media(self, source: str) -> bytes:
        if not re.fullmatch(r"\w+(\.\w+)?", source):
            raise Rejected("This is no file of the forum.")
        return self.api.file(f"/uploads/short-url/{source}")

    # ---- going out

    def send(self, message: Outbound) -> str:
        with BeforeSending():
            shown = [self._upload(file) for file in message.files]
        wanted: dict[str, Any] = {"raw": "\n\n".join([message.text, *shown])}
        answered = re.fullmatch(r"(\d+)/(\d+)(@.*)?", message.in_reply_to)
        if answered:
            wanted |= {"topic_id": int(answered[1]), "reply_to_post_number": int(answered[2])}
        elif ":" in message.to:
            wanted |= self._private(message)
        else:
            wanted["topic_id"] = int(message.to)
        told = self.api.json("POST", "/posts.json", json=wanted)
        return f"{told['topic_id']}/{told['post_number']}"

    def _private(self, message: Outbound) -> dict[str, str]:
        """A private message begins: to whom, and its title."""
        site, _colon, name = message.to.rpartition(":")
        if site != self.site:
            raise Rejected(f"They are known on {site}, and this is {self.site}. Reply another way.")
        title = message.subject.removeprefix("Re: ") or message.text.partition("\n")[0][:80]
        return {"title": title, "target_recipients": name, "archetype": PRIVATE}

    def _upload(self, file: Enclosure) -> str:
        """Puts a file there; returns how a post shows it."""
        told = self.api.json(
            "POST",
            "/uploads.json",
            data={"type": "composer", "synchronous": "true"},
            files={"file": (file.name, file.data, file.content_type)},
        )
        if file.content_type.startswith("image/"):
            return f"![{file.name}|{told.get('width') or 0}x{told.get('height') or 0}]({told['short_url']})"
        return f"[{file.name}|attachment]({told['short_url']})"

    # ---- being set up

    def check(self) -> str:
        found = self.api.json("GET", "/session/current.json").get("current_user") or {}
        return f"Answers go out as @{found.get('username')} on {self.site}."

    def activate(self) -> str:
        return f"In Discourse, have a webhook send post events to {self.endpoint.hook_url}, with the secret."


def signature(secret: str, body: bytes) -> str:
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def piece_of(event: str, item: object, number: str) -> Piece:
    return Piece(packed({"event": event, "item": item}), number)


def number_of(post: Mapping[str, Any]) -> str:
    return f"{post.get('topic_id')}/{post.get('post_number')}"


def name_of(post: Mapping[str, Any]) -> str:
    """A post that was edited is another item; the first version goes by its place in the topic."""
    version = int(post.get("version") or 1)
    return number_of(post) if version <= 1 else f"{number_of(post)}@{version}"


def files_in(written: str) -> list[File]:
    found = []
    for place, (name, source) in enumerate(UPLOAD.findall(written), 1):
        kind = TYPES.get(source.rpartition(".")[2].lower(), "application/octet-stream")
        found.append(File(name.strip() or source, kind, 0, place, source=source))
    return found


def explain(answer: httpx.Response) -> Failure | None:
    """Discourse answers 403 to a wrong key and to a closed topic alike; its words tell them apart."""
    told = words_of(answer)
    if answer.status_code == 403 and "API" not in told and answer.request.url.path.endswith("/posts.json"):
        return Rejected(f"The forum does not take this: {told}")
    if answer.status_code == 404 and answer.request.method != "GET":
        return Rejected("The topic that this answers is gone.")
    return None
