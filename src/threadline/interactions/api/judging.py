"""Reading requests: each object in a body gets its verdict before anything is written."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from threadline.channels.models import Channel
from threadline.interactions.api.answering import refuse
from threadline.interactions.endpoints import Endpoints, UnknownEndpoint
from threadline.interactions.objects import Judged, judge

MOST_AT_ONCE = 1000
FRESH_SECONDS = 2.0


def judged(body: bytes) -> list[Judged]:
    items, look = listed(decoded(body)), Look(channels.current())
    try:
        return [judge(item, find=look.find) for item in items]
    except RecursionError:
        refuse(400, "The JSON is nested hundreds of levels deep, so nothing was taken. Send flatter objects.")


def decoded(body: bytes) -> Any:
    """The JSON value. What the fast reader refuses, such as half a surrogate pair in one text, the patient one may
    still read, so that one odd item does not cost its whole batch."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        first = error
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        refuse(400, f"The body is no JSON: {first}. Nothing was taken. Mend it and send it again.")


def listed(given: Any) -> Sequence[Any]:
    """One object, or those of {"interactions": […]}, or a bare list."""
    items = given.get("interactions", [given]) if isinstance(given, Mapping) else given
    if not isinstance(items, list):
        refuse(400, "Send one object, or {“interactions”: […]} with a list of objects. Nothing was taken.")
    if len(items) > MOST_AT_ONCE:
        refuse(413, f"{len(items):,} interactions in one request. Send at most {MOST_AT_ONCE:,}. Nothing was taken.")
    if not items:
        refuse(400, "The list of interactions is empty. Send at least one.")
    return items


@dataclass(slots=True)
class Channels:
    """Our channels, kept for a moment, so that a request costs no query for them."""

    endpoints: Endpoints = field(default_factory=Endpoints)
    until: float = 0.0

    def current(self) -> Endpoints:
        return self.endpoints if time.monotonic() < self.until else self.renewed()

    def renewed(self) -> Endpoints:
        self.endpoints, self.until = Endpoints.load(), time.monotonic() + FRESH_SECONDS
        return self.endpoints


channels = Channels()


@dataclass(slots=True)
class Look:
    """Finds the channels of one request. An endpoint that is not there is looked for once more in the database."""

    endpoints: Endpoints
    fresh: bool = False

    def find(self, given: Mapping[str, object]) -> Channel:
        try:
            return self.endpoints.find(given)
        except UnknownEndpoint:
            if self.fresh:
                raise
        self.endpoints, self.fresh = channels.renewed(), True
        return self.endpoints.find(given)
