"""Telephone calls as they go on: ringing, choosing, waiting, taken, connected, handed over, ended.

Nothing here talks to the provider: whoever calls these does so afterwards, outside the transaction.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from threadline.accounts.events import record
from threadline.accounts.models import Agent, Team
from threadline.channels.models import Channel
from threadline.customers.models import Customer
from threadline.journeys.api import caller, under_way
from threadline.journeys.models import Journey
from threadline.lib.errors import ThreadlineError
from threadline.portal.models import Handset, PhoneCall, PhoneLeg, PhonePiece

LONGEST_BRIEF = 500
LONGEST_NOTES = 20_000
MOST_STEPS = 60


@transaction.atomic
def arrive(*, channel: Channel, sid: str, number: str, vouched: bool, now: datetime) -> PhoneCall:
    """A call comes in. Told twice, it is one."""
    known, customer = caller(number)
    story = under_way(customer) if customer else None
    call, made = PhoneCall.objects.get_or_create(
        sid=sid,
        defaults={
            "channel": channel,
            "number": number,
            "known": known,
            "vouched": vouched,
            "customer": customer,
            "journey": story.pk if story else None,
            "rang_at": now,
        },
    )
    if made:
        _note(call, "phone_rang", now)
    return call


@transaction.atomic
def chose(*, call: PhoneCall, what: str, now: datetime, **more: object) -> None:
    """What they pressed or heard, for the story."""
    known = _locked(call)
    known.path = [*known.path, {"at": now.isoformat(), "what": what, **more}][-MOST_STEPS:]
    known.save(update_fields=["path"])
    call.path = known.path


@transaction.atomic
def consented(*, call: PhoneCall, yes: bool, now: datetime) -> None:
    known = _locked(call)
    known.consent = "yes" if yes else "no"
    known.path = [*known.path, {"at": now.isoformat(), "what": "consent", "yes": yes}][-MOST_STEPS:]
    known.save(update_fields=["consent", "path"])
    call.consent = known.consent


@transaction.atomic
def waits(*, call: PhoneCall, team: int | None, now: datetime) -> PhoneCall:
    """They wait for a person from now on; every desk hears it. Asked again, they go on waiting since when they did."""
    known = _locked(call)
    known.team_id = team if team is not None else known.team_id
    known.wish = ""
    if known.waits_since is None:
        known.waits_since, known.agent = now, None
        known.save(update_fields=["waits_since", "agent", "team", "wish"])
        _note(known, "phone_waits", now)
    else:
        known.save(update_fields=["team", "wish"])
    return known


@transaction.atomic
def left_queue(*, call: PhoneCall, wish: str, now: datetime) -> None:
    """They would rather be called back, or leave a message."""
    known = _locked(call)
    known.wish = wish
    known.waited, known.waits_since = known.waited_in_all(now), None
    known.save(update_fields=["wish", "waited", "waits_since"])
    _note(known, "phone_left_queue", now, wish=wish)


# ---- one of us takes it ---------------------------------------------------------------------------------------------


@transaction.atomic
def take(*, call: PhoneCall, by: Agent, now: datetime) -> PhoneLeg:
    """Have it connected with one's own telephone, which rings now.

    Raises:
        ThreadlineError: it is over, a colleague has it, one has no telephone, or is in a call.
    """
    known = _locked(call)
    if known.waits_since is None:
        raise ThreadlineError("They do not wait any more.")
    if known.agent_id is not None:
        taker = known.agent.first_name if known.agent else "Somebody"
        raise ThreadlineError(f"{taker} is taking this call.")
    known.agent = by
    _save_agent(known)
    leg = ring(known, by=by, now=now)
    _note(known, "phone_taken", now, by=by)
    return leg


def ring(call: PhoneCall, *, by: Agent, now: datetime) -> PhoneLeg:
    """The row of our end; the telephone itself is rung afterwards."""
    handset = Handset.objects.filter(agent=by).first()
    if handset is None:
        raise ThreadlineError("Give the number of your telephone first: calls are connected with it.")
    return PhoneLeg.objects.create(call=call, agent=by, number=handset.number, rang_at=now)


def _save_agent(call: PhoneCall) -> None:
    try:
        with transaction.atomic():
            call.save(update_fields=["agent"])
    except IntegrityError as error:
        raise ThreadlineError("You are in a call already. End it or hand it over first.") from error


def rings_at(*, leg: PhoneLeg, sid: str) -> None:
    PhoneLeg.objects.filter(pk=leg.pk).update(sid=sid)


@transaction.atomic
def joined(*, leg: PhoneLeg, now: datetime) -> PhoneCall:
    """One of us and they are connected from now on. Told twice, once."""
    leg = PhoneLeg.objects.select_for_update().get(pk=leg.pk)
    call = _locked(leg.call)
    if leg.joined_at is not None or leg.over_at is not None:
        return call
    PhoneLeg.objects.filter(pk=leg.pk).update(joined_at=now)
    call.waited, call.waits_since = call.waited_in_all(now), None
    call.answered_at = call.answered_at or now
    call.save(update_fields=["waited", "waits_since", "answered_at"])
    _note(call, "phone_joined", now, by=leg.agent, seconds=round(call.waited.total_seconds()))
    return call


@transaction.atomic
def leg_over(*, leg: PhoneLeg, why: str, now: datetime) -> None:
    """Our end is over. Who never pressed a key has not taken the call: they go on waiting, for whoever is next."""
    leg = PhoneLeg.objects.select_for_update().select_related("agent").get(pk=leg.pk)
    if leg.over_at is not None:
        return
    leg.over_at, leg.why = now, why[:200]
    leg.save(update_fields=["over_at", "why"])
    call = PhoneCall.objects.select_for_update().get(pk=leg.call_id)
    if call.ended_at is not None or call.agent_id != leg.agent_id:
        return
    if call.from_us:
        end(call=call, why="we ended" if leg.joined_at else "not begun", now=now)
    elif call.waits_since is not None:
        call.agent = None
        call.save(update_fields=["agent"])
        _note(call, "phone_waits", now, again=True)


@transaction.atomic
def hand_over(*, call: PhoneCall, to: Agent | Team, brief: str, by: Agent, now: datetime) -> PhoneCall:
    """Give the call to a colleague or a team, with what they need to know: nobody is asked for it all again.

    They wait again, and whoever gives it away can take it back as long as nobody took it.
    """
    known = _locked(call)
    brief = " ".join(brief.split())[:LONGEST_BRIEF]
    if known.agent_id != by.pk or known.answered_at is None or known.waits_since is not None:
        raise ThreadlineError("Only who talks with them can hand the call over.")
    if not brief:
        raise ThreadlineError("Say in a sentence what it is about: nobody should have to ask them again.")
    if isinstance(to, Agent) and to.pk == by.pk:
        raise ThreadlineError("That is you. Choose a colleague or a team.")
    known.agent, known.brief, known.waits_since = None, brief, now
    known.wanted = to if isinstance(to, Agent) else None
    known.team = to if isinstance(to, Team) else None
    known.save(update_fields=["agent", "brief", "waits_since", "wanted", "team"])
    PhoneLeg.objects.filter(call=known, over_at=None).update(over_at=now, why="handed over")
    _note(known, "phone_handed", now, by=by, to=str(to), brief=brief)
    return known


@transaction.atomic
def keep_notes(*, call: PhoneCall, text: str, by: Agent, now: datetime) -> None:
    """What is said, as the agent writes it down. Kept with every pause in typing, so it makes no event."""
    known = PhoneCall.objects.select_for_update().get(pk=call.pk)
    if known.kept_at is not None:
        raise ThreadlineError("The call stands in the story already. Write a note there.")
    known.notes = text.strip()[:LONGEST_NOTES]
    known.save(update_fields=["notes"])


@transaction.atomic
def choose_story(*, call: PhoneCall, journey: Journey | None, by: Agent, now: datetime) -> None:
    """Which story it is about, where the agent knows better than the number."""
    known = PhoneCall.objects.select_for_update().get(pk=call.pk)
    if known.kept_at is not None:
        raise ThreadlineError("The call stands in a story already. Move it there.")
    known.journey = journey.pk if journey else None
    known.path = [*known.path, {"at": now.isoformat(), "what": "story", "story": known.journey, "by": by.pk}][
        -MOST_STEPS:
    ]
    known.save(update_fields=["journey", "path"])


# ---- what the provider tells, and the end ---------------------------------------------------------------------------


@transaction.atomic
def keep_piece(*, call: PhoneCall, kind: str, name: str, now: datetime, **more: Any) -> None:
    """A recording, or words that were said. Told twice, kept once; a recording only of who agreed."""
    if kind == "recording" and call.consent != "yes":
        raise ThreadlineError("Nothing is recorded of who did not agree.")
    PhonePiece.objects.get_or_create(call=call, kind=kind, name=name[:80], defaults={"at": now, **more})


@transaction.atomic
def end(*, call: PhoneCall, why: str, now: datetime) -> None:
    """It is over. Told again, nothing changes."""
    known = PhoneCall.objects.select_for_update().get(pk=call.pk)
    if known.ended_at is not None:
        return
    known.waited, known.waits_since = known.waited_in_all(now), None
    known.ended_at, known.why = max(now, known.rang_at), why[:20]
    known.save(update_fields=["waited", "waits_since", "ended_at", "why"])
    PhoneLeg.objects.filter(call=known, over_at=None).update(over_at=now, why="the call is over")
    _note(known, "phone_ended", now, why=why, seconds=known.seconds(now))


def why_of(call: PhoneCall) -> str:
    """Why a call that the customer ended did: what they had by then."""
    if call.answered_at is not None:
        return "talked"
    if hasattr(call, "callback"):
        return "callback"
    if call.pieces.filter(kind="voicemail").exists():
        return "voicemail"
    return "gave up" if call.waits_since is not None else "hung up"


def name_of(call: PhoneCall) -> str:
    """The name that goes with the number, for us; empty where nobody is known."""
    found = Customer.objects.filter(pk=call.customer).first() if call.customer else None
    return str(found.name) if found else ""


@transaction.atomic
def set_handset(*, agent: Agent, number: str, now: datetime) -> None:
    """The telephone that rings when one takes a call; an empty number takes it away. `number` is E.164."""
    if not number:
        Handset.objects.filter(agent=agent).delete()
    else:
        Handset.objects.update_or_create(agent=agent, defaults={"number": number})
    record("handset_set", at=now, by=agent, has_one=bool(number))


def _locked(call: PhoneCall) -> PhoneCall:
    found = (
        PhoneCall.objects.select_for_update(of=["self"])
        .select_related("agent", "channel")
        .filter(pk=call.pk, ended_at=None)
    )
    if (row := found.first()) is None:
        raise ThreadlineError("The call is over.")
    return row


def _note(call: PhoneCall, verb: str, now: datetime, *, by: Agent | None = None, **facts: Any) -> None:
    story = Journey.objects.filter(pk=call.journey).select_related("team").first() if call.journey else None
    team = story.team_id if story and story.team and story.team.restricted else None
    journey = story.pk if story else None
    record(verb, at=now, by=by, journey_id=journey, customer_id=call.customer, team_id=team, call=call.pk, **facts)


SILENT_AFTER = timedelta(hours=6)
