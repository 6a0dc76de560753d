"""Who looks at a story and who writes in it, told live. Nothing of it is an Event: it is true for a minute only."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from threadline.accounts.events import whisper
from threadline.accounts.models import Agent
from threadline.journeys.actions.ruling import restricted_team
from threadline.journeys.models import Journey, Onlooker
from threadline.journeys.notices.seeing import saw
from threadline.lib.jobs import job, periodic

HERE = timedelta(seconds=50)  # a screen says twice in this time that somebody looks at it
WRITING = timedelta(seconds=8)

# One statement, so that two screens of one agent can not meet. It returns what was known before.
ARRIVE = """
    with before as (
        select seen_at, wrote_at from journeys_onlooker where journey_id = %(journey)s and agent_id = %(agent)s
    )
    insert into journeys_onlooker as known (journey_id, agent_id, seen_at, wrote_at)
    values (%(journey)s, %(agent)s, %(now)s, %(wrote)s)
    on conflict (journey_id, agent_id)
    do update set seen_at = excluded.seen_at, wrote_at = coalesce(excluded.wrote_at, known.wrote_at)
    returning (select seen_at from before), (select wrote_at from before)
"""


@transaction.atomic(savepoint=False)
def here(*, journey: Journey, by: Agent, now: datetime, writing: bool = False) -> None:
    """Somebody looks at this story, or writes in it. Others are told only when that is news; for them it is seen."""
    values: dict[str, int | datetime | None] = {
        "journey": journey.pk,
        "agent": by.pk,
        "now": now,
        "wrote": now if writing else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(ARRIVE, values)
        seen_at, wrote_at = cursor.fetchone()
    arrived = seen_at is None or seen_at < now - HERE
    began = writing and (wrote_at is None or wrote_at < now - WRITING)
    if arrived or began:
        tell(journey)
    saw(by=by, now=now, journey=journey)


@transaction.atomic
def gone(*, journey: Journey, by: Agent) -> None:
    """Nobody of this name looks at it any more."""
    if Onlooker.objects.filter(journey_id=journey.pk, agent=by).delete()[0]:
        tell(journey)


def tell(journey: Journey) -> None:
    """Screens that show the story ask again who is there."""
    whisper(journey.pk, restricted_team(journey))


@periodic(cron="*/10 * * * *")
@job(queueing_lock="forget_onlookers")
def forget_onlookers(timestamp: int) -> None:
    """Delete who has not been seen for long. Safe to run twice or late."""
    with connection.cursor() as cursor:
        cursor.execute("delete from journeys_onlooker where seen_at < now() - interval '1 hour'")
