"""Tripadvisor's Content API. Written from https://tripadvisor-content-api.readme.io/reference."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

import orjson

from tests.providers.kit import Asked, Fake, Reply, Wrong
from threadline.channels.adapters.tripadvisor import EVENTS, Tripadvisor
from threadline.channels.contract import Piece

KEY = "tripadvisor-content-key"


class FakeTripadvisor(Fake):
    adapter = Tripadvisor
    address = "188151"
    secrets: ClassVar[Mapping[str, str]] = {"api_secret": KEY}
    person = "987001"
    shows: ClassVar[int] = 5

    def __init__(self) -> None:
        super().__init__()
        self.reviews: list[dict[str, Any]] = []

    def serve(self, asked: Asked) -> Reply:
        if asked.query.get("key") != KEY:
            return self.expired()
        match asked.path:
            case "/api/v1/location/188151/details":
                return Reply(200, {"name": "Harbour & Pine", "rating": "4.0", "num_reviews": "31"})
            case "/api/v1/location/188151/reviews":
                found = sorted(self.reviews, key=lambda each: (each["published_date"], each["id"]), reverse=True)
                return Reply(200, {"data": found[: self.shows]})
        raise Wrong("no such resource")

    def expired(self) -> Reply:
        told = {"message": "User is not authorized to access this resource", "type": "UnauthorizedException"}
        return Reply(401, {"error": {**told, "code": 401}})

    # ---- what comes from there

    def wrote(self, text: str, *, number: int, who: str = "TravellerAna", at: datetime | None = None) -> None:
        self.reviews.append(review(text, number=number, who=who, at=at))

    def examples(self) -> Mapping[str, Piece]:
        return {name: Piece(orjson.dumps({"event": name, "item": review("It leaks.", number=1)})) for name in EVENTS}


def review(text: str, *, number: int, who: str = "TravellerAna", at: datetime | None = None) -> dict[str, Any]:
    return {
        "id": 987_000 + number,
        "lang": "en",
        "location_id": 188151,
        "published_date": (at or datetime.now(UTC)).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "rating": 2,
        "url": "https://www.tripadvisor.example/ShowUserReviews-r987001",
        "trip_type": "Couples",
        "travel_date": "2026-10-31",
        "text": text,
        "title": "Not again",
        "user": {"username": who, "user_location": {"name": "Turku, Finland"}},
    }
