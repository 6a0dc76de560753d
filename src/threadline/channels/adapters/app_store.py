"""Reviews of an app on Apple's App Store. API: https://developer.apple.com/documentation/appstoreconnectapi"""

import re
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

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
from threadline.channels.exchange import Exchange
from threadline.channels.reviews import Listed, Review, needed
from threadline.channels.shapes import moment, object_in, packed, refuse, text_of

BASE = "https://api.appstoreconnect.apple.com"
AUDIENCE, LASTS = "appstoreconnect-v1", 900  # seconds; Apple takes up to 20 minutes
MOST_CHARS, AT_ONCE = 5970, 100
EVENTS = {"customerReviews": "touch", "customerReviewResponses": "we wrote it ourselves."}
ARMOUR = re.compile(r"-----[A-Z ]+-----|\s")


class AppStore(Adapter):
    """The reviews of one app, in all countries. Each has one answer of ours: writing again replaces it.

    Apple shows an answer after up to a day. When somebody changes a review, it does not tell.
    """

    kind: ClassVar[str] = "review"
    provider: ClassVar[str] = "apple"
    carrier: ClassVar[str] = _("Apple App Store")
    scheme: ClassVar[str] = "reviewer"
    docs: ClassVar[str] = "https://developer.apple.com/documentation/appstoreconnectapi/customer-reviews"
    address: ClassVar[Address] = Address(_("The app's Apple ID, a number"), "682658836")
    form: ClassVar[tuple[Group, ...]] = (
        Group(
            _("The key"),
            _(
                "In App Store Connect under Users and Access, Integrations, make a team key with the role Customer "
                "Support. Its file can be downloaded once."
            ),
            (
                Setting("issuer_id", _("Issuer ID"), needed=True),
                Setting("key_id", _("Key ID"), needed=True),
                Setting("key_secret", _("The key file (.p8)"), kind="secret", needed=True),
            ),
        ),
        Group(_("Seldom needed"), "", (API_URL,), seldom=True),
    )
    limits: ClassVar[Limits] = Limits(max_chars=MOST_CHARS, rate=1, privacy="public")
    can: ClassVar[Abilities] = Abilities(public=True, private=False)
    events: ClassVar[Mapping[str, str]] = EVENTS
    idempotent: ClassVar[bool] = True
    polled_every: ClassVar[int] = 300

    @property
    def api(self) -> Exchange:
        headers = {"Authorization": f"Bearer {self._token()}"}
        return Exchange(self.endpoint, name="Apple", base=BASE, headers=headers)

    def _token(self) -> str:
        names = ("issuer_id", "key_id", "key_secret")
        issuer, key_id, secret = (self.endpoint.setting(name).strip() for name in names)
        if not (issuer and key_id and secret):
            raise Misconfigured("The channel lacks its key of App Store Connect. Enter it in Channels.")
        now = int(time.time())
        about = {"iss": issuer, "iat": now, "exp": now + LASTS, "aud": AUDIENCE}
        try:
            return jwt.encode(about, armoured(secret), algorithm="ES256", headers={"kid": key_id, "typ": "JWT"})
        except (ValueError, TypeError, jwt.PyJWTError) as error:
            raise Misconfigured("The key file (.p8) can not be read. Paste the whole of it in Channels.") from error

    # ---- coming in

    def fetch(self, cursor: str) -> Fetched:
        return reviews.newer(self._page, cursor)

    def history(self, since: datetime, cursor: str) -> Fetched:
        return reviews.since(self._page, since, cursor)

    def _page(self, name: str) -> tuple[list[Listed], str]:
        asked = {"sort": "-createdDate", "limit": AT_ONCE, **({"cursor": name} if name else {})}
        told = self.api.json("GET", f"/v1/apps/{self.endpoint.address}/customerReviews", params=asked)
        return [listed(each) for each in told.get("data") or ()], cursor_in(told)

    def parse(self, raw: Raw) -> Sequence[Inbound | Report]:
        given = object_in(raw.body)
        event = text_of(given.get("type"))
        becomes = EVENTS.get(event)
        if becomes is None:
            raise Broken(f"Apple sent a “{event}” that was not documented when this was written.")
        if becomes != "touch":
            raise refuse("Apple", event, becomes)
        try:
            said = given["attributes"]
            found = Review(
                number=needed(given, "id"),
                version=str(given["id"]),
                at=moment(said["createdDate"]),
                stars=said.get("rating"),
                name=text_of(said.get("reviewerNickname") or ""),
                title=text_of(said.get("title") or ""),
                text=text_of(said.get("body") or ""),
                more={"country": said.get("territory")},
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise Broken(f"Apple's “{event}” lacks what its documentation promises ({error!r}).") from error
        return [reviews.touch(found, provider="apple", place=self.endpoint.address)]

    # ---- going out

    def send(self, message: Outbound) -> str:
        if len(message.text) > MOST_CHARS:
            raise Rejected(f"Apple takes {MOST_CHARS:,} characters in an answer; this has {len(message.text):,}.")
        about = {"review": {"data": {"type": "customerReviews", "id": message.to}}}
        wanted = {"type": "customerReviewResponses", "attributes": {"responseBody": message.text}}
        told = self.api.json("POST", "/v1/customerReviewResponses", json={"data": {**wanted, "relationships": about}})
        return str(told["data"]["id"])

    # ---- being set up

    def check(self) -> str:
        told = self.api.json("GET", f"/v1/apps/{self.endpoint.address}", params={"fields[apps]": "name,bundleId"})
        found = (told.get("data") or {}).get("attributes") or {}
        return f"The app is “{found.get('name')}” ({found.get('bundleId')})."


def listed(given: Mapping[str, Any]) -> Listed:
    at = moment((given.get("attributes") or {}).get("createdDate"))
    return Listed(at, Piece(packed(given), text_of(given.get("id"))))


def cursor_in(told: Mapping[str, Any]) -> str:
    """Apple tells the next page as an address; its cursor is all that we take of it."""
    after = urlsplit(text_of((told.get("links") or {}).get("next") or ""))
    return dict(parse_qsl(after.query)).get("cursor", "")


def armoured(written: str) -> str:
    """The key as PEM, though a field of a form swallowed its line breaks."""
    body = ARMOUR.sub("", written)
    lines = "\n".join(body[place : place + 64] for place in range(0, len(body), 64))
    return f"-----BEGIN PRIVATE KEY-----\n{lines}\n-----END PRIVATE KEY-----\n"
