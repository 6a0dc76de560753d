"""The videos of a story, and the bytes of one."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Max, QuerySet

from threadline.journeys.models import Journey
from threadline.lib.prepared import prepared
from threadline.lib.ranges import Read
from threadline.portal.actions.filming import touch_of
from threadline.portal.models import Film

MOST = 20


@dataclass(frozen=True, slots=True)
class Made:
    """A video of this story. `state`: draft, out, over or withdrawn."""

    film: Film
    state: str
    views: int
    viewed_at: datetime | None


def made_in(journey: Journey, *, now: datetime) -> list[Made]:
    """Newest first. Cost: one plain query when there are none, which is usual."""
    if not _any_in(journey.pk):
        return []
    films = Film.objects.filter(journey=journey.pk).select_related("upload", "by").defer("upload__data")
    counted = films.annotate(views=Count("viewings"), viewed_at=Max("viewings__at")).order_by("-pk")[:MOST]
    return [Made(film, state_of(film, now), film.views, film.viewed_at) for film in counted]


@prepared
def _any_in(journey: int) -> QuerySet[Film, int]:
    return Film.objects.filter(journey=journey).values_list("pk", flat=True)[:1]


def state_of(film: Film, now: datetime) -> str:
    if film.withdrawn_at is not None:
        return "withdrawn"
    if film.is_over(now):
        return "over"
    return "out" if touch_of(film) is not None else "draft"


def reader(upload: int) -> Read:
    """Reads parts of an upload without loading the rest of it."""

    def read(start: int, length: int) -> bytes:
        with connection.cursor() as cursor:
            cursor.execute(
                "select substring(data from %s for %s) from interactions_upload where id = %s",
                [start + 1, length, upload],
            )
            row = cursor.fetchone()
        return bytes(row[0]) if row else b""

    return read
