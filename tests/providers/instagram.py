"""Instagram messaging, comments and mentions. Written from https://developers.facebook.com/docs/instagram-platform and
https://developers.facebook.com/docs/graph-api/webhooks/reference/instagram (v25.0)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from tests.providers.graph import PAGE, FakeGraph
from tests.providers.kit import Asked, Reply, Wrong
from threadline.channels.adapters.instagram import EVENTS, Instagram
from threadline.channels.contract import Hook, Piece

ANA, OWN = "5870000000000001", "17841405309211844"


class FakeInstagram(FakeGraph):
    adapter = Instagram
    address = "@harbourpine"
    settings: ClassVar[Mapping[str, object]] = {"account_id": OWN, "page_id": PAGE}
    person = ANA
    own = OWN
    object_kind = "instagram"

    def fits(self, text: str) -> bool:
        return len(text.encode()) <= 1000

    def more(self, asked: Asked) -> Reply:
        match asked.method, asked.path.strip("/").split("/"):
            case "GET", [own] if own == OWN and asked.query["fields"] == "id,username":
                return Reply(200, {"id": OWN, "username": "harbourpine"})
            case "GET", [own] if own == OWN and asked.query["fields"].startswith("mentioned_comment.comment_id(179)"):
                said = {"text": "@harbourpine it leaks", "media": {"permalink": "https://instagram.example/p/1"}}
                return Reply(200, {"mentioned_comment": said, "id": OWN})
            case "GET", [who] if asked.query["fields"] == "name,username":
                return Reply(200, {"username": "ana_k", "id": who})
            case "POST", [place, "replies"]:
                self.commented.append((place, asked.json))
                return Reply(200, {"id": self.accept(to=place, text=asked.json["message"])})
            case "POST", [own, "mentions"] if own == OWN:
                self.commented.append(("mentions", asked.json))
                return Reply(200, {"id": self.accept(to=asked.json["media_id"], text=asked.json["message"])})
        raise Wrong("no such resource")

    def told(self, external_id: str, state: str, *, key: str = "") -> Hook:
        return self.signed(self.messaging(self.item(read={"mid": external_id})))

    def examples(self) -> Mapping[str, Piece]:
        connector, found = self.connector(), {}
        for event in EVENTS:
            (found[event],) = connector.split(self.signed(self.example(event)))
        return found

    def example(self, event: str) -> dict[str, Any]:
        if event == "standby":
            return self.messaging(self.item(message={"mid": "m_1", "text": "Hello"}), name="standby")
        if event in ITEMS:
            return self.messaging(self.item(**ITEMS[event]))
        return self.changed(event, VALUES.get(event, {"media_id": "180"}))


def comment(**more: Any) -> dict[str, Any]:
    """A value of the field `comments`."""
    return {
        "id": "17900000000000001",
        "from": {"id": ANA, "username": "ana_k"},
        "media": {"id": "18000000000000001", "media_product_type": "FEED"},
        "text": "It leaks!",
        **more,
    }


ITEMS: dict[str, dict[str, Any]] = {
    "messages": {"message": {"mid": "m_1", "text": "The kettle leaks"}},
    "message_edit": {"message_edit": {"mid": "m_1", "text": "The pot leaks", "num_edit": 1}},
    "message_reactions": {"reaction": {"mid": "m_out1", "action": "react", "reaction": "love", "emoji": "❤"}},
    "messaging_seen": {"read": {"mid": "m_out1"}},
    "messaging_postbacks": {"postback": {"mid": "m_3", "title": "Where is my order?", "payload": "ORDER"}},
    "messaging_referral": {"referral": {"ref": "leaflet", "source": "IGME-SOURCE-LINK", "type": "OPEN_THREAD"}},
    "messaging_optins": {"optin": {"type": "notification_messages", "payload": "x"}},
    "messaging_handover": {"take_thread_control": {"previous_owner_app_id": "1", "metadata": ""}},
    "messaging_policy_enforcement": {"policy_enforcement": {"action": "warning", "reason": "…"}},
    "response_feedback": {"response_feedback": {"mid": "m_1", "feedback": "Good response"}},
}
VALUES: dict[str, Any] = {
    "comments": comment(),
    "live_comments": comment(id="17900000000000002"),
    "mentions": {"media_id": "180", "comment_id": "179"},
}
