"""Once a day by mail: what is still unseen then, one line for each story."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threadline.accounts.models import Agent
from threadline.accounts.signing_in.letters import Letter, address
from threadline.channels import letters
from threadline.core.quiet import next_time
from threadline.journeys.models import NoticeSend, Wishes
from threadline.journeys.notices.models import Way
from threadline.journeys.notices.reasons import more_words, sentence
from threadline.journeys.notices.telling import seen_by
from threadline.journeys.notices.wishes import of, zone_name
from threadline.lib.jobs import job, periodic

AT_ONCE = 500
LINES = 50


@periodic(cron="* * * * *")
@job(queueing_lock="send_digests")
def send_digests(timestamp: int = 0) -> None:
    """Have the digests written whose time has come. Safe to run twice or late."""
    while post_due(now=timezone.now()) == AT_ONCE:
        continue


@transaction.atomic
def post_due(*, now: datetime) -> int:
    """Returns how many agents it was time for. Who has nothing unseen gets no mail."""
    due = Wishes.objects.filter(digest_next__lte=now).select_for_update(skip_locked=True).order_by("digest_next")
    wishes = list(due[:AT_ONCE])
    agents = Agent.objects.in_bulk([row.pk for row in wishes])
    for row in wishes:
        assert row.digest_at is not None, "the database holds it"
        row.digest_next = next_time(zone_name(agents[row.pk]), row.digest_at, now)
        row.save(update_fields=["digest_next"])
        if _waiting(row.pk, now) and not letters.post("digest", row.pk):
            _close(_waiting(row.pk, now), NoticeSend.State.FAILED, _("No mailbox of ours can send."), now)
    return len(wishes)


def letter(number: int) -> Letter | None:
    """The digest of one agent as it is now; None where everything has been seen."""
    agent, now = Agent.objects.get(pk=number), timezone.now()
    rows = _still_wanted(agent, now) if agent.has_access else []
    if not rows:
        return None
    wishes = of(agent)
    parts = [_line(row, wishes, now) for row in rows[:LINES]]
    if len(rows) > LINES:
        parts.append(_("And %(n)s more stories.") % {"n": len(rows) - LINES})
    head = ngettext(
        "One story has news that you have not seen yet:",
        "%(n)s stories have news that you have not seen yet:",
        len(rows),
    ) % {"n": len(rows)}
    foot = _("All of them: %(list)s\nWhich news reach you by mail, and when: %(own)s") % {
        "list": address("/notices"),
        "own": address("/me#notices"),
    }
    subject = ngettext("One story has news", "%(n)s stories have news", len(rows)) % {"n": len(rows)}
    return Letter(agent.email, agent.name, subject, "\n\n".join([head, *parts, foot]) + "\n")


def settled(number: int, trouble: str, *, final: bool) -> None:
    """What became of the mail is written down for each story in it."""
    now = timezone.now()
    rows = _waiting(number, now)
    for row in rows:
        row.attempts += 1
    if trouble and not final:
        for row in rows:
            NoticeSend.objects.filter(pk=row.pk).update(attempts=row.attempts, result=trouble[:300])
        return
    state = NoticeSend.State.FAILED if trouble else NoticeSend.State.SENT
    _close(rows, state, trouble or _("In the mail of that day."), now)


def _waiting(number: int, now: datetime) -> list[NoticeSend]:
    due = NoticeSend.objects.filter(agent=number, way=Way.MAIL, next_at__lte=now)
    return list(due.select_related("notice__journey").order_by("-notice__at", "-pk"))


def _still_wanted(agent: Agent, now: datetime) -> list[NoticeSend]:
    """What is unseen and may be seen; the rest is settled."""
    rows = _waiting(agent.pk, now)
    visible = seen_by(agent, {row.notice.journey_id for row in rows})
    hidden = [row for row in rows if row.notice.journey_id not in visible]
    seen = [row for row in rows if row.notice.seen_at is not None and row not in hidden]
    _close(hidden, NoticeSend.State.LEFT, _("You may not see this story any more."), now)
    _close(seen, NoticeSend.State.LEFT, _("You had seen it before."), now)
    return [row for row in rows if row not in hidden and row not in seen]


def _close(rows: list[NoticeSend], state: str, words: str, now: datetime) -> None:
    for row in rows:
        row.state, row.next_at, row.result, row.settled_at = state, None, words[:300], now
    NoticeSend.objects.bulk_update(rows, ["state", "next_at", "result", "settled_at", "attempts"])


def _line(row: NoticeSend, wishes: Wishes, now: datetime) -> str:
    notice = row.notice
    why = [sentence(notice.reason, notice.said, now=now), more_words(notice.count)]
    words = f"“{notice.journey.title}”\n" if wishes.text and notice.journey.title else ""
    return f"{words}{', '.join(part for part in why if part)}\n{address(f'/stories/{notice.journey_id}')}"


letters.KINDS["digest"] = letter
letters.SETTLES["digest"] = settled
