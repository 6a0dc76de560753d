"""Google Business Profile's reviews. Written from https://developers.google.com/my-business/reference/rest/v4."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

import orjson

from tests.providers.kit import Asked, Fake, Reply, Wrong
from threadline.channels.adapters.google_business import EVENTS, GoogleBusiness
from threadline.channels.contract import Piece

PLACE = "accounts/1084/locations/5521"
SECRETS = {"client_secret": "GOCSPX-harbour-and-pine", "refresh_token": "1//04-harbour-refresh"}
CLIENT = "1084.apps.googleusercontent.com"


class TokensOfGoogle(Fake):
    """Tokens last an hour. After `expired` the next grant is refused, as when somebody took the permission back."""

    tokens = 0
    ended = False

    def own_settings(self) -> dict[str, object]:
        return {**super().own_settings(), "grant_url": f"{self.url}/token"}

    def answer(self, asked: Asked) -> Reply | None:
        """It misbehaves where it matters, not where tokens are made."""
        if asked.path == "/token":
            return self._served(asked)
        return super().answer(asked)

    def token(self, asked: Asked) -> Reply:
        self.check_grant(asked.form)
        if self.ended:
            self.ended = False
            return Reply(400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."})
        self.tokens += 1
        return Reply(200, {"access_token": f"ya29.{self.tokens}", "expires_in": 3599, "token_type": "Bearer"})

    @abstractmethod
    def check_grant(self, form: Mapping[str, str]) -> None:
        """Raise Wrong unless what asks for a token is what Google documents."""

    def signed_in(self, asked: Asked) -> bool:
        return asked.headers.get("authorization") == f"Bearer ya29.{self.tokens}"

    def expired(self) -> Reply:
        self.ended = True
        return unauthenticated()

    def slow_down(self) -> Reply:
        error = {"code": 429, "message": "Quota exceeded.", "status": "RESOURCE_EXHAUSTED"}
        return Reply(429, {"error": error}, headers={"Retry-After": "1"})

    def rejected(self) -> Reply:
        return Reply(400, {"error": {"code": 400, "message": "Invalid argument.", "status": "INVALID_ARGUMENT"}})


def unauthenticated() -> Reply:
    told = "Request had invalid authentication credentials."
    return Reply(401, {"error": {"code": 401, "message": told, "status": "UNAUTHENTICATED"}})


class FakeGoogleBusiness(TokensOfGoogle):
    adapter = GoogleBusiness
    address = PLACE
    settings: ClassVar[Mapping[str, object]] = {"client_id": CLIENT}
    secrets: ClassVar[Mapping[str, str]] = SECRETS
    person = "rev-1"
    page = 50

    def __init__(self) -> None:
        super().__init__()
        self.reviews: list[dict[str, Any]] = []
        self.reply_state = "PENDING"

    def check_grant(self, form: Mapping[str, str]) -> None:
        if form != {**SECRETS, "client_id": CLIENT, "grant_type": "refresh_token"}:
            raise Wrong(f"bad grant: {sorted(form)}")

    def serve(self, asked: Asked) -> Reply:
        if asked.path == "/token":
            return self.token(asked)
        if not self.signed_in(asked):
            return unauthenticated()
        if asked.path == f"/v4/{PLACE}/reviews" and asked.method == "GET":
            return self.listed(asked)
        begin, _slash, end = asked.path.removeprefix(f"/v4/{PLACE}/reviews/").partition("/")
        if asked.method == "PUT" and end == "reply":
            return self.replied(begin, asked.json["comment"])
        raise Wrong("no such resource")

    def listed(self, asked: Asked) -> Reply:
        size, begin = int(asked.query["pageSize"]), int(asked.query.get("pageToken", 0))
        if size > 50 or asked.query.get("orderBy", "updateTime desc") != "updateTime desc":
            raise Wrong("pages hold 50 reviews")
        size = min(size, self.page)
        found = sorted(self.reviews, key=lambda each: each["updateTime"], reverse=True)
        more = {"nextPageToken": str(begin + size)} if begin + size < len(found) else {}
        totals = {"averageRating": 4.2, "totalReviewCount": len(found)}
        return Reply(200, {"reviews": found[begin : begin + size], **totals, **more})

    def replied(self, review: str, comment: str) -> Reply:
        if len(comment.encode()) > 4096:
            raise Wrong("the comment is too long")
        at = self.accept(to=review, text=comment, key=f"{review}:{comment}")
        return Reply(200, {"comment": comment, "updateTime": at, "reviewReplyState": self.reply_state})

    def new_id(self, count: int) -> str:
        return f"2026-11-21T10:00:00.{900_000 + count}Z"

    def somebody(self, number: int) -> str:
        return f"rev-{number}"

    # ---- what comes from there

    def wrote(self, text: str, *, number: int, who: str = "Ana Koivu", at: datetime | None = None, **more: Any) -> None:
        self.reviews.append(review(text, number=number, who=who, at=at, **more))

    def examples(self) -> Mapping[str, Piece]:
        return {
            name: Piece(orjson.dumps({"event": name, "review": review("It leaks.", number=1, **changed(name))}))
            for name in EVENTS
        }


def changed(event: str) -> dict[str, str]:
    return {"updateTime": "2026-11-21T10:00:00Z"} if event == "UPDATED_REVIEW" else {}


def stamp(at: datetime | None) -> str:
    return (at or datetime.now(UTC)).isoformat().replace("+00:00", "Z")


def review(
    text: str, *, number: int, who: str = "Ana Koivu", at: datetime | None = None, **more: Any
) -> dict[str, Any]:
    person = (
        {"displayName": who, "isAnonymous": False} if who else {"displayName": "A Google user", "isAnonymous": True}
    )
    return {
        "name": f"{PLACE}/reviews/rev-{number}",
        "reviewId": f"rev-{number}",
        "reviewer": person,
        "starRating": "TWO",
        "comment": text,
        "createTime": stamp(at),
        "updateTime": stamp(at),
        **more,
    }
