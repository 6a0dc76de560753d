"""Reviews of an app on Google Play. API: https://developers.google.com/android-publisher/reply-to-reviews"""

import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

import jwt

from threadline.channels import reviews
from threadline.channels.contract import (
    API_URL,
    Abilities,
    Adapter,
    Address,
    Broken,
    Fetched,
    Group,
    Inbound,
    Limits,
    Misconfigured,
    Outbound,
    Piece,
    Raw,
    Rejected,
    Report,
    Setting,
)
from threadline.channels.contract import words as _
from threadline.channels.google import TOKEN_URL, TOKENS_AT, Google
from threadline.channels.reviews import Listed, Review, kept, needed
from threadline.channels.shapes import object_in, packed, refuse, text_of

BASE = "https://androidpublisher.googleapis.com"
SCOPE = "https://www.googleapis.com/auth/androidpublisher"
MOST_CHARS, AT_ONCE, AN_HOUR = 350, 100, 3600
EVENTS = {"userComment": "touch", "developerComment": "we wrote it ourselves."}


class GooglePlay(Adapter):
    """The reviews with words of one app, of the last week. Each has one answer of ours: writing again replaces it."""

    kind: ClassVar[str] = "review"
    provider: ClassVar[str] = "play"
    carrier: ClassVar[str] = _("Google Play")
    scheme: ClassVar[str] = "reviewer"
    docs: ClassVar[str] = "https://developers.google.com/android-publisher/reply-to-reviews"
    address: ClassVar[Address] = Address(_("The app's package name"), "com.example.harbourpine")
    form: ClassVar[tuple[Group, ...]] = (
        Group(
            _("The service account"),
            _(
                "In the Google Cloud console, make a service account and a key of the type JSON; in the Play Console, "
                "allow that account to reply to reviews. Paste the whole file."
            ),
            (Setting("service_account_secret", _("Key file (JSON)"), kind="secret", needed=True),),
        ),
        Group(_("Seldom needed"), "", (API_URL, TOKENS_AT), seldom=True),
    )
    limits: ClassVar[Limits] = Limits(max_chars=MOST_CHARS, rate=1, privacy="public")
    can: ClassVar[Abilities] = Abilities(public=True, private=False)
    events: ClassVar[Mapping[str, str]] = EVENTS
    idempotent: ClassVar[bool] = True
    polled_every: ClassVar[int] = 300  # Google allows 200 looks an hour

    @property
    def place(self) -> str:
        return f"/androidpublisher/v3/applications/{self.endpoint.address}/reviews"

    @property
    def api(self) -> Google:
        return Google(self.endpoint, name="Google Play", base=BASE, grant=self._grant)

    def _grant(self) -> dict[str, str]:
        key, now = self._key_file(), int(time.time())
        about = {"iss": key["client_email"], "scope": SCOPE, "aud": TOKEN_URL, "iat": now, "exp": now + AN_HOUR}
        try:
            headers = {"kid": key.get("private_key_id", "")}
            assertion = jwt.encode(about, key["private_key"], algorithm="RS256", headers=headers)
        except (ValueError, TypeError, jwt.PyJWTError) as error:
            raise Misconfigured("The private key in the key file can not be read. Paste the file anew.") from error
        return {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}

    def _key_file(self) -> dict[str, str]:
        written = self.endpoint.setting("service_account_secret")
        if not written:
            raise Misconfigured("The channel has no key of a service account. Enter it in Channels.")
        try:
            found = json.loads(written)
            return {name: str(found[name]) for name in ("client_email", "private_key", "private_key_id")}
        except (ValueError, KeyError, TypeError) as error:
            raise Misconfigured("This is no key file of a service account (JSON). Paste the whole file.") from error

    # ---- coming in

    def fetch(self, cursor: str) -> Fetched:
        return reviews.newer(self._page, cursor)

    def history(self, since: datetime, cursor: str) -> Fetched:
        return reviews.since(self._page, since, cursor)

    def _page(self, name: str) -> tuple[list[Listed], str]:
        asked = {"maxResults": AT_ONCE, **({"token": name} if name else {})}
        told = self.api.json("GET", self.place, params=asked)
        after = (told.get("tokenPagination") or {}).get("nextPageToken")
        return [found for each in told.get("reviews") or () if (found := listed(each))], text_of(after or "")

    def parse(self, raw: Raw) -> Sequence[Inbound | Report]:
        given = object_in(raw.body)
        event = text_of(given.get("event"))
        becomes = EVENTS.get(event)
        if becomes is None:
            raise Broken(f"Google Play sent a comment “{event}” that was not documented when this was written.")
        if becomes != "touch":
            raise refuse("Google Play", event, becomes)
        try:
            return [self._touch(given["review"], said_in(given["review"]) or {})]
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise Broken(f"Google Play's “{event}” lacks what its documentation promises ({error!r}).") from error

    def _touch(self, given: Mapping[str, Any], said: Mapping[str, Any]) -> Inbound:
        title, tab, body = text_of(said.get("text") or "").partition("\t")
        device = said.get("deviceMetadata") or {}
        found = Review(
            number=needed(given, "reviewId"),
            version=version_of(given, said),
            at=at_of(said),
            stars=said.get("starRating"),
            name=text_of(given.get("authorName") or ""),
            title=title.strip() if tab else "",
            text=(body if tab else title).strip(),
            more={
                **kept(said, ["appVersionName", "appVersionCode", "originalText", "thumbsUpCount"]),
                "language": said.get("reviewerLanguage"),
            },
            device={
                **({"system": f"Android, SDK {said['androidOsVersion']}"} if said.get("androidOsVersion") else {}),
                **({"model": device.get("productName") or said.get("device")} if device or said.get("device") else {}),
            },
        )
        return reviews.touch(found, provider="play", place=self.endpoint.address)

    # ---- going out

    def send(self, message: Outbound) -> str:
        if len(message.text) > MOST_CHARS:
            raise Rejected(f"Google Play takes {MOST_CHARS} characters in an answer; this has {len(message.text)}.")
        told = self.api.json("POST", f"{self.place}/{message.to}:reply", json={"replyText": message.text})
        at = (told.get("result") or {}).get("lastEdited") or {}
        return f"{message.to}:reply@{at.get('seconds', '')}"

    # ---- being set up

    def check(self) -> str:
        self.api.json("GET", self.place, params={"maxResults": 1})
        return f"{self._key_file()['client_email']} may read the reviews of {self.endpoint.address}."


def said_in(review: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What the person says now; Google keeps one comment of theirs and one of ours."""
    return next((each["userComment"] for each in review.get("comments") or () if each.get("userComment")), None)


def listed(given: Mapping[str, Any]) -> Listed | None:
    said = said_in(given)
    if said is None:
        return None
    return Listed(at_of(said), Piece(packed({"event": "userComment", "review": given}), version_of(given, said)))


def at_of(said: Mapping[str, Any]) -> datetime:
    at = said["lastModified"]
    return datetime.fromtimestamp(int(at["seconds"]) + int(at.get("nanos") or 0) / 1e9, UTC)


def version_of(given: Mapping[str, Any], said: Mapping[str, Any]) -> str:
    """Google does not say whether a comment was changed, so its moment is part of the name."""
    return f"{given.get('reviewId')}@{(said.get('lastModified') or {}).get('seconds')}"
