"""Reviews of a place on Google Maps and Search, through Google Business Profile.

API: https://developers.google.com/my-business/reference/rest/v4/accounts.locations.reviews
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

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
from threadline.channels.google import TOKENS_AT, Google
from threadline.channels.reviews import Listed, Review, kept, needed
from threadline.channels.shapes import moment, object_in, packed, refuse, text_of

BASE = "https://mybusiness.googleapis.com"
PLACE = re.compile(r"accounts/[\w-]+/locations/[\w-]+")
STARS = {"ONE": 1, "TWO": 2, "THREE": 3, "FOUR": 4, "FIVE": 5, "STAR_RATING_UNSPECIFIED": None}
MOST_BYTES, AT_ONCE = 4096, 50
OF_THE_PLACE = "it is about the place on the map, not about what somebody said."
EVENTS = {
    "NEW_REVIEW": "touch",
    "UPDATED_REVIEW": "touch",
    "GOOGLE_UPDATE": OF_THE_PLACE,
    "NEW_CUSTOMER_MEDIA": "a picture without words; look at it in the profile.",
    "NEW_QUESTION": "Google closed its questions and answers.",
    "UPDATED_QUESTION": "Google closed its questions and answers.",
    "NEW_ANSWER": "Google closed its questions and answers.",
    "UPDATED_ANSWER": "Google closed its questions and answers.",
    "DUPLICATE_LOCATION": OF_THE_PLACE,
    "LOSS_OF_VOICE_OF_MERCHANT": OF_THE_PLACE,
    "VOICE_OF_MERCHANT_UPDATED": OF_THE_PLACE,
}
NOT_SHOWN = {"REJECTED": "Google does not show this answer"}


class GoogleBusiness(Adapter):
    """The reviews of one place. Each has one answer of ours: writing again replaces it.

    Because of that, an answer whose fate is unknown may go again: it makes no second one.
    """

    kind: ClassVar[str] = "review"
    provider: ClassVar[str] = "google"
    carrier: ClassVar[str] = _("Google Business Profile")
    scheme: ClassVar[str] = "reviewer"
    docs: ClassVar[str] = "https://developers.google.com/my-business/content/review-data"
    address: ClassVar[Address] = Address(_("Account and place"), "accounts/1084/locations/5521")
    form: ClassVar[tuple[Group, ...]] = (
        Group(
            _("The Google account"),
            _(
                "Make an OAuth client in the Google Cloud console, have the account that manages the profile agree to "
                "the scope business.manage, and enter what comes of it. Google must have granted the project access to "
                "the Business Profile APIs."
            ),
            (
                Setting("client_id", _("Client id"), needed=True),
                Setting("client_secret", _("Client secret"), kind="secret", needed=True),
                Setting("refresh_token", _("Refresh token"), kind="secret", needed=True),
            ),
        ),
        Group(_("Seldom needed"), "", (API_URL, TOKENS_AT), seldom=True),
    )
    limits: ClassVar[Limits] = Limits(max_chars=MOST_BYTES, rate=1, privacy="public")
    can: ClassVar[Abilities] = Abilities(public=True, private=False)
    events: ClassVar[Mapping[str, str]] = EVENTS
    idempotent: ClassVar[bool] = True
    polled_every: ClassVar[int] = 300

    @property
    def place(self) -> str:
        found = self.endpoint.address.strip("/")
        if not PLACE.fullmatch(found):
            raise Misconfigured(f"“{found}” names no place, such as accounts/1084/locations/5521. Correct the address.")
        return found

    @property
    def api(self) -> Google:
        return Google(self.endpoint, name="Google Business Profile", base=BASE, grant=self._grant)

    def _grant(self) -> dict[str, str]:
        names = ("client_id", "client_secret", "refresh_token")
        found = {name: self.endpoint.setting(name) for name in names}
        if not all(found.values()):
            raise Misconfigured("The channel lacks the client or the refresh token of Google. Enter them in Channels.")
        return {**found, "grant_type": "refresh_token"}

    # ---- coming in

    def fetch(self, cursor: str) -> Fetched:
        return reviews.newer(self._page, cursor)

    def history(self, since: datetime, cursor: str) -> Fetched:
        return reviews.since(self._page, since, cursor)

    def _page(self, name: str) -> tuple[list[Listed], str]:
        asked = {"pageSize": AT_ONCE, "orderBy": "updateTime desc", **({"pageToken": name} if name else {})}
        told = self.api.json("GET", f"/v4/{self.place}/reviews", params=asked)
        return [listed(each) for each in told.get("reviews") or ()], text_of(told.get("nextPageToken") or "")

    def parse(self, raw: Raw) -> Sequence[Inbound | Report]:
        given = object_in(raw.body)
        event = text_of(given.get("event"))
        becomes = EVENTS.get(event)
        if becomes is None:
            raise Broken(f"Google sent an event “{event}” that was not documented when this was written.")
        if becomes != "touch":
            raise refuse("Google", event, becomes)
        try:
            return [self._touch(event, given["review"])]
        except (KeyError, TypeError, AttributeError) as error:
            raise Broken(f"Google's “{event}” lacks what its documentation promises ({error!r}).") from error

    def _touch(self, event: str, given: Mapping[str, Any]) -> Inbound:
        person, media = given.get("reviewer") or {}, given.get("reviewMediaItems") or ()
        found = Review(
            number=needed(given, "reviewId"),
            version=version_of(given),
            at=moment(given["updateTime"]),
            stars=STARS.get(text_of(given.get("starRating"))),
            name="" if person.get("isAnonymous") else text_of(person.get("displayName") or ""),
            text=text_of(given.get("comment") or ""),
            more={
                "event": event,
                "edits": given["reviewId"] if event == "UPDATED_REVIEW" else "",
                "pictures": [text_of(each.get("thumbnailUrl") or "") for each in media],
                **kept(given, ["reviewReplyUrl"]),
            },
        )
        return reviews.touch(found, provider="google", place=self.endpoint.address)

    # ---- going out

    def send(self, message: Outbound) -> str:
        size = len(message.text.encode())
        if size > MOST_BYTES:
            raise Rejected(f"This answer has {size:,} bytes; Google takes {MOST_BYTES:,}. Shorten it.")
        path = f"/v4/{self.place}/reviews/{message.to}/reply"
        told = self.api.json("PUT", path, json={"comment": message.text})
        why = NOT_SHOWN.get(text_of(told.get("reviewReplyState")))
        if why:
            raise Rejected(f"{why}: {text_of(told.get('policyViolation') or 'it breaks its rules')}. Write it anew.")
        return f"{message.to}/reply@{told.get('updateTime')}"

    # ---- being set up

    def check(self) -> str:
        told = self.api.json("GET", f"/v4/{self.place}/reviews", params={"pageSize": 1})
        count, average = told.get("totalReviewCount") or 0, told.get("averageRating") or 0
        return f"The place has {count:,} reviews, {average:.1f} of 5 stars on average."


def listed(given: Mapping[str, Any]) -> Listed:
    event = "NEW_REVIEW" if given.get("updateTime") == given.get("createTime") else "UPDATED_REVIEW"
    body = packed({"event": event, "review": given})
    return Listed(moment(given.get("updateTime")), Piece(body, version_of(given)))


def version_of(given: Mapping[str, Any]) -> str:
    """A review that was changed is said anew, and keeps its name before the @."""
    number = text_of(given.get("reviewId"))
    return number if given.get("updateTime") == given.get("createTime") else f"{number}@{given.get('updateTime')}"
