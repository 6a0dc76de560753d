"""What agents have begun to write, kept as they type, and sent later by itself if they want that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from threadline.accounts.events import record
from threadline.accounts.models import Agent
from threadline.core.mail.rich import rich
from threadline.interactions.actions.uploads import MOST_FILES
from threadline.interactions.models import Delivery, Interaction, Upload
from threadline.journeys.actions.onlookers import here, tell
from threadline.journeys.actions.ruling import restricted_team, standing_journey
from threadline.journeys.models import Draft, Journey
from threadline.journeys.ways import way_of
from threadline.journeys.windows import check_open
from threadline.lib.errors import ThreadlineError

LONGEST = 50_000
JUST_NOW = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the composer. `then` is done or a morning as `journeys.moments` names it, `until` a moment."""

    text: str
    way: str = ""
    cc: str = ""
    plain: bool = False
    macros: Sequence[int] = ()
    seen: int = 0
    then: str = ""
    until: datetime | None = None

    @property
    def nothing(self) -> bool:
        return not (self.text.strip() or self.macros)


@transaction.atomic
def save_draft(*, journey: Journey, written: Written, by: Agent, now: datetime) -> Draft | None:
    """Keep what an agent has written so far; nothing written keeps nothing. No Event: nobody has said it yet.

    Raises:
        ThreadlineError: it is to go out by itself, or it is too long.
    """
    if len(written.text) > LONGEST:
        raise ThreadlineError(
            f"A draft has {LONGEST:,} characters at most; this has {len(written.text):,}. Shorten it."
        )
    draft = of(journey, by, lock=True)
    if draft is not None and draft.send_at is not None:
        raise ThreadlineError("This answer goes out by itself. Choose “Change it” before you go on writing.")
    if written.nothing and not (draft and draft.files):
        _dropped(draft, journey)
        return None
    if draft is None and sent_just_now(journey, by, written.text, now):
        return None
    here(journey=journey, by=by, now=now, writing=True)
    draft = draft or Draft(journey=journey, agent=by, begun_at=now)
    _write(draft, written, now)
    draft.save()
    return draft


@transaction.atomic
def drop_draft(*, journey: Journey, by: Agent) -> None:
    """Throw it away, or take it out of the way because it was sent."""
    _dropped(of(journey, by, lock=True), journey)


@transaction.atomic
def add_to_draft(*, journey: Journey, text: str, by: Agent, now: datetime, macro: int | None = None) -> Draft:
    """Put more words, such as those of a macro or a colleague's draft, behind one's own."""
    draft = _own(journey, by, now)
    draft.text = f"{draft.text.rstrip()}\n\n{text}".strip()[:LONGEST]
    if macro is not None and macro not in draft.macros:
        draft.macros = [*draft.macros, macro]
    draft.changed_at = now
    draft.save()
    tell(journey)
    return draft


@transaction.atomic
def add_file(*, journey: Journey, upload: Upload, by: Agent, now: datetime) -> Draft:
    """Let a file go with the answer. Raises ThreadlineError for one too many."""
    draft = _own(journey, by, now)
    if len(draft.files) >= MOST_FILES:
        raise ThreadlineError(f"{MOST_FILES} files go with one answer. Put them into a ZIP, or remove one.")
    draft.files, draft.changed_at = [*draft.files, upload.pk], now
    draft.save()
    return draft


@transaction.atomic
def remove_file(*, journey: Journey, upload: int, by: Agent, now: datetime) -> None:
    draft = _own(journey, by, now)
    draft.files, draft.changed_at = [number for number in draft.files if number != upload], now
    draft.save()
    if not (draft.files or draft.text.strip() or draft.macros):
        _dropped(draft, journey)


@transaction.atomic
def schedule(*, journey: Journey, written: Written, at: datetime, by: Agent, now: datetime) -> Draft:
    """Let the answer go out by itself at a moment to come, unless somebody writes before."""
    standing_journey(journey)
    if at <= now:
        raise ThreadlineError(f"{at:%d %b %H:%M} lies in the past. Choose a later time, or send it now.")
    if not written.text.strip():
        raise ThreadlineError("Nothing is written yet. Write something first.")
    if written.way:
        way = way_of(written.way, journey)
        check_open(way.channel, way.thread, written.text, by=by, at=at)
    draft = _own(journey, by, now)
    _write(draft, written, now)
    draft.send_at = at
    draft.save()
    _told("reply_scheduled", draft, journey, by=by, now=now, until=at.isoformat())
    tell(journey)
    return draft


@transaction.atomic
def unschedule(*, journey: Journey, by: Agent, now: datetime) -> Draft | None:
    """It stays a draft, to be changed or sent by hand."""
    draft = of(journey, by, lock=True)
    if draft is None or draft.send_at is None:
        return draft
    draft.send_at, draft.changed_at = None, now
    draft.save()
    _told("reply_unscheduled", draft, journey, by=by, now=now)
    tell(journey)
    return draft


def of(journey: Journey, agent: Agent, *, lock: bool = False) -> Draft | None:
    found = Draft.objects.filter(journey_id=journey.pk, agent=agent)
    return (found.select_for_update() if lock else found).first()


def sent_just_now(journey: Journey, by: Agent, text: str, now: datetime) -> bool:
    """A browser may save a draft a moment after it was sent: those words are no draft any more."""
    newest = Interaction.objects.filter(memberships__journey=journey, memberships__superseded_at=None, author=by)
    newest = newest.filter(at__gte=now - JUST_NOW).exclude(delivery__state=Delivery.State.WITHDRAWN)
    said = newest.order_by("-pk").values_list("text", flat=True).first()
    return said is not None and said.strip() in (text.strip(), rich(text).text)


def _own(journey: Journey, by: Agent, now: datetime) -> Draft:
    draft = of(journey, by, lock=True) or Draft(journey=journey, agent=by, begun_at=now)
    if draft.send_at is not None:
        raise ThreadlineError("This answer goes out by itself. Choose “Change it” before you change it.")
    return draft


def _write(draft: Draft, written: Written, now: datetime) -> None:
    draft.text, draft.way, draft.cc, draft.plain = written.text, written.way[:40], written.cc[:2000], written.plain
    draft.macros, draft.seen, draft.then = list(written.macros)[:20], written.seen, written.then
    draft.changed_at, draft.trouble = now, ""


def _dropped(draft: Draft | None, journey: Journey) -> None:
    if draft is not None and draft.pk is not None:
        draft.delete()
        tell(journey)


def _told(verb: str, draft: Draft, journey: Journey, *, by: Agent | None, now: datetime, until: str = "") -> None:
    record(
        verb,
        at=now,
        by=by,
        journey_id=journey.pk,
        customer_id=journey.customer_id,
        team_id=restricted_team(journey),
        draft_of=draft.agent_id,
        until=until,
    )
