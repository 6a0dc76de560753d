"""Macros: made, changed, withdrawn and put back; and what they do to a story when their words are sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from threadline.accounts.events import record
from threadline.accounts.models import Agent, Event, Team
from threadline.accounts.rights import Right
from threadline.core.macros import PLACES, unknown_places
from threadline.journeys.actions.fields import read, set_field_at
from threadline.journeys.actions.status import assign, set_intent
from threadline.journeys.models import Field, Journey, Macro
from threadline.lib.errors import ThreadlineError

THEN = ("done", "tomorrow", "monday", "week")
WHOEVER_SENDS = 0


@transaction.atomic
def write_macro(
    *,
    name: str,
    text: str,
    actions: Mapping[str, object],
    by: Agent,
    now: datetime,
    macro: Macro | None = None,
    owner: Agent | None = None,
    team: Team | None = None,
) -> Macro:
    """Make a macro, or change one. Raises ThreadlineError for what would not work, in words."""
    name, text = " ".join(name.split()), text.strip()
    _check(name, text, actions)
    before = _facts(macro) if macro else None
    macro = macro or Macro()
    if macro.pk is not None and not may_change(macro, by):
        raise ThreadlineError(f"“{macro}” is not yours to change. Make one of your own.")
    if owner is None and not by.may(Right.WORK) and (team is None or not by.teams.filter(pk=team.pk).exists()):
        raise ThreadlineError("Your role writes no macros for everybody. Make it your own, or one of your team.")
    macro.name, macro.text, macro.actions, macro.owner, macro.team = name, text, dict(actions), owner, team
    try:
        with transaction.atomic():
            macro.save()
    except IntegrityError as error:
        raise ThreadlineError(f"There is a macro “{name}” already. Choose another name, or change that one.") from error
    record("macro_written", at=now, by=by, macro=macro.pk, before=before, after=_facts(macro))
    return macro


@transaction.atomic
def withdraw_macro(*, macro: Macro, by: Agent, now: datetime, back: bool = False) -> None:
    """Take it out of everybody's list, or put it back."""
    if not may_change(macro, by):
        raise ThreadlineError(f"“{macro}” is not yours to change.")
    macro.withdrawn_at = None if back else now
    try:
        with transaction.atomic():
            macro.save(update_fields=["withdrawn_at"])
    except IntegrityError as error:
        raise ThreadlineError(f"There is another macro “{macro}” by now. Rename that one first.") from error
    record("macro_put_back" if back else "macro_withdrawn", at=now, by=by, macro=macro.pk, name=macro.name)


def may_change(macro: Macro, agent: Agent) -> bool:
    return bool(Macro.objects.changeable_by(agent).filter(pk=macro.pk).exists())


def carry_out(numbers: Sequence[int], *, journey: Journey, by: Agent, now: datetime) -> str:
    """Do what macros say to the story, each as an action with its own Event. Returns what comes after sending.

    Who may only write notes says the words and moves no story.
    """
    then = ""
    if not by.may(Right.ANSWER):
        return then
    for macro in Macro.objects.visible_to(by).standing().filter(pk__in=list(numbers)).order_by("pk"):
        journey.refresh_from_db()
        intent = str(macro.actions.get("intent") or "")
        if intent and intent != journey.intent:
            set_intent(journey=journey, intent=intent, by=by, now=now)
        _fill_in(macro, journey=journey, by=by, now=now)
        _hand_over(macro, journey=journey, by=by, now=now)
        then = str(macro.actions.get("then") or then)
    return then


def _fill_in(macro: Macro, *, journey: Journey, by: Agent, now: datetime) -> Event | None:
    """A field that was switched off since, or that the sender may not see, is passed over: the words matter more."""
    found = Field.objects.visible_to(by).standing().filter(pk=int(str(macro.actions.get("field") or 0))).first()
    if found is None:
        return None
    try:
        with transaction.atomic():
            return set_field_at(found, str(macro.actions.get("value") or ""), journey=journey, by=by, now=now)
    except ThreadlineError:
        return None


def _hand_over(macro: Macro, *, journey: Journey, by: Agent, now: datetime) -> Event | None:
    """Whoever left or a team that is gone since is passed over: the words matter more."""
    owner, team = journey.owner, journey.team
    if "owner" in macro.actions:
        number = int(str(macro.actions["owner"]))
        named = by if number == WHOEVER_SENDS else Agent.objects.filter(pk=number, is_active=True).first()
        owner = named or owner
    if "team" in macro.actions:
        team = Team.objects.filter(pk=int(str(macro.actions["team"]))).first() or team
    if (owner, team) == (journey.owner, journey.team):
        return None
    return assign(journey=journey, owner=owner, team=team, by=by, now=now)


def _check(name: str, text: str, actions: Mapping[str, object]) -> None:
    if not name:
        raise ThreadlineError("The macro has no name. Name it as you would look for it.")
    if len(name) > 60:
        raise ThreadlineError(f"The name has {len(name)} characters; 60 fit. Write it shorter.")
    if not text and not actions:
        raise ThreadlineError("The macro neither says nor does anything. Write a text, or choose what it does.")
    strange = unknown_places(text)
    if strange:
        raise ThreadlineError(
            f"Nothing fills {{{strange[0]}}}. Places are {', '.join(f'{{{each}}}' for each in PLACES)}."
        )
    if actions.get("field"):
        wanted = Field.objects.standing().filter(pk=int(str(actions["field"]))).first()
        if wanted is None:
            raise ThreadlineError("That field is switched off. Choose another one.")
        read(wanted, str(actions.get("value") or ""))
    if actions.get("then") and actions["then"] not in THEN:
        raise ThreadlineError(f"“{actions['then']}” is nothing that can follow. Choose done, or a day.")


def _facts(macro: Macro) -> dict[str, object]:
    return {
        "name": macro.name,
        "text": macro.text,
        "actions": macro.actions,
        "owner": macro.owner_id,
        "team": macro.team_id,
    }
