"""What reviews share, whoever publishes them: newest first, changed later, answered once, with stars. No database."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from threadline.channels.contract import Broken, Fetched, Inbound, Piece
from threadline.channels.shapes import moment, text_of
from threadline.core.touch import Direction, Handle

OVERLAP = timedelta(days=2)  # a review may be shown only after somebody looked at it
KEPT, MOST_PAGES = 150, 40
MOST_STARS = 5


@dataclass(frozen=True, slots=True)
class Listed:
    """One review, or one version of it. `at` is when it was written or changed."""

    at: datetime
    piece: Piece


Page = Callable[
    [str], tuple[list[Listed], str]
]  # the next page's name -> what stands on it, newest first, and the next


def newer(page: Page, cursor: str) -> Fetched:
    """What was not there at the last look, oldest first. At the very first only where we stand is noted.

    The cursor holds a moment and marks of what is younger, so that one which is shown late is still seen.
    """
    place = json.loads(cursor) if cursor else {"from": (datetime.now(UTC) - OVERLAP).isoformat(), "seen": ""}
    since, seen = moment(place["from"]), set(place["seen"].split())
    here, whole = _down_to(page, since)
    fresh = [each.piece for each in reversed(here) if mark(each.piece.external_id) not in seen]
    after = _place(here, since)
    if not cursor:
        return Fetched(cursor=after)
    gap = "" if whole else f"More than {len(here):,} reviews at once: fetch what is missing from a date."
    return Fetched(tuple(fresh), after, gap=gap)


def _down_to(page: Page, since: datetime) -> tuple[list[Listed], bool]:
    """Everything younger than that, newest first; and whether that is all of it."""
    found: list[Listed] = []
    name = ""
    for _page in range(MOST_PAGES):
        here, name = page(name)
        young = [each for each in here if each.at >= since]
        found += young
        if len(young) < len(here) or not name:
            return found, True
    return found, False


def _place(here: list[Listed], since: datetime) -> str:
    ordered = sorted(here, key=lambda each: each.at, reverse=True)
    if ordered:
        since = max(since, ordered[0].at - OVERLAP)
    if len(ordered) > KEPT:
        since = max(since, ordered[KEPT - 1].at)
    marks = [mark(each.piece.external_id) for each in ordered[:KEPT] if each.at >= since]
    return json.dumps({"from": since.isoformat(), "seen": " ".join(marks)})


def mark(name: str) -> str:
    """Eight letters that stand for a name."""
    return urlsafe_b64encode(hashlib.sha256(name.encode()).digest()[:6]).decode()


def since(page: Page, begin: datetime, cursor: str) -> Fetched:
    """One page of everything since then, newest first."""
    here, name = page(cursor)
    kept = [each for each in here if each.at >= begin]
    return Fetched(tuple(each.piece for each in kept), name, more=bool(name) and len(kept) == len(here))


# ---- as a touch ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Review:
    """`number` is the provider's id of the review, `version` that of what they wrote now, the same if never changed."""

    number: str
    version: str
    at: datetime
    stars: object = None
    name: str = ""
    title: str = ""
    text: str = ""
    more: Mapping[str, object] | None = None
    device: Mapping[str, object] | None = None


def touch(found: Review, *, provider: str, place: str) -> Inbound:
    """`place` is what is reviewed: the same name at two places may be two people."""
    who = (Handle("reviewer", f"{place}:{found.name}".lower()[:320]),) if found.name else ()
    return Inbound(
        kind="review",
        direction=Direction.IN,
        at=found.at,
        once_key=f"review:{provider}:{place}:{found.version}",
        external_id=found.version,
        handles=who,
        name=found.name[:255],
        public=True,
        thread_key=f"review:{provider}:{found.number}",
        reply_address=found.number,
        references=(found.number,) if found.version != found.number else (),
        subject=found.title[:255],
        text=text_of(found.text),
        attributes={**stars(found.stars), **{name: value for name, value in (found.more or {}).items() if value}},
        device=found.device or {},
    )


def stars(given: object) -> dict[str, object]:
    """One to five, as the story shows them; no stars for anything else."""
    try:
        number = float(str(given))
    except ValueError:
        return {}
    if not 0 < number <= MOST_STARS:
        return {}
    return {"rating": int(number) if number == int(number) else number}


def kept(given: Mapping[str, Any], names: Iterable[str]) -> dict[str, object]:
    return {name: given[name] for name in names if given.get(name) not in (None, "")}


def needed(given: Mapping[str, Any], name: str) -> str:
    value = text_of(given.get(name)).strip()
    if not value:
        raise Broken(f"This review has no {name}.")
    return value
