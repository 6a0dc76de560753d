"""What Bluesky's notifications and the log of its chat tell, in the common form.

https://github.com/bluesky-social/atproto: app.bsky.notification.listNotifications, chat.bsky.convo.getLog
"""

from collections.abc import Mapping
from typing import Any

from threadline.channels.contract import File, Inbound
from threadline.channels.shapes import moment, refuse, text_of
from threadline.core.touch import Direction, Handle

WE_DID = "we did that ourselves."
NOTHING_SAID = "nobody says anything with it."
GROUPS = "it is about a group and its members."
EVENTS = {
    "mention": "touch",
    "reply": "touch",
    "quote": "touch",
    "like": NOTHING_SAID,
    "repost": NOTHING_SAID,
    "follow": NOTHING_SAID,
    "like-via-repost": NOTHING_SAID,
    "repost-via-repost": NOTHING_SAID,
    "starterpack-joined": NOTHING_SAID,
    "verified": "it is about our account.",
    "unverified": "it is about our account.",
    "subscribed-post": "nobody addressed us.",
    "contact-match": NOTHING_SAID,
    "logCreateMessage": "touch",
    "logAddReaction": "touch",
    "logRemoveReaction": NOTHING_SAID,
    "logDeleteMessage": "what was said stays said.",
    "logReadMessage": "it does not tell who read it.",
    "logReadConvo": "it does not tell who read it.",
    "logBeginConvo": NOTHING_SAID,
    "logAcceptConvo": WE_DID,
    "logLeaveConvo": WE_DID,
    "logMuteConvo": WE_DID,
    "logUnmuteConvo": WE_DID,
    **{
        f"log{what}": GROUPS
        for what in (
            "AddMember",
            "RemoveMember",
            "MemberJoin",
            "MemberLeave",
            "LockConvo",
            "UnlockConvo",
            "LockConvoPermanently",
            "EditGroup",
            "CreateJoinLink",
            "EditJoinLink",
            "EnableJoinLink",
            "DisableJoinLink",
            "IncomingJoinRequest",
            "ApproveJoinRequest",
            "RejectJoinRequest",
            "OutgoingJoinRequest",
            "WithdrawJoinRequest",
        )
    },
}
REASONS = [name for name, becomes in EVENTS.items() if becomes == "touch" and not name.startswith("log")]


def post_in(event: str, given: Mapping[str, Any]) -> Inbound:
    """`indexedAt` is the server's moment; what a post says of its own time is anybody's guess."""
    record, person, uri = given["record"], given["author"], str(given["uri"])
    reply = record.get("reply") or {}
    embed = record.get("embed") or {}
    return Inbound(
        kind="bluesky",
        direction=Direction.IN,
        at=moment(given["indexedAt"]),
        once_key=f"bluesky:{uri}",
        external_id=uri,
        handles=(Handle("bluesky", str(person["did"])),),
        name=name_of(person),
        public=True,
        thread_key=str((reply.get("root") or {}).get("uri") or uri),
        references=(str(reply["parent"]["uri"]),) if reply.get("parent") else (),
        text=text_of(record.get("text")),
        files=tuple(pictures_in(embed, str(person["did"]))),
        attributes={
            "event": event,
            "handle": text_of(person.get("handle")),
            "link": f"https://bsky.app/profile/{person.get('handle')}/post/{uri.rpartition('/')[2]}",
            **({"quotes": given["reasonSubject"]} if event == "quote" and given.get("reasonSubject") else {}),
            **({"film": True} if "video" in (embed.get("media") or embed) else {}),
        },
    )


def message_in(event: str, given: Mapping[str, Any], own: str) -> Inbound:
    message = given["message"]
    sender = str(message["sender"]["did"])
    if sender == own:
        raise refuse("Bluesky", event, WE_DID)
    if "text" not in message:
        raise refuse("Bluesky", event, "the message was deleted before we saw it.")
    shared = ((message.get("embed") or {}).get("record") or {}).get("uri")
    return Inbound(
        kind="bluesky",
        direction=Direction.IN,
        at=moment(message["sentAt"]),
        once_key=f"bluesky:message:{given['convoId']}:{message['id']}",
        external_id=str(message["id"]),
        handles=(Handle("bluesky", sender),),
        name=name_of(profile(given, sender)),
        thread_key=f"bluesky:{sender}",
        text=text_of(message.get("text")),
        attributes={"event": event, **({"shared": shared} if shared else {})},
    )


def reaction_in(event: str, given: Mapping[str, Any], own: str) -> Inbound:
    message, reaction = given["message"], given["reaction"]
    who = str(reaction["sender"]["did"])
    if who == own:
        raise refuse("Bluesky", event, WE_DID)
    return Inbound(
        kind="bluesky",
        direction=Direction.EVENT,
        at=moment(reaction["createdAt"]),
        once_key=f"bluesky:reaction:{given['convoId']}:{given['rev']}",
        external_id=f"reaction:{given['convoId']}:{given['rev']}",
        handles=(Handle("bluesky", who),),
        name=name_of(profile(given, who)),
        thread_key=f"bluesky:{who}",
        references=(str(message["id"]),),
        text=text_of(reaction.get("value")),
        attributes={"event": event},
    )


def profile(given: Mapping[str, Any], did: str) -> Mapping[str, Any]:
    found = [each for each in given.get("relatedProfiles") or () if each.get("did") == did]
    return found[0] if found else {}


def name_of(person: Mapping[str, Any]) -> str:
    return text_of(person.get("displayName") or person.get("handle") or "")[:255]


def pictures_in(embed: Mapping[str, Any], did: str) -> list[File]:
    """A post with a quoted one holds its pictures one step deeper."""
    found = []
    for number, each in enumerate((embed.get("media") or embed).get("images") or (), start=1):
        image = each["image"]
        source = f"{did}/{image['ref']['$link']}"
        found.append(File(f"picture-{number}.jpg", "image/jpeg", int(image.get("size") or 0), number, source=source))
    return found
