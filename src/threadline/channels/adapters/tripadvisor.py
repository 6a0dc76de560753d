"""Reviews of a place on Tripadvisor, to read. API: https://tripadvisor-content-api.readme.io/reference/overview"""

from collections.abc import Mapping, Sequence
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
    Piece,
    Raw,
    Report,
    Setting,
)
from threadline.channels.contract import words as _
from threadline.channels.exchange import Exchange
from threadline.channels.reviews import Listed, Review, kept, needed
from threadline.channels.shapes import moment, object_in, packed, refuse, text_of

BASE = "https://api.content.tripadvisor.com"
EVENTS = {"review": "touch", "owner_response": "we wrote it ourselves."}


class Tripadvisor(Adapter):
    """The newest reviews of one place. Tripadvisor shows five, and takes answers in its own Management Centre only."""

    kind: ClassVar[str] = "review"
    provider: ClassVar[str] = "tripadvisor"
    carrier: ClassVar[str] = _("Tripadvisor")
    scheme: ClassVar[str] = "reviewer"
    docs: ClassVar[str] = "https://tripadvisor-content-api.readme.io/reference/getlocationreviews"
    address: ClassVar[Address] = Address(_("The place's number (location id)"), "188151")
    form: ClassVar[tuple[Group, ...]] = (
        Group(
            _("The key"),
            _("Of the Content API. Answers are written at Tripadvisor; a link leads there."),
            (
                Setting("api_secret", _("API key"), kind="secret", needed=True),
                Setting("language", _("Language"), _("Two letters; Tripadvisor shows one at a time."), usual="en"),
            ),
        ),
        Group(_("Seldom needed"), "", (API_URL,), seldom=True),
    )
    limits: ClassVar[Limits] = Limits(privacy="public")
    can: ClassVar[Abilities] = Abilities(public=True, private=False)
    events: ClassVar[Mapping[str, str]] = EVENTS
    polled_every: ClassVar[int] = 1800

    def ask(self, path: str) -> dict[str, Any]:
        key = self.endpoint.setting("api_secret")
        if not key:
            raise Misconfigured("The channel has no key of Tripadvisor's Content API. Enter it in Channels.")
        asked = {"key": key, "language": self.endpoint.setting("language", "en")}
        exchange = Exchange(self.endpoint, name="Tripadvisor", base=BASE)
        return exchange.json("GET", f"/api/v1/location/{self.endpoint.address}{path}", params=asked)

    def fetch(self, cursor: str) -> Fetched:
        return reviews.newer(self._page, cursor)

    def _page(self, name: str) -> tuple[list[Listed], str]:
        found = [listed(each) for each in self.ask("/reviews").get("data") or ()]
        return sorted(found, key=lambda each: each.at, reverse=True), ""

    def parse(self, raw: Raw) -> Sequence[Inbound | Report]:
        given = object_in(raw.body)
        event = text_of(given.get("event"))
        becomes = EVENTS.get(event)
        if becomes is None:
            raise Broken(f"Tripadvisor sent a “{event}” that was not documented when this was written.")
        if becomes != "touch":
            raise refuse("Tripadvisor", event, becomes)
        try:
            said = given["item"]
            number = needed(said, "id")
            person = said.get("user") or {}
            found = Review(
                number=number,
                version=number,
                at=moment(said["published_date"]),
                stars=said.get("rating"),
                name=text_of(person.get("username") or ""),
                title=text_of(said.get("title") or ""),
                text=text_of(said.get("text") or ""),
                more={
                    **kept(said, ["trip_type", "travel_date", "lang"]),
                    "link": said.get("url"),
                    "town": (person.get("user_location") or {}).get("name"),
                },
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise Broken(f"Tripadvisor's “{event}” lacks what its documentation promises ({error!r}).") from error
        return [reviews.touch(found, provider="tripadvisor", place=self.endpoint.address)]

    def check(self) -> str:
        told = self.ask("/details")
        return f"The place is “{told.get('name')}”, {told.get('rating')} of 5 with {told.get('num_reviews')} reviews."


def listed(given: Mapping[str, Any]) -> Listed:
    return Listed(
        moment(given.get("published_date")), Piece(packed({"event": "review", "item": given}), text_of(given.get("id")))
    )
