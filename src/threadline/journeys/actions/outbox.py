"""Sending with everything that belongs to it, taking back what has not gone out, and sending later."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from threadline.accounts.events import record
from threadline.accounts.models import Agent, Event
from threadline.interactions.models import Delivery, IntakeEntry, Interaction, Upload
from threadline.interactions.outgoing import copies, desk_of, files_of
from threadline.journeys.actions import drafts
from threadline.journeys.actions.drafts import Written, drop_draft
from threadline.journeys.actions.macros import carry_out
from threadline.journeys.actions.mentions import saw
from threadline.journeys.actions.reply import AT_ONCE, Enclosed, Way, note, reply
from threadline.journeys.actions.ruling import restricted_team, rule
from threadline.journeys.actions.status import finish, snooze
from threadline.journeys.actions.structure import home_of, undo
from threadline.journeys.changes import UNDOES
from threadline.journeys.lock import hold_pipeline
from threadline.journeys.models import Draft, Journey
from threadline.journeys.moments import morning
from threadline.journeys.ways import way_of
from threadline.lib.errors import ThreadlineError
from threadline.lib.jobs import job, periodic

DUE_AT_ONCE = 50


@transaction.atomic
def answer(
    *,
    journey: Journey,
    written: Written,
    way: Way,
    by: Agent,
    now: datetime,
    even_if_stale: bool = False,
    hold: timedelta = AT_ONCE,
    files: Sequence[int] = (),
) -> Interaction:
    """Send an answer, do what its macros say and what comes after it, and forget the draft: all of it or nothing.

    Everything happens at the same moment, by which `take_back` finds what belongs together.
    """
    hold_pipeline()
    drafts.of(journey, by, lock=True)
    enclosed = Enclosed(copies(written.cc), list(Upload.objects.filter(pk__in=list(files))), written.plain)
    touch = reply(
        journey=journey,
        text=written.text,
        way=way,
        by=by,
        now=now,
        seen=written.seen,
        even_if_stale=even_if_stale,
        enclosed=enclosed,
        hold=hold,
    )
    then = carry_out(written.macros, journey=journey, by=by, now=now)
    after(journey, written.then or then, written.until, by=by, now=now)
    saw(journey=journey, by=by, now=now)
    drop_draft(journey=journey, by=by)
    return touch


def after(journey: Journey, then: str, until: datetime | None, *, by: Agent, now: datetime) -> Event | None:
    """Done, or asleep until that moment or a morning."""
    journey.refresh_from_db()
    if then == "done":
        return finish(journey=journey, by=by, now=now)
    until = until or (morning(then, now) if then else None)
    return snooze(journey=journey, until=until, by=by, now=now) if until else None


@transaction.atomic
def keep_note(*, journey: Journey, text: str, by: Agent, now: datetime, macros: Sequence[int] = ()) -> Event:
    """Write a note, do what its macros say, and forget the draft."""
    event = note(journey=journey, text=text, by=by, now=now)
    after(journey, carry_out(macros, journey=journey, by=by, now=now), None, by=by, now=now)
    drop_draft(journey=journey, by=by)
    return event


@transaction.atomic
def take_back(*, interaction: Interaction, by: Agent, now: datetime) -> Draft:
    """Undo sending while the answer is still held: it leaves the story, and its words are a draft again.

    Raises:
        ThreadlineError: it is on its way already.
    """
    hold_pipeline()
    delivery = Delivery.objects.select_for_update().filter(interaction=interaction).first()
    if delivery is None or delivery.state != Delivery.State.HELD:
        raise ThreadlineError("It is on its way already and can not be taken back. Write again to put it right.")
    journey = home_of(interaction)
    for event in reversed(done_with(interaction, journey)):
        undo(event=event, by=by, now=now)
    rule("taken_back", {"interaction": interaction.pk}, journey=journey, by=by, now=now)
    Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.WITHDRAWN, due_at=None, changed_at=now)
    return _draft_again(interaction, journey, by=by, now=now)


@transaction.atomic
def elsewhere(*, interaction: Interaction, way: str, by: Agent, now: datetime) -> Draft:
    """An answer that did not arrive: its words and files are a draft again, for another way. Nothing is sent yet.

    Raises:
        ThreadlineError: it did not fail, or nothing can go out that way.
    """
    delivery = Delivery.objects.filter(interaction=interaction).first()
    if delivery is None or delivery.state not in (Delivery.State.FAILED, Delivery.State.UNSURE):
        raise ThreadlineError("It did not fail, so that it need not go another way.")
    journey = home_of(interaction)
    way_of(way, journey)
    draft = _draft_again(interaction, journey, by=by, now=now)
    draft.way = way[:40]
    draft.save(update_fields=["way"])
    return draft


def done_with(interaction: Interaction, journey: Journey) -> list[Event]:
    """What was done to the story by sending this answer: said by the same agent at the same moment."""
    sent = Event.objects.get(verb="replied", interaction_id=interaction.pk)
    undone = Event.objects.filter(verb="undone", journey_id=journey.pk, pk__gt=sent.pk)
    same = Event.objects.filter(journey_id=journey.pk, agent=sent.agent, at=sent.at, pk__gt=sent.pk, verb__in=UNDOES)
    return list(same.exclude(pk__in=list(undone.values_list("facts__event", flat=True))).order_by("pk"))


def _draft_again(interaction: Interaction, journey: Journey, *, by: Agent, now: datetime) -> Draft:
    """As it was written, with its files; behind what was begun since."""
    entry = IntakeEntry.objects.get(pk=interaction.pk)
    desk = desk_of(entry)
    draft = drafts.of(journey, by, lock=True) or Draft(journey=journey, agent=by, begun_at=now)
    text = str(desk.get("written") or interaction.text)
    draft.text = f"{text}\n\n{draft.text}".strip()
    draft.way, draft.plain = f"thread-{interaction.thread_id}", bool(desk.get("plain"))
    draft.cc = ", ".join(interaction.attributes.get("cc", ()))
    draft.files = [*(file.part for file in files_of(entry)), *draft.files]
    draft.seen, draft.changed_at = interaction.pk, now
    draft.save()
    return draft


# ---- later ---------------------------------------------------------------------------------------------------------


@periodic(cron="* * * * * */10")
@job(queueing_lock="send_scheduled")
def send_scheduled(timestamp: int = 0) -> None:
    """Send what was to go out by itself by now. Safe to run twice or late: each draft is sent or kept once."""
    now = timezone.now()
    for number in list(Draft.objects.filter(send_at__lte=now).order_by("send_at").values_list("pk", flat=True))[
        :DUE_AT_ONCE
    ]:
        with transaction.atomic():
            hold_pipeline()
            due = Draft.objects.select_for_update(of=["self"], skip_locked=True).select_related("agent")
            draft = due.filter(pk=number, send_at__lte=now).first()
            if draft is not None:
                _send_or_keep(draft, now)


def _send_or_keep(draft: Draft, now: datetime) -> None:
    """What can not go out stays a draft, and says why."""
    journey = Journey.objects.filter(pk=draft.journey_id).first()
    try:
        with transaction.atomic():
            if journey is None or not Journey.objects.visible_to(draft.agent).filter(pk=journey.pk).exists():
                raise ThreadlineError("Its writer may not see this story any more.")
            answer(
                journey=journey,
                written=written_of(draft),
                way=way_of(draft.way, journey),
                by=draft.agent,
                now=now,
                files=draft.files,
            )
    except ThreadlineError as error:
        Draft.objects.filter(pk=draft.pk).update(send_at=None, trouble=f"It did not go out: {error}", changed_at=now)
        if journey is not None:
            team = restricted_team(journey)
            record(
                "reply_kept_back", at=now, journey_id=journey.pk, team_id=team, draft_of=draft.agent_id, why=str(error)
            )


def written_of(draft: Draft) -> Written:
    return Written(draft.text, draft.way, draft.cc, draft.plain, tuple(draft.macros), draft.seen, draft.then)
