"""What happens in Matrix rooms, in the common form. No network. https://spec.matrix.org/latest/client-server-api/"""

from collections.abc import Mapping
from typing import Any, Literal

from threadline.channels.contract import File, Inbound, Raw, Report
from threadline.channels.shapes import moment, refuse, text_of
from threadline.core.touch import Direction, Handle

MESSAGE = "m.room.message"
NO_CALLS, DEVICES = "we take no calls here.", "it is between devices."
ROOM, ACCOUNT = "it is about the room.", "it is about our own account."
NOTHING_SAID = "nobody says anything with it."
SEALED = (
    "(An encrypted message, which only apps that have the keys can read. Ask for a room without encryption, or answer "
    "another way.)"
)
SAYING = ("text", "emote", "notice", "image", "file", "audio", "video", "location")
TYPES = {"m.image": "image/jpeg", "m.audio": "audio/mpeg", "m.video": "video/mp4", "m.sticker": "image/png"}
EVENTS = {
    **{f"{MESSAGE} m.{kind}": "touch" for kind in SAYING},
    f"{MESSAGE} m.server_notice": "the server says it, not a customer.",
    f"{MESSAGE} m.key.verification.request": DEVICES,
    **dict.fromkeys(("m.sticker", "m.reaction", "m.room.encrypted", "m.room.redaction", "m.room.member"), "touch"),
    "m.receipt": "report",
    "m.typing": NOTHING_SAID,
    **{
        f"m.call.{what}": NO_CALLS
        for what in (
            "answer",
            "candidates",
            "hangup",
            "invite",
            "negotiate",
            "reject",
            "sdp_stream_metadata_changed",
            "select_answer",
        )
    },
    **{
        f"m.room.{what}": ROOM
        for what in (
            "avatar",
            "canonical_alias",
            "create",
            "encryption",
            "guest_access",
            "history_visibility",
            "image_pack",
            "join_rules",
            "name",
            "pinned_events",
            "policy",
            "power_levels",
            "server_acl",
            "third_party_invite",
            "tombstone",
            "topic",
        )
    },
    **{f"m.policy.rule.{what}": ROOM for what in ("room", "server", "user")},
    **dict.fromkeys(("m.space.child", "m.space.parent"), ROOM),
    **{
        f"m.key.verification.{what}": DEVICES
        for what in ("accept", "cancel", "done", "key", "mac", "ready", "request", "start")
    },
    **dict.fromkeys(
        (
            "m.dummy",
            "m.forwarded_room_key",
            "m.room_key",
            "m.room_key.withheld",
            "m.room_key_bundle",
            "m.room_key_request",
            "m.secret.request",
            "m.secret.send",
        ),
        DEVICES,
    ),
    **dict.fromkeys(
        (
            "m.accepted_terms",
            "m.direct",
            "m.fully_read",
            "m.identity_server",
            "m.ignored_user_list",
            "m.image_pack.rooms",
            "m.invite_permission_config",
            "m.key_backup",
            "m.marked_unread",
            "m.media_preview_config",
            "m.presence",
            "m.push_rules",
            "m.recent_emoji",
            "m.tag",
        ),
        ACCOUNT,
    ),
}
IN_ROOMS = (MESSAGE, "m.sticker", "m.reaction", "m.room.encrypted", "m.room.redaction", "m.room.member")


def name_of(event: Mapping[str, Any]) -> str:
    """As the specification names it, nearly: `m.room.message m.image`."""
    kind, content = text_of(event.get("type") or ""), event.get("content")
    if kind != MESSAGE or not isinstance(content, Mapping) or "msgtype" not in content:
        return kind
    return f"{kind} {content['msgtype']}"


def touch_in(name: str, event: Mapping[str, Any], given: Mapping[str, Any], own: str, raw: Raw) -> Inbound:
    """`given` is the piece: the event, its room, the name of who sent it and how many are in the room."""
    if name == "m.room.member":
        return member_in(event, given, raw)
    content, number, sender = event["content"], str(event["event_id"]), str(event["sender"])
    relation = content.get("m.relates_to") or {}
    edits = str(relation["event_id"]) if relation.get("rel_type") == "m.replace" else ""
    said = (content.get("m.new_content") or {}) if edits else content
    about = about_of(name, event, relation)
    happened = bool(edits) or name in ("m.reaction", "m.room.redaction")
    return Inbound(
        kind="matrix",
        direction=Direction.EVENT if happened else Direction.OUT if sender == own else Direction.IN,
        at=moment(event["origin_server_ts"], received=raw),
        once_key=f"matrix:{number}",
        external_id=number,
        handles=(Handle("matrix", sender),) if sender != own else (),
        name=text_of(given.get("name") or "")[:255],
        thread_key=f"room:{given['room']}",
        reply_address=str(given["room"]),
        references=(about,) if about else (),
        text=words_in(name, said, bool(about)),
        files=files_in(name, said),
        automatic="A program says so, not a person." if name.endswith(" m.notice") else "",
        attributes={
            "event": name,
            **({"edits": edits} if edits else {}),
            **({"takes_back": about} if name == "m.room.redaction" else {}),
            **({"location": {"uri": text_of(said["geo_uri"])}} if said.get("geo_uri") else {}),
        },
    )


def about_of(name: str, event: Mapping[str, Any], relation: Mapping[str, Any]) -> str:
    """The event that this one answers, changes, or takes back."""
    if name == "m.room.redaction":
        return str(event.get("redacts") or event["content"].get("redacts") or "")
    answered = (relation.get("m.in_reply_to") or {}).get("event_id")
    return str(answered or relation.get("event_id") or "")


def member_in(event: Mapping[str, Any], given: Mapping[str, Any], raw: Raw) -> Inbound:
    """Somebody came or went. Where nobody is left but us, writing reaches nobody."""
    who, state = str(event["state_key"]), event["content"]["membership"]
    before = ((event.get("unsigned") or {}).get("prev_content") or {}).get("membership")
    if state == before or state not in ("join", "leave", "ban"):
        raise refuse("Matrix", "m.room.member", "nobody came or went.")
    consent: Literal["", "out", "in"] = "in" if state == "join" else "out" if given.get("members") == 1 else ""
    number = str(event["event_id"])
    return Inbound(
        kind="matrix",
        direction=Direction.EVENT,
        at=moment(event["origin_server_ts"], received=raw),
        once_key=f"matrix:{number}",
        external_id=number,
        handles=(Handle("matrix", who),),
        name=text_of(event["content"].get("displayname") or given.get("name") or "")[:255],
        thread_key=f"room:{given['room']}",
        reply_address=str(given["room"]),
        text="Came into the room" if state == "join" else "Left the room",
        attributes={"event": "m.room.member"},
        consent=consent,
    )


def receipt_in(event: Mapping[str, Any], given: Mapping[str, Any], raw: Raw) -> Report:
    """Somebody read up to one event. The piece holds exactly one event and one person."""
    ((number, kinds),) = event["content"].items()
    ((who, about),) = kinds["m.read"].items()
    at = moment(about.get("ts"), received=raw)
    return Report(
        state="read",
        at=at,
        once_key=f"matrix:read:{number}:{who}",
        external_id=str(number),
        thread_key=f"room:{given['room']}",
        until=at,
        proof={"event": "m.receipt", "read_by": who, "at": at.isoformat(), "event_id": number},
    )


def words_in(name: str, said: Mapping[str, Any], answers: bool) -> str:
    if name == "m.room.encrypted":
        return SEALED
    if name == "m.reaction":
        return text_of((said.get("m.relates_to") or {}).get("key"))
    if name == "m.room.redaction":
        why = text_of(said.get("reason") or "")
        return f"(Took something back: {why})" if why else "(Took something back)"
    body = text_of(said.get("body") or "")
    if name.endswith((" m.image", " m.file", " m.audio", " m.video")) and said.get("filename", body) == body:
        return ""  # the name of the file, no caption
    return without_quote(body) if answers else body


def without_quote(body: str) -> str:
    """Older apps put what is answered before the answer, in lines that begin with “> ”."""
    if not body.startswith("> "):
        return body
    quote, found, rest = body.partition("\n\n")
    return rest if found and all(line.startswith(">") for line in quote.split("\n")) else body


def files_in(name: str, said: Mapping[str, Any]) -> tuple[File, ...]:
    address = text_of(said.get("url") or "")
    if not address.startswith("mxc://"):
        return ()
    about, kind = said.get("info") or {}, name.partition(" ")[2] or name
    content_type = text_of(about.get("mimetype") or TYPES.get(kind, "application/octet-stream")).partition(";")[0]
    title = text_of(said.get("filename") or said.get("body") or kind)[:255]
    return (File(title, content_type, int(about.get("size") or 0), 1, source=address),)
