"""The plan of channels: which is for what, what each may carry, how a matter goes private. Holds only what was said."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from threadline.core.fitness.levels import Complexity, Need, Privacy, Standing
from threadline.core.fitness.manners import Manners, manners_written, read_manners
from threadline.core.fitness.usual import usual_level, usual_need, usual_standing
from threadline.core.fitness.wording import NETWORKS, Wording, usual_wording

_SIDE = re.compile(r"[a-z][a-z0-9_]*(\+public)?")


@dataclass(frozen=True, slots=True)
class Plan:
    """`needs` by intent, `levels` by side of a channel, `cells` by intent and side, `words` by network.

    What nobody said is not in here: then the usual holds, also for intents and channels that come later.
    """

    needs: Mapping[str, Need] = field(default_factory=dict)
    levels: Mapping[str, Privacy] = field(default_factory=dict)
    cells: Mapping[tuple[str, str], Standing] = field(default_factory=dict)
    words: Mapping[str, Wording] = field(default_factory=dict)
    manners: Manners = field(default_factory=Manners)

    def __post_init__(self) -> None:
        for side in (*self.levels, *(side for _intent, side in self.cells)):
            if not _SIDE.fullmatch(side):
                raise ValueError(f"“{side}” is no channel. Choose one of the grid.")
        for network in self.words:
            if network not in NETWORKS:
                raise ValueError(f"There are no words for “{network}”. Choose one of {', '.join(NETWORKS)}.")

    def need(self, intent: str) -> Need:
        return self.needs.get(intent) or usual_need(intent)

    def level(self, side: str, told: str = "open") -> Privacy:
        """The most private thing that may be said there."""
        found = self.levels.get(side)
        return usual_level(side, told) if found is None else found

    def standing(self, intent: str, side: str, told: str = "open") -> Standing:
        return self.cells.get((intent, side)) or self.usual(intent, side, told)

    def usual(self, intent: str, side: str, told: str = "open") -> Standing:
        """What the levels alone say of a cell."""
        return usual_standing(side, self.need(intent), self.level(side, told))

    def wording(self, network: str) -> Wording:
        return self.words.get(network) or usual_wording(network)


def with_need(plan: Plan, intent: str, need: Need) -> Plan:
    """What is the same as usual is not kept."""
    rest = {key: value for key, value in plan.needs.items() if key != intent}
    return replace(plan, needs=rest if need == usual_need(intent) else {**rest, intent: need})


def with_level(plan: Plan, side: str, level: Privacy, told: str = "open") -> Plan:
    rest = {key: value for key, value in plan.levels.items() if key != side}
    return replace(plan, levels=rest if level == usual_level(side, told) else {**rest, side: level})


def with_cell(plan: Plan, intent: str, side: str, standing: Standing, told: str = "open") -> Plan:
    rest = {key: value for key, value in plan.cells.items() if key != (intent, side)}
    same = standing == plan.usual(intent, side, told)
    return replace(plan, cells=rest if same else {**rest, (intent, side): standing})


def with_words(plan: Plan, network: str, words: Wording) -> Plan:
    rest = {key: value for key, value in plan.words.items() if key != network}
    return replace(plan, words=rest if words == usual_wording(network) else {**rest, network: words})


def with_manners(plan: Plan, manners: Manners) -> Plan:
    return replace(plan, manners=manners)


# ---- as JSON -------------------------------------------------------------------------------------------------------


def written(plan: Plan) -> dict[str, Any]:
    return {
        "needs": {intent: [str(need.complexity), int(need.privacy)] for intent, need in plan.needs.items()},
        "levels": {side: int(level) for side, level in plan.levels.items()},
        "cells": [[intent, side, str(standing)] for (intent, side), standing in plan.cells.items()],
        "words": {name: {"out": w.out, "private": w.private, "back": w.back} for name, w in plan.words.items()},
        "manners": manners_written(plan.manners),
    }


def read(plain: Mapping[str, Any]) -> Plan:
    """The plan that was `written`."""
    return Plan(
        {intent: Need(Complexity(how), Privacy(level)) for intent, (how, level) in plain.get("needs", {}).items()},
        {side: Privacy(level) for side, level in plain.get("levels", {}).items()},
        {(intent, side): Standing(standing) for intent, side, standing in plain.get("cells", ())},
        {name: Wording(**words) for name, words in plain.get("words", {}).items()},
        read_manners(plain.get("manners", {})),
    )
