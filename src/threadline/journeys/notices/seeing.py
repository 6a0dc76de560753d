"""What an agent does with notices: sees them, mutes a story or a reason, and lets it speak again."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from threadline.accounts.events import nudge
from threadline.accounts.models import Agent
from threadline.journeys.models import Journey, Mute, Notice
from threadline.journeys.notices.models import NoticeQuerySet, Reason
from threadline.lib.errors import ThreadlineError
from threadline.lib.prepared import prepared


def visible(agent: Agent) -> NoticeQuerySet:
    """The one door: the agent's own, and only of stories that they may still see."""
    return Notice.objects.filter(agent=agent, journey__in=Journey.objects.visible_to(agent).values("pk"))


@transaction.atomic(savepoint=False)
def saw(*, by: Agent, now: datetime, journey: Journey | None = None, upto: int | None = None) -> int:
    """Seen: those of one story, or all up to one that the agent had before their eyes. Looking is no event."""
    unseen = Notice.objects.filter(agent=by).unseen()
    if journey is not None:
        unseen = unseen.filter(journey_id=journey.pk)
    if upto is not None:
        unseen = unseen.filter(event_id__lte=upto)
    count = unseen.update(seen_at=now)
    if count:
        nudge([by.pk])
    return count


@transaction.atomic
def unsee(*, by: Agent, at: datetime) -> None:
    """What was marked as seen at that moment is new again."""
    Notice.objects.filter(agent=by, seen_at=at).update(seen_at=None)
    nudge([by.pk])


@transaction.atomic
def mute(*, by: Agent, now: datetime, journey: Journey | None = None, reason: str = "") -> Mute:
    """Nothing more of this story, or for this reason, until it is let speak again. Saying it twice is saying it once.

    Raises:
        ThreadlineError: neither a story nor a reason that there is.
    """
    if journey is None and reason not in Reason.values:
        raise ThreadlineError(_("Choose a story or a reason of which you want to hear nothing more."))
    wanted = {"journey": journey} if journey is not None else {"reason": reason}
    found, _made = Mute.objects.get_or_create(
        agent=by, **{"journey": None, "reason": "", **wanted}, defaults={"at": now}
    )
    if journey is not None:
        saw(by=by, now=now, journey=journey)
    return found


@transaction.atomic
def unmute(*, by: Agent, number: int = 0, journey: Journey | None = None) -> None:
    """Hear of it again: of the mute with this number, or of this story. What happened meanwhile is not told."""
    mine = Mute.objects.filter(agent=by)
    (mine.filter(journey=journey) if journey is not None else mine.filter(pk=number)).delete()


def is_muted(journey: Journey, agent: Agent) -> bool:
    return bool(_mutes(agent.pk, journey.pk))


@prepared
def _mutes(agent: int, journey: int) -> QuerySet[Mute]:
    return Mute.objects.filter(agent=agent, journey=journey)
