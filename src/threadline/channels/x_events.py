"""What X's Activity API tells, in the common form. https://docs.x.com/x-api/activity/event-payloads"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from threadline.channels.contract import Broken, File, Inbound, Raw, Report
from threadline.channels.shapes import moment, refuse, text_of
from threadline.core.touch import Direction, Handle

WE_DID = "we did that ourselves."
NOTHING_SAID = "nobody says anything with it."
ENCRYPTED = "only X's own app can read encrypted chats; ask for an ordinary message or another channel."
EVENTS = {
    "post.mention.create": "touch",
    "post.reply.create": "touch",
    "post.quote.create": "touch",
    "dm.received": "touch",
    "dm.read": "report",
    "dm.sent": WE_DID,
    "dm.indicate_typing": NOTHING_SAID,
    "post.create": WE_DID,
    "post.delete": WE_DID,
    "post.repost.create": NOTHING_SAID,
    "like.create": NOTHING_SAID,
    "follow.follow": NOTHING_SAID,
    "follow.unfollow": NOTHING_SAID,
    **{
        f"profile.update.{what}": WE_DID
        for what in ("bio", "profile_picture", "banner_picture", "screenname", "handle", "geo", "url")
    },
    "profile.update.verified_badge": WE_DID,
    "profile.update.affiliate_badge": WE_DID,
    "chat.received": ENCRYPTED,
    "chat.sent": ENCRYPTED,
    "chat.conversation_join": ENCRYPTED,
    "news.new": "it is no word of a customer.",
    "spaces.start": WE_DID,
    "spaces.end": WE_DID,
    "broadcast.start": WE_DID,
    "broadcast.end": WE_DID,
    "broadcast.chat": "it is said to a live broadcast.",
    "mute.mute": WE_DID,
    "mute.unmute": WE_DID,
    "block.block": WE_DID,
    "block.unblock": WE_DID,
    "oauth.revoke": "the account took its permission back; enter new tokens in Channels.",
}
WANTED = [name for name, becomes in EVENTS.items() if becomes in ("touch", "report")]
SNOWFLAKE = 1_288_834_974_657  # ms: ids count from here
TYPES = {"photo": "image/jpeg", "video": "video/mp4", "animated_gif": "video/mp4"}


def post_in(event: str, post: Mapping[str, Any], includes: Mapping[str, Any], own: str) -> Inbound:
    number, author = str(post["id"]), str(post["author_id"])
    if author == own:
        raise refuse("X", event, WE_DID)
    versions = [str(each) for each in post.get("edit_history_tweet_ids") or ()]
    edits = versions[0] if versions and versions[0] != number else ""
    about = {text_of(each.get("type")): str(each["id"]) for each in post.get("referenced_tweets") or ()}
    answered = about.get("replied_to") or post.get("in_reply_to_tweet_id")
    person = person_in(includes.get("users") or (), author)
    return Inbound(
        kind="x",
        direction=Direction.EVENT if edits else Direction.IN,
        at=moment(post["created_at"]),
        once_key=f"x:post:{number}",
        external_id=number,
        handles=(Handle("x", author),),
        name=name_of(person),
        public=True,
        thread_key=f"conversation:{post.get('conversation_id') or number}",
        references=(str(answered),) if answered else (),
        text=text_of((post.get("note_tweet") or {}).get("text") or post.get("text")),
        files=tuple(files_of_post(post, includes)),
        attributes={
            "event": event,
            "link": f"https://x.com/{person.get('username') or 'i'}/status/{number}",
            **({"username": person["username"]} if person.get("username") else {}),
            **({"quotes": about["quoted"]} if "quoted" in about else {}),
            **({"edits": edits} if edits else {}),
        },
    )


def message_in(event: str, given: Mapping[str, Any], people: Mapping[str, Any], own: str) -> Inbound:
    said, number = given["message_create"], str(given["id"])
    sender, data = str(said["sender_id"]), said["message_data"]
    if sender == own:
        raise refuse("X", event, WE_DID)
    person = people.get(sender) or {}
    person = person.get("data") or person
    return Inbound(
        kind="x",
        direction=Direction.IN,
        at=moment(given["created_timestamp"]),
        once_key=f"x:message:{number}",
        external_id=number,
        handles=(Handle("x", sender),),
        name=name_of(person),
        thread_key=f"x:{sender}",
        text=text_of(data.get("text")),
        files=tuple(files_of_message(data)),
        attributes={"event": event, **({"username": person["username"]} if person.get("username") else {})},
    )


def read_in(data: Mapping[str, Any], given: Mapping[str, Any], raw: Raw) -> Report:
    """They read up to here, whoever they are; X tells the last message or the moment."""
    reader = str(given.get("initiating_user_id") or given["sender_id"])
    last, at = given.get("last_read_event_id"), moment(given.get("created_timestamp"), received=raw)
    return Report(
        state="read",
        at=at,
        once_key=f"x:read:{data['event_uuid']}",
        thread_key=f"x:{reader}",
        until=made_at(str(last)) if last else at,
        proof={"event": "dm.read", "at": at.isoformat(), **({"last_read": str(last)} if last else {})},
    )


def made_at(number: str) -> datetime:
    """X's ids hold the millisecond in which they were made."""
    if not number.isdecimal():
        raise Broken(f"“{number[:40]}” is no id of X.")
    return moment(((int(number) >> 22) + SNOWFLAKE + 1) / 1000)


def id_of(data: Mapping[str, Any]) -> str:
    """Of the post or message itself, which two events may tell of; else of the event."""
    payload, event = data["payload"], text_of(data.get("event_type"))
    messages = payload.get("direct_message_events") or ()
    if event in ("dm.received", "dm.sent") and messages:
        return str(messages[0].get("id") or "")
    return str((payload.get("id") if event.startswith("post.") else "") or data.get("event_uuid") or "")


def person_in(users: Sequence[Mapping[str, Any]], number: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = {}
    for each in users:
        person = each.get("data") or each
        found = person if str(person.get("id")) == number else found
    return found


def name_of(person: Mapping[str, Any]) -> str:
    return text_of(person.get("name") or person.get("username") or "")[:255]


def files_of_post(post: Mapping[str, Any], includes: Mapping[str, Any]) -> list[File]:
    keys = (post.get("attachments") or {}).get("media_keys") or ()
    return [
        file_at(number, text_of(each.get("type")), address_of(each))
        for number, each in enumerate((m for m in includes.get("media") or () if m.get("media_key") in keys), start=1)
        if address_of(each)
    ]


def files_of_message(data: Mapping[str, Any]) -> list[File]:
    media = (data.get("attachment") or {}).get("media") or {}
    address = text_of(media.get("media_url_https") or "")
    return [file_at(1, text_of(media.get("type")), address)] if address else []


def address_of(media: Mapping[str, Any]) -> str:
    """Of a film, its best version."""
    films = [each for each in media.get("variants") or () if each.get("content_type") == "video/mp4"]
    best = max(films, key=lambda each: int(each.get("bit_rate") or 0)) if films else {}
    return text_of(best.get("url") or media.get("url") or media.get("preview_image_url") or "")


def file_at(number: int, kind: str, address: str) -> File:
    name = urlsplit(address).path.rpartition("/")[2][:120] or f"file-{number}"
    return File(name, TYPES.get(kind, "application/octet-stream"), 0, number, source=address)
