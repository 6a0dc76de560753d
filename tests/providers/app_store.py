"""App Store Connect's customer reviews. Written from https://developer.apple.com/documentation/appstoreconnectapi."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.providers.kit import Asked, Fake, Reply, Wrong
from threadline.channels.adapters.app_store import EVENTS, AppStore
from threadline.channels.contract import Piece

APP, ISSUER, KEY_ID = "682658836", "57246542-96fe-1a63-e053-0824d011072a", "2X9R4HXF34"
KEY = ec.generate_private_key(ec.SECP256R1())
P8 = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


class FakeAppStore(Fake):
    adapter = AppStore
    address = APP
    settings: ClassVar[Mapping[str, object]] = {"issuer_id": ISSUER, "key_id": KEY_ID}
    secrets: ClassVar[Mapping[str, str]] = {"key_secret": P8}
    person = "rev-1"

    def __init__(self) -> None:
        super().__init__()
        self.reviews: list[dict[str, Any]] = []

    def serve(self, asked: Asked) -> Reply:
        self.check_token(asked.headers["authorization"].removeprefix("Bearer "))
        match asked.method, asked.path:
            case "GET", "/v1/apps/682658836":
                return Reply(200, {"data": {"attributes": {"name": "Harbour & Pine", "bundleId": "com.example.hp"}}})
            case "GET", "/v1/apps/682658836/customerReviews":
                return self.listed(asked)
            case "POST", "/v1/customerReviewResponses":
                return self.replied(asked.json["data"])
        raise Wrong("no such resource")

    def check_token(self, token: str) -> None:
        head = jwt.get_unverified_header(token)
        said = jwt.decode(token, KEY.public_key(), algorithms=["ES256"], audience="appstoreconnect-v1")
        if (head["kid"], head["typ"], said["iss"]) != (KEY_ID, "JWT", ISSUER) or said["exp"] - said["iat"] > 1200:
            raise Wrong("bad token")

    def listed(self, asked: Asked) -> Reply:
        begin, size = int(asked.query.get("cursor", "at 0").split()[1]), int(asked.query["limit"])
        if size > 200 or asked.query["sort"] != "-createdDate":
            raise Wrong("bad page")
        found = sorted(self.reviews, key=lambda each: each["attributes"]["createdDate"], reverse=True)
        own = f"{self.url}{asked.path}?limit={size}"
        more = {"next": f"{own}&cursor=at%20{begin + size}"} if begin + size < len(found) else {}
        return Reply(200, {"data": found[begin : begin + size], "links": {"self": own, **more}})

    def replied(self, data: Mapping[str, Any]) -> Reply:
        body, about = data["attributes"]["responseBody"], data["relationships"]["review"]["data"]
        if data["type"] != "customerReviewResponses" or about["type"] != "customerReviews" or len(body) > 5970:
            raise Wrong("bad response")
        number = self.accept(to=about["id"], text=body, key=f"{about['id']}:{body}")
        told = {"responseBody": body, "lastModifiedDate": "2026-11-21T10:00:00Z", "state": "PENDING_PUBLISH"}
        return Reply(201, {"data": {"type": data["type"], "id": number, "attributes": told}})

    def expired(self) -> Reply:
        return Reply(401, problem("NOT_AUTHORIZED", "Provide a properly configured and signed bearer token."))

    def slow_down(self) -> Reply:
        return Reply(429, problem("RATE_LIMIT_EXCEEDED", "The request rate limit has been reached."), headers=LATER)

    def rejected(self) -> Reply:
        return Reply(409, problem("ENTITY_ERROR", "The response body is invalid."))

    def somebody(self, number: int) -> str:
        return f"rev-{number}"

    # ---- what comes from there

    def wrote(self, text: str, *, number: int, who: str = "Anne K", at: datetime | None = None, **more: Any) -> None:
        self.reviews.append(review(text, number=number, who=who, at=at, **more))

    def examples(self) -> Mapping[str, Piece]:
        return {name: Piece(orjson.dumps({**review("It leaks.", number=1), "type": name})) for name in EVENTS}


LATER = {"Retry-After": "1"}


def problem(code: str, detail: str) -> dict[str, Any]:
    return {"errors": [{"status": "400", "code": code, "title": detail, "detail": detail}]}


def review(text: str, *, number: int, who: str = "Anne K", at: datetime | None = None, **more: Any) -> dict[str, Any]:
    said = {
        "rating": 2,
        "title": "Not again",
        "body": text,
        "reviewerNickname": who,
        "createdDate": (at or datetime.now(UTC)).isoformat(),
        "territory": "GBR",
        **more,
    }
    return {"type": "customerReviews", "id": f"rev-{number}", "attributes": said}
