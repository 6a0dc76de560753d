"""What stands in the items of Messenger and Instagram: kinds, words, files. No network, no secrets.

https://developers.facebook.com/docs/messenger-platform/reference/webhook-events
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from threadline.channels.contract import File, Piece
from threadline.channels.shapes import packed, text_of

TYPES = {
    "image": "image/jpeg",
    "video": "video/mp4",
    "audio": "audio/mpeg",
    "ig_reel": "video/mp4",
    "reel": "video/mp4",
}
FILES = (*TYPES, "file", "story_mention")
KINDS = {
    "message_edit": "message_edits",
    "message": "messages",
    "reaction": "message_reactions",
    "delivery": "message_deliveries",
    "read": "message_reads",
    "postback": "messaging_postbacks",
    "optin": "messaging_optins",
    "referral": "messaging_referrals",
    "account_linking": "messaging_account_linking",
    "policy_enforcement": "messaging_policy_enforcement",
    "policy-enforcement": "messaging_policy_enforcement",
    "app_roles": "messaging_handovers",
    "pass_thread_control": "messaging_handovers",
    "take_thread_control": "messaging_handovers",
    "request_thread_control": "messaging_handovers",
    "game_play": "messaging_game_plays",
    "messaging_feedback": "messaging_feedback",
    "messaging_customer_information": "messaging_customer_information",
    "response_feedback": "response_feedback",
    "order": "send_cart",
}


def one_by_one(item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A receipt may name several messages."""
    mids = (item.get("delivery") or {}).get("mids") or ()
    if len(mids) < 2:
        yield item
        return
    for mid in mids:
        yield {**item, "delivery": {**item["delivery"], "mids": [mid]}}


def piece(event: str, item: object, entry: Mapping[str, Any]) -> Piece:
    about = item if isinstance(item, Mapping) else {}
    said = about.get("message") if isinstance(about.get("message"), Mapping) else {}
    number = (said or {}).get("mid") or about.get("comment_id") or about.get("id") or ""
    told = {"event": event, "for": str(entry.get("id") or ""), "time": entry.get("time"), "item": item}
    return Piece(packed(told), str(number))


def words_in(said: Mapping[str, Any], network: str) -> str:
    if said.get("is_unsupported"):
        return f"(A message of a kind that {network} does not hand on.)"
    lines = [text_of(said.get("text") or "")]
    for each in said.get("attachments") or ():
        given = each.get("payload") or {}
        if each.get("type") not in FILES:
            lines += [text_of(given.get("title") or each.get("title") or ""), text_of(given.get("url") or "")]
    return "\n".join(dict.fromkeys(line for line in lines if line))


def files_in(said: Mapping[str, Any]) -> tuple[File, ...]:
    found: list[File] = []
    for each in said.get("attachments") or ():
        kind, address = text_of(each.get("type")), text_of((each.get("payload") or {}).get("url") or "")
        if kind in FILES and address:
            name = urlsplit(address).path.rpartition("/")[2][:120] or kind
            found.append(File(name, TYPES.get(kind, "application/octet-stream"), 0, len(found) + 1, source=address))
    return tuple(found)


def beside(said: Mapping[str, Any]) -> dict[str, object]:
    found: dict[str, object] = {}
    story = (said.get("reply_to") or {}).get("story")
    if story:
        found["story"] = dict(story)
    if said.get("referral"):
        found["referral"] = dict(said["referral"])
    if said.get("quick_reply"):
        found["chosen"] = text_of(said["quick_reply"].get("payload"))
    if said.get("payload"):
        found["chosen"] = text_of(said["payload"])
    return found


def attachment_of(content_type: str, address: str) -> dict[str, Any]:
    """Meta fetches it from us, within a minute or so."""
    kind = content_type.partition("/")[0]
    return {"type": kind if kind in ("image", "video", "audio") else "file", "payload": {"url": address}}
