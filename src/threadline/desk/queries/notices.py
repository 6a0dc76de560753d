"""What the pages of notices show: the list, what is muted, the delivery log."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from threadline.accounts.models import Agent
from threadline.journeys.models import Mute, Notice, NoticeSend, PushBrowser
from threadline.journeys.notices.models import Reason
from threadline.journeys.notices.reasons import more_words, sentence
from threadline.journeys.notices.seeing import visible
from threadline.lib import paging

SIZE = 30
LOG_SIZE = 50
MOST = 99


@dataclass(frozen=True, slots=True)
class Row:
    notice: Notice
    why: str
    more: str
    person: str
    title: str
    where: str

    @property
    def reason(self) -> str:
        return str(Reason(self.notice.reason).label)


def rows(agent: Agent, *, now: datetime, after: str, unseen: bool) -> tuple[list[Row], str]:
    """The newest first. Cost: one query."""
    found = visible(agent).select_related("journey__customer")
    listed = paging.page(found.unseen() if unseen else found, by="-at", after=after, size=SIZE)
    return [_row(notice, now) for notice in listed.rows], listed.after


def _row(notice: Notice, now: datetime) -> Row:
    journey = notice.journey
    touch = f"#touch-{notice.interaction_id}" if notice.interaction_id else ""
    return Row(
        notice=notice,
        why=sentence(notice.reason, notice.said, now=now),
        more=more_words(notice.count),
        person=str(journey.customer),
        title=journey.title,
        where=f"/stories/{journey.pk}{touch}",
    )


def unseen(agent: Agent) -> int:
    """How many stories have something new."""
    return visible(agent).unseen().count()


def shown(count: int) -> str:
    return f"{MOST}+" if count > MOST else str(count)


@dataclass(frozen=True, slots=True)
class Muted:
    number: int
    words: str
    story: int | None


def muted(agent: Agent) -> list[Muted]:
    """What an agent wants to hear nothing of; stories only while they may see them."""
    found = Mute.objects.filter(agent=agent).select_related("journey__customer").order_by("-at")[:SIZE]
    return [Muted(row.pk, _muted_words(row), row.journey_id) for row in found]


def _muted_words(row: Mute) -> str:
    if row.journey is None:
        return str(Reason(row.reason).label)
    return _("Story %(n)s") % {"n": row.journey_id}


def log(found: "QuerySet[NoticeSend]", *, after: str) -> tuple[list[NoticeSend], str]:
    """Each way of each notice, the newest first."""
    listed = paging.page(found.select_related("notice", "agent"), by="-at", after=after, size=LOG_SIZE)
    return listed.rows, listed.after


def browsers(agent: Agent) -> "QuerySet[PushBrowser]":
    return PushBrowser.objects.filter(agent=agent).order_by("-made_at")
