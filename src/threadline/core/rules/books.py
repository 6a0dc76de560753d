"""Rules as JSON, so that they can be kept in versions, and the changes that people make to their order."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from threadline.core.rules.condition import Refused, check
from threadline.core.rules.shapes import EVENTS, NOBODY, SOMEBODY, SPANS, STEPS, Book, Rule, Step, Story

MOST_RULES, MOST_STEPS = 60, 6
LONGEST = timedelta(days=90)
LISTS = ("intents", "words", "says", "kinds", "languages", "teams")
NEEDS = {"intent": "intent", "field": "field", "note": "text", "answer": "macro", "sleep": "hours"}
_KEY = re.compile(r"[a-z0-9-]{1,40}")


def read_book(document: Mapping[str, Any]) -> Book:
    """The rules from what `written` gave. Raises ValueError in words for what are none."""
    rules = tuple(read_rule(each) for each in document.get("rules", ()))
    if len(rules) > MOST_RULES:
        raise ValueError(f"{len(rules)} rules are more than anybody oversees. Leave {MOST_RULES} at most.")
    if len({rule.key for rule in rules}) < len(rules):
        raise ValueError("Two rules have one key. Remove one of them.")
    return Book(rules)


def read_rule(told: Mapping[str, Any]) -> Rule:
    name = " ".join(str(told.get("name", "")).split())[:80]
    if not name:
        raise ValueError("The rule has no name. Say in a few words what it is for.")
    if not _KEY.fullmatch(str(told.get("key", ""))):
        raise ValueError(f"“{name}” has no key.")
    on, cel = str(told.get("on", "")), str(told.get("cel", "")).strip()
    if on not in EVENTS and on not in SPANS:
        raise ValueError(f"“{name}” does not say when it looks. Choose what must happen.")
    _check_condition(cel)
    return Rule(
        key=str(told["key"]),
        name=name,
        on=on,
        then=_steps(name, told.get("then", ())),
        when=_story(told.get("when", {})),
        cel=cel,
        after=_after(name, told.get("after")) if on in SPANS else None,
        enabled=bool(told.get("enabled")),
        last=bool(told.get("last")),
    )


def _check_condition(cel: str) -> None:
    if cel:
        check(cel)


def _story(told: Mapping[str, Any]) -> Story:
    owner = str(told.get("owner", ""))
    return Story(
        **{name: _words(told.get(name, ())) for name in LISTS},
        owner=owner if owner in (NOBODY, SOMEBODY) else "",
        public=bool(told.get("public")),
        unanswered=bool(told.get("unanswered")),
    )


def _words(values: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for each in values if (word := " ".join(str(each).split())[:120])))[:60]


def _steps(name: str, told: Any) -> tuple[Step, ...]:
    steps = tuple(_step(name, each) for each in told)
    if not steps:
        raise ValueError(f"“{name}” does nothing. Choose at least one thing under “then”.")
    if len(steps) > MOST_STEPS:
        raise ValueError(f"“{name}” does {len(steps)} things; {MOST_STEPS} are allowed. Make two rules of it.")
    return steps


def _step(name: str, told: Mapping[str, Any]) -> Step:
    do = str(told.get("do", ""))
    given = {key: value for key, value in told.items() if key != "do" and value not in (None, "", [])}
    if do not in STEPS:
        raise ValueError(f"“{name}”: “{do}” is nothing that a rule can do. Choose something from the list.")
    if do in NEEDS and NEEDS[do] not in given:
        raise ValueError(f"“{name}”: “{STEPS[do]}” is not filled in. Fill it in, or leave it out.")
    if do == "give" and not given:
        raise ValueError(f"“{name}” gives the story to nobody. Choose a team, a person or a supervisor.")
    if do == "sleep" and not 1 <= int(given["hours"]) <= 24 * 90:
        raise ValueError(f"“{name}”: let it sleep for 1 to {24 * 90:,} hours.")
    return Step(do, given)


def _after(name: str, minutes: Any) -> timedelta:
    span = timedelta(minutes=int(minutes or 0))
    if not timedelta(0) < span <= LONGEST:
        raise ValueError(f"“{name}” does not say after how long. Choose between a minute and {LONGEST.days} days.")
    return span


def written(book: Book) -> dict[str, Any]:
    return {"rules": [written_rule(rule) for rule in book.rules]}


def written_rule(rule: Rule) -> dict[str, Any]:
    when: dict[str, Any] = {name: list(getattr(rule.when, name)) for name in LISTS}
    when |= {"owner": rule.when.owner, "public": rule.when.public, "unanswered": rule.when.unanswered}
    return {
        "key": rule.key,
        "name": rule.name,
        "on": rule.on,
        "after": int(rule.after.total_seconds() // 60) if rule.after else None,
        "when": {name: value for name, value in when.items() if value},
        "cel": rule.cel,
        "then": [{"do": step.do, **step.given} for step in rule.then],
        "enabled": rule.enabled,
        "last": rule.last,
    }


# ---- changes -----------------------------------------------------------------------------------------------------

Edit = Callable[[Book], Book]


def with_rule(book: Book, rule: Rule) -> Book:
    """In the place of the one with its key, else at the end."""
    if book.rule(rule.key) is None:
        return Book((*book.rules, rule))
    return Book(tuple(rule if each.key == rule.key else each for each in book.rules))


def without_rule(book: Book, key: str) -> Book:
    known(book, key)
    return Book(tuple(each for each in book.rules if each.key != key))


def switched(book: Book, key: str, *, on: bool) -> Book:
    return with_rule(book, replace(known(book, key), enabled=on))


def earlier(book: Book, key: str) -> Book:
    """It looks before the one above it."""
    rules = list(book.rules)
    at = rules.index(known(book, key))
    if at:
        rules[at - 1], rules[at] = rules[at], rules[at - 1]
    return Book(tuple(rules))


def known(book: Book, key: str) -> Rule:
    rule = book.rule(key)
    if rule is None:
        raise ValueError("This rule is no longer there. Somebody may have removed it; look at the list.")
    return rule


__all__ = ["Book", "Refused", "read_book", "read_rule", "written", "written_rule"]
