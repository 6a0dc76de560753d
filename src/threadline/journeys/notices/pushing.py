"""Pushing what is due: claimed, sent outside any transaction, settled with the result in words.

A claim is a lease: a worker that dies in the middle leaves a row that is due again a minute later. A push that is sent
twice replaces itself in the browser, because both carry the tag of the story.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta

import httpx
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from threadline.accounts.models import Agent
from threadline.channels import push
from threadline.channels.contract import Misconfigured, Rejected, Unavailable
from threadline.journeys.actions.onlookers import HERE
from threadline.journeys.models import Mute, NoticeSend, Onlooker, PushBrowser, Wishes
from threadline.journeys.notices.browsers import reach, sender, stop_pushing
from threadline.journeys.notices.models import Reason, Way
from threadline.journeys.notices.reasons import more_words, sentence
from threadline.journeys.notices.telling import hidden
from threadline.journeys.notices.wishes import of_many, quiet_of
from threadline.lib.jobs import job, periodic

AT_ONCE, AT_A_TIME = 200, 8
LEASE = timedelta(minutes=1)
WAITS = (timedelta(seconds=20), timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30))
URGENT = (Reason.PROMISE, Reason.SUPERVISOR, Reason.WROTE)
LONGEST_WORDS = 140


@periodic(cron="* * * * * */2")
@job(queueing_lock="push_notices")
def push_notices(timestamp: int = 0) -> None:
    """Push what is due. Safe to run twice or late."""
    while push_due(now=timezone.now()) == AT_ONCE:
        continue


def push_due(*, now: datetime) -> int:
    """Returns how many were due."""
    due = claim(now)
    judge = why_not(due, now)
    ready = [send for send in due if not _held_back(send, judge, now)]
    wishes = of_many({send.agent_id: send.agent for send in ready}.values())
    if ready:
        with client() as line, ThreadPoolExecutor(AT_A_TIME) as pool:
            who = sender()
            jobs = [(send, payload(send, wishes[send.agent_id], now)) for send in ready]
            results = pool.map(lambda each: _handed_over(each[0], each[1], who, line), jobs)
            for send, error in zip(ready, results, strict=True):
                settle(send, error, timezone.now())
    return len(due)


def claim(now: datetime) -> list[NoticeSend]:
    with transaction.atomic():
        due = NoticeSend.objects.filter(way=Way.PUSH, next_at__lte=now).select_for_update(skip_locked=True, of=["self"])
        numbers = list(due.order_by("next_at").values_list("pk", flat=True)[:AT_ONCE])
        NoticeSend.objects.filter(pk__in=numbers).update(next_at=now + LEASE)
    claimed = NoticeSend.objects.filter(pk__in=numbers).select_related("notice__journey", "browser", "agent")
    return list(claimed.order_by("pk"))


# ---- whether it is still wanted -----------------------------------------------------------------------------------

Judge = Callable[[NoticeSend], str | datetime | None]


def why_not(due: Sequence[NoticeSend], now: datetime) -> Judge:
    """For each: why it is not sent, or until when it waits, or None. Cost: a few queries for all."""
    agents = Agent.objects.in_bulk({send.agent_id for send in due})
    unseen = hidden({(send.agent_id, send.notice.journey_id) for send in due}, agents)
    muted = {(row.agent_id, row.journey_id, row.reason) for row in Mute.objects.filter(agent__in=agents) if due}
    here = set(Onlooker.objects.filter(agent__in=agents, seen_at__gt=now - HERE).values_list("agent", "journey"))
    wishes = of_many(agents.values())

    def judge(send: NoticeSend) -> str | datetime | None:
        where, agent = (send.agent_id, send.notice.journey_id), agents[send.agent_id]
        if where in unseen:
            return _("You may not see this story any more.")
        if send.notice.seen_at is not None:
            return _("You had seen it before.")
        if (*where, "") in muted or (send.agent_id, None, send.reason) in muted:
            return _("You muted it.")
        if where in here:
            return _("You were at the story.")
        if send.browser is None:
            return _("The browser was removed.")
        quiet = quiet_of(wishes[agent.pk], agent).ends(now)
        return quiet if quiet > now else None

    return judge


def _held_back(send: NoticeSend, judge: Judge, now: datetime) -> bool:
    verdict = judge(send)
    if isinstance(verdict, datetime):
        words = _("Waits for the end of your quiet hours.")
        NoticeSend.objects.filter(pk=send.pk).update(next_at=verdict, result=words)
    elif verdict is not None:
        close(send, NoticeSend.State.LEFT, verdict, now)
    return verdict is not None


# ---- sending ------------------------------------------------------------------------------------------------------


@contextmanager
def client() -> Iterator[httpx.Client]:
    limits = httpx.Limits(max_connections=AT_A_TIME, max_keepalive_connections=AT_A_TIME)
    with httpx.Client(timeout=push.SECONDS, limits=limits, trust_env=False, follow_redirects=False) as line:
        yield line


def payload(send: NoticeSend, wishes: Wishes, now: datetime) -> push.Message:
    """What the browser shows. Words of customers only where the agent allows them outside the desk."""
    notice, journey = send.notice, send.notice.journey
    why = sentence(notice.reason, notice.said, now=now)
    more = more_words(notice.count)
    words = f"“{journey.last_text or journey.title}”"[:LONGEST_WORDS] if wishes.text else ""
    touch = f"#touch-{notice.interaction_id}" if notice.interaction_id else ""
    content = {
        "title": why[:LONGEST_WORDS],
        "body": "\n".join(part for part in (words, more) if part) or _("Open the story"),
        "url": f"/stories/{notice.journey_id}{touch}",
        "tag": f"story-{notice.journey_id}",
    }
    return push.Message(content, topic=f"story-{notice.journey_id}", urgent=notice.reason in URGENT)


def _handed_over(send: NoticeSend, message: push.Message, who: push.Sender, line: httpx.Client) -> Exception | None:
    """In a thread of the pool, without the database."""
    assert send.browser is not None, "judged before"
    try:
        push.send(reach(send.browser), message, who, allowed=settings.PUSH_HOSTS, client=line)
    except (Rejected, Unavailable, Misconfigured) as error:
        return error
    return None


def settle(send: NoticeSend, error: Exception | None, now: datetime) -> None:
    send.attempts += 1
    browsers = PushBrowser.objects.filter(pk=send.browser_id or 0)
    if error is None:
        close(send, NoticeSend.State.SENT, _("Taken by the push service."), now)
        browsers.update(used_at=now)
    elif isinstance(error, push.Gone):
        close(send, NoticeSend.State.FAILED, str(error), now)
        if browser := browsers.first():
            stop_pushing(browser=browser, by=None, now=now, why=str(error))
    elif isinstance(error, Unavailable) and send.attempts <= len(WAITS):
        NoticeSend.objects.filter(pk=send.pk).update(
            next_at=now + WAITS[send.attempts - 1], attempts=send.attempts, result=str(error)[:300]
        )
    else:
        close(send, NoticeSend.State.FAILED, str(error), now)


def close(send: NoticeSend, state: str, words: str, now: datetime) -> None:
    NoticeSend.objects.filter(pk=send.pk).update(
        state=state, next_at=None, attempts=send.attempts, result=words[:300], settled_at=now
    )


def leave(browser: PushBrowser, why: str, now: datetime) -> None:
    """Whatever was due there is not sent."""
    due = NoticeSend.objects.filter(browser=browser, next_at__isnull=False)
    due.update(state=NoticeSend.State.LEFT, next_at=None, result=why[:300], settled_at=now)


@periodic(cron="17 3 * * *")
@job(queueing_lock="forget_sends")
def forget_sends(timestamp: int = 0) -> None:
    """The delivery log goes back ninety days. Safe to run twice or late."""
    old = timezone.now() - timedelta(days=90)
    NoticeSend.objects.filter(at__lt=old, next_at=None).delete()
