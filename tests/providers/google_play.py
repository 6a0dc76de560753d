"""Google Play's reviews. Written from https://developers.google.com/android-publisher/reply-to-reviews."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.providers.google_business import TokensOfGoogle, unauthenticated
from tests.providers.kit import Asked, Reply, Wrong
from threadline.channels.adapters.google_play import EVENTS, GooglePlay
from threadline.channels.contract import Piece

APP = "com.example.harbourpine"
ROBOT = "desk@harbourpine.iam.gserviceaccount.example"
PLACE = f"/androidpublisher/v3/applications/{APP}/reviews"


@cache
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def key_file() -> str:
    pem = key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return orjson.dumps({"client_email": ROBOT, "private_key": pem, "private_key_id": "k1"}).decode()


class FakeGooglePlay(TokensOfGoogle):
    adapter = GooglePlay
    address = APP
    person = "rev-1"

    def __init__(self) -> None:
        super().__init__()
        self.reviews: list[dict[str, Any]] = []

    @property
    def secrets(self) -> Mapping[str, str]:  # type: ignore[override]
        return {"service_account_secret": key_file()}

    def check_grant(self, form: Mapping[str, str]) -> None:
        if form["grant_type"] != "urn:ietf:params:oauth:grant-type:jwt-bearer":
            raise Wrong("bad grant")
        aud = "https://oauth2.googleapis.com/token"
        said = jwt.decode(form["assertion"], key().public_key(), algorithms=["RS256"], audience=aud)
        if said["iss"] != ROBOT or not said["scope"].endswith("/androidpublisher") or said["exp"] - said["iat"] > 3600:
            raise Wrong("bad assertion")

    def serve(self, asked: Asked) -> Reply:
        if asked.path == "/token":
            return self.token(asked)
        if not self.signed_in(asked):
            return unauthenticated()
        if asked.method == "GET" and asked.path == PLACE:
            begin, size = int(asked.query.get("token", 0)), min(int(asked.query["maxResults"]), 100)
            found = sorted(self.reviews, key=seconds, reverse=True)
            more = {"tokenPagination": {"nextPageToken": str(begin + size)}} if begin + size < len(found) else {}
            return Reply(200, {"reviews": found[begin : begin + size], **more})
        name, _colon, method = asked.path.removeprefix(f"{PLACE}/").partition(":")
        if asked.method != "POST" or method != "reply":
            raise Wrong("no such resource")
        text = asked.json["replyText"]
        if len(text) > 350:
            raise Wrong("the answer is too long")
        at = self.accept(to=name, text=text, key=f"{name}:{text}")
        return Reply(200, {"result": {"replyText": text, "lastEdited": {"seconds": at, "nanos": 0}}})

    def somebody(self, number: int) -> str:
        return f"rev-{number}"

    # ---- what comes from there

    def wrote(self, text: str, *, number: int, who: str = "Ana Koivu", at: datetime | None = None, **more: Any) -> None:
        self.reviews.append(review(text, number=number, who=who, at=at, **more))

    def examples(self) -> Mapping[str, Piece]:
        return {name: Piece(orjson.dumps({"event": name, "review": review("It leaks.", number=1)})) for name in EVENTS}


def seconds(review: Mapping[str, Any]) -> float:
    at = review["comments"][0]["userComment"]["lastModified"]
    return int(at["seconds"]) + int(at["nanos"]) / 1e9


def review(
    text: str, *, number: int, who: str = "Ana Koivu", at: datetime | None = None, **more: Any
) -> dict[str, Any]:
    moment = at or datetime.now(UTC)
    said = {
        "text": text,
        "lastModified": {"seconds": str(int(moment.timestamp())), "nanos": moment.microsecond * 1000},
        "starRating": 2,
        "reviewerLanguage": "en",
        "androidOsVersion": 35,
        "appVersionName": "4.1.0",
        "deviceMetadata": {"productName": "oriole (Pixel 6)", "manufacturer": "Google"},
        **more,
    }
    ours = {"developerComment": {"text": "Thank you.", "lastModified": said["lastModified"]}}
    return {"reviewId": f"rev-{number}", "authorName": who, "comments": [{"userComment": said}, ours]}
