"""Facebook pages and Messenger. Written from https://developers.facebook.com/docs/messenger-platform and
https://developers.facebook.com/docs/graph-api/webhooks/reference/page (v25.0)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from tests.providers.graph import PAGE, FakeGraph
from tests.providers.kit import Asked, Reply, Wrong
from threadline.channels.adapters.facebook import EVENTS, Facebook
from threadline.channels.contract import Hook, Piece

ANA = "7000000001"
POST = f"{PAGE}_901"


class FakeFacebook(FakeGraph):
    adapter = Facebook
    address = "fb.com/harbourpine"
    settings: ClassVar[Mapping[str, object]] = {"page_id": PAGE}
    person = ANA
    own = PAGE
    object_kind = "page"

    def __init__(self) -> None:
        super().__init__()
        self.read_at: dict[str, int] = {}

    def more(self, asked: Asked) -> Reply:
        match asked.method, asked.path.strip("/").split("/"):
            case "GET", ["me"]:
                return Reply(200, {"id": PAGE, "name": "Harbour & Pine"})
            case "GET", [who] if asked.query["fields"] == "first_name,last_name":
                return Reply(200, {"first_name": "Ana", "last_name": "Koivu", "id": who})
            case "POST", [place, "comments"]:
                self.commented.append((place, asked.json))
                return Reply(200, {"id": self.accept(to=place, text=asked.json["message"])})
        raise Wrong("no such resource")

    def told(self, external_id: str, state: str, *, key: str = "") -> Hook:
        stamp = self.read_at.setdefault(external_id, self.item()["timestamp"])  # told twice, it is the same receipt
        about = {"mids": [external_id]} if state == "delivered" else {}
        name = "delivery" if state == "delivered" else "read"
        return self.signed(self.messaging(self.item(**{name: {**about, "watermark": stamp}})))

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
        if event.startswith("feed."):
            return self.changed("feed", on_page(event.removeprefix("feed.")))
        if event == "mention":
            return self.changed("mention", on_page("comment", post_id="55_66"))
        return self.changed(event, {"verb": "update"})


def on_page(item: str = "comment", **more: Any) -> dict[str, Any]:
    """A value of the field `feed`."""
    comment = {"comment_id": "901_77", "parent_id": POST} if item == "comment" else {}
    return {
        "from": {"id": ANA, "name": "Ana Koivu"},
        "item": item,
        "verb": "add",
        "post_id": POST,
        "created_time": 1_790_000_000,
        "message": "It leaks!",
        **comment,
        **more,
    }


ITEMS: dict[str, dict[str, Any]] = {
    "messages": {"message": {"mid": "m_1", "text": "The kettle leaks"}},
    "message_echoes": {"message": {"mid": "m_2", "text": "From Meta's inbox", "is_echo": True, "app_id": 1}},
    "message_edits": {"message_edit": {"mid": "m_1", "text": "The pot leaks", "num_edit": 1}},
    "message_reactions": {"reaction": {"mid": "m_out1", "action": "react", "reaction": "love", "emoji": "❤"}},
    "message_deliveries": {"delivery": {"mids": ["m_out1"], "watermark": 1_790_000_000_000}},
    "message_reads": {"read": {"watermark": 1_790_000_000_000}},
    "messaging_postbacks": {"postback": {"mid": "m_3", "title": "Get started", "payload": "START"}},
    "messaging_referrals": {"referral": {"ref": "leaflet", "source": "SHORTLINK", "type": "OPEN_THREAD"}},
    "messaging_optins": {"optin": {"type": "notification_messages", "payload": "x"}},
    "messaging_account_linking": {"account_linking": {"status": "linked", "authorization_code": "x"}},
    "messaging_policy_enforcement": {"policy_enforcement": {"action": "warning", "reason": "…"}},
    "messaging_handovers": {"pass_thread_control": {"new_owner_app_id": "1", "metadata": ""}},
    "messaging_game_plays": {"game_play": {"game_id": "1", "player_id": ANA}},
    "messaging_feedback": {"messaging_feedback": {"feedback_screens": []}},
    "messaging_customer_information": {"messaging_customer_information": {"screens": []}},
    "response_feedback": {"response_feedback": {"mid": "m_1", "feedback": "Good response"}},
    "send_cart": {"order": {"products": []}},
}
