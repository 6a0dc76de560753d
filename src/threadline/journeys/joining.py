"""Carrying out the joins that rules concluded: two journeys of one customer about one matter become one."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from threadline.accounts.models import Decision, Event
from threadline.core.stitching import Join, Stories, remembered
from threadline.journeys.clocks import tell_clocks
from threadline.journeys.fields.settling import settle_stories
from threadline.journeys.models import Journey, Membership
from threadline.journeys.summary import SUMMARY_FIELDS, fold, members
from threadline.lib.bulk import insert, update

Concluded = tuple[Join, datetime]


def carry_out(joins: Sequence[Concluded], stories: Stories, *, version: str) -> list[Event]:
    """Put all touches of each loser into its survivor, in order. Cost: eight statements, however many there are."""
    if not joins:
        return []
    numbers = {number for join, _ in joins for number in (join.loser, join.survivor)}
    inside: dict[int, list[int]] = {number: [] for number in numbers}
    standing = Membership.objects.filter(journey__in=numbers, superseded_at=None).order_by("interaction")
    for journey, touch in standing.values_list("journey", "interaction"):
        inside[journey].append(touch)
    decisions = {join: _decision(join, at, version) for join, at in joins}
    insert(decisions.values())
    moved: dict[int, tuple[Join, datetime]] = {}
    events = [_join(join, at, inside, moved) for join, at in joins]
    _move(moved, decisions)
    _redirect(joins, stories)
    settle_stories(numbers)
    return events


def _decision(join: Join, at: datetime, version: str) -> Decision:
    return Decision(
        kind="join", reason=join.reason, confidence=join.confidence, by="rule", version=version, evidence={}, at=at
    )


def _join(join: Join, at: datetime, inside: dict[int, list[int]], moved: dict[int, Concluded]) -> Event:
    touches = inside[join.loser]
    moved.update(dict.fromkeys(touches, (join, at)))
    inside[join.survivor] += touches
    inside[join.loser] = []
    facts = {"into": join.survivor, "interactions": sorted(touches), "reason": join.reason}
    return Event(verb="joined", at=at, journey_id=join.loser, facts=facts)


def _move(moved: Mapping[int, Concluded], decisions: Mapping[Join, Decision]) -> None:
    if not moved:
        return
    last = max(at for _, at in moved.values())
    Membership.objects.filter(interaction__in=list(moved), superseded_at=None).update(superseded_at=last)
    insert(
        Membership(interaction_id=touch, journey_id=join.survivor, decision=decisions[join], at=at)
        for touch, (join, at) in sorted(moved.items())
    )


def _redirect(joins: Sequence[Concluded], stories: Stories) -> None:
    losers = {join.loser: join.survivor for join, _ in joins}
    update((Journey(pk=loser, joined_into_id=survivor) for loser, survivor in losers.items()), ["joined_into"])
    survivors = sorted({join.survivor for join, _ in joins} - set(losers))
    touches = members(survivors)
    rows = list(Journey.objects.filter(pk__in=survivors))
    for row in rows:
        row.memory = remembered(stories.journeys[row.pk])
        fold(row, touches[row.pk])
    update(rows, [*SUMMARY_FIELDS, "memory"])
    tell_clocks([*losers, *survivors])
