"""Changing the tree of intents: always in a draft, so that nothing in use changes before it was tried and chosen.

The first change opens the draft with a copy of the tree in use; there is one at a time. Each change remembers how the
intents it touches were before, so that the last one can be taken back, then the one before it, and so on.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from threadline.accounts.events import record
from threadline.accounts.models import Agent
from threadline.interactions import intents
from threadline.interactions.models import Intent, IntentTree
from threadline.lib.errors import ThreadlineError

MOST_NAME = 120
MOST_EXAMPLE = 1_000
MOST_AT_ONCE = 500
STOPPED_AFTER = timedelta(minutes=10)
OUTSIDE = "what is none of these"


def draft() -> IntentTree | None:
    """The one that people change at the moment, without what was learned from it."""
    return drafts().defer("learned").first()


def drafts() -> QuerySet[IntentTree]:
    return IntentTree.objects.filter(used_at=None, withdrawn_at=None)


def learning(tree: IntentTree, *, now: datetime) -> bool:
    """Whether it is being tried. After ten minutes without a word from the worker it is not."""
    told_at = tree.report.get("told_at")
    return bool(told_at) and now - datetime.fromisoformat(told_at) < STOPPED_AFTER


# ---- the draft under the pen ---------------------------------------------------------------------------------------


class Sheet:
    """The draft while one change is written to it.

    `before` is how each touched intent was; None if there was none. `became`: an old name and the one it has now.
    """

    def __init__(self, tree: IntentTree) -> None:
        self.tree = tree
        self.intents = {each.name: each for each in tree.intents.all()}
        self.before: dict[str, dict[str, Any] | None] = {}
        self.became: dict[str, str] = {}

    def of(self, name: str) -> Intent:
        if name not in self.intents:
            raise ThreadlineError(f"There is no intent “{name}” in the draft any more. Go back to the list of intents.")
        return self.intents[name]

    def touch(self, name: str) -> None:
        was = self.intents.get(name)
        self.before.setdefault(name, {"parent": was.parent, "examples": list(was.examples)} if was else None)

    def write(self, name: str, parent: str, examples: Iterable[str]) -> None:
        self.touch(name)
        intent = self.intents.setdefault(name, Intent(tree=self.tree, name=name))
        intent.parent, intent.examples = parent, list(dict.fromkeys(examples))
        intent.save()

    def remove(self, name: str) -> None:
        self.touch(name)
        self.intents.pop(name).delete()

    def free(self, name: str) -> None:
        """Raises ThreadlineError if the name is taken, whatever its capitals."""
        taken = next((each for each in self.intents if each.casefold() == name.casefold()), None)
        if taken is not None:
            raise ThreadlineError(f"There is an intent “{taken}” already. Choose another name, or merge into it.")


@contextmanager
def change(*, by: Agent, now: datetime) -> Iterator[tuple[Sheet, list[str]]]:
    """Write one change; the list takes the words that tell it. Opens the draft if there is none."""
    with transaction.atomic():
        sheet, words = Sheet(opened(by=by, now=now)), list[str]()
        yield sheet, words
        told = {"words": words[0], "by": by.name, "at": now.isoformat(), "before": sheet.before, "became": sheet.became}
        untried(sheet.tree, [*sheet.tree.changes, told])
        record("intents_changed", at=now, by=by, draft=sheet.tree.version, words=words[0])


def opened(*, by: Agent, now: datetime) -> IntentTree:
    """The draft, locked; a new one is a copy of what is in use. Raises ThreadlineError while it is being tried."""
    lock()
    tree = drafts().defer("learned").first()
    if tree is None:
        return copied(by=by, now=now)
    if learning(tree, now=now):
        raise ThreadlineError("The draft is being tried at this moment. Change it when that is over.")
    return tree


def lock() -> None:
    """One change after another, the first too, when there is no row to lock yet. Held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('threadline intents'))")


def copied(*, by: Agent, now: datetime) -> IntentTree:
    nodes = intents.tree_in_use()
    tree = IntentTree.objects.create(
        version=f"intents-{now:%Y-%m-%dT%H:%M:%S.%f}", at=now, by=by, encoder="", drafted_from=intents.version_in_use()
    )
    Intent.objects.bulk_create(
        Intent(tree=tree, name=node.name, parent=node.parent, examples=list(node.examples)) for node in nodes
    )
    return tree


def untried(tree: IntentTree, changes: list[dict[str, Any]]) -> None:
    """What was learned from a draft does not outlive a change of it."""
    tree.changes, tree.report, tree.learned = changes, {}, None
    tree.save(update_fields=["changes", "report", "learned"])


# ---- changes -------------------------------------------------------------------------------------------------------


def add_examples(*, intent: str, texts: Sequence[str], by: Agent, now: datetime) -> None:
    """A text that stands with another intent is taken from there: a text says one thing."""
    texts = good_texts(texts)
    with change(by=by, now=now) as (sheet, words):
        mine = sheet.of(intent)
        new = [text for text in texts if text not in mine.examples]
        if not new:
            raise ThreadlineError(f"“{named(intent)}” has these examples already. Write others.")
        take_from_others(sheet, intent, new)
        sheet.write(intent, mine.parent, [*mine.examples, *new])
        words.append(f"{counted(len(new))} added to “{named(intent)}”")


def take_from_others(sheet: Sheet, intent: str, texts: Sequence[str]) -> None:
    moved = set(texts)
    for other in list(sheet.intents.values()):
        if other.name != intent and moved.intersection(other.examples):
            sheet.write(other.name, other.parent, [text for text in other.examples if text not in moved])


def take_examples(*, intent: str, texts: Sequence[str], by: Agent, now: datetime) -> None:
    """Remove examples."""
    with change(by=by, now=now) as (sheet, words):
        mine = sheet.of(intent)
        chosen = chosen_of(mine, texts)
        sheet.write(intent, mine.parent, [text for text in mine.examples if text not in chosen])
        words.append(f"{counted(len(chosen))} removed from “{named(intent)}”")


def rename(*, intent: str, to: str, group: str, by: Agent, now: datetime) -> None:
    """Another name, another group, or both."""
    to, group = good_name(to), good_group(group)
    with change(by=by, now=now) as (sheet, words):
        mine = sheet.of(real(intent))
        if (to, group) == (mine.name, mine.parent):
            raise ThreadlineError(f"“{to}” in “{group}” is what it is called already. Write another name or group.")
        if to.casefold() != intent.casefold():
            sheet.free(to)
        examples = list(mine.examples)
        if to != intent:
            sheet.remove(intent)
            sheet.became[intent] = to
        sheet.write(to, group, examples)
        words.append(f"“{intent}” is now “{to}”" if to != intent else f"“{intent}” now stands under “{group}”")


def merge(*, intent: str, into: str, by: Agent, now: datetime) -> None:
    """All examples go to another intent, and this one is gone."""
    if intent == into:
        raise ThreadlineError(f"“{intent}” can not be merged into itself. Choose another intent.")
    with change(by=by, now=now) as (sheet, words):
        mine, other = sheet.of(real(intent)), sheet.of(real(into))
        sheet.write(into, other.parent, [*other.examples, *mine.examples])
        sheet.remove(intent)
        sheet.became[intent] = into
        words.append(f"“{intent}” merged into “{into}”")


def split(*, intent: str, texts: Sequence[str], to: str, group: str, by: Agent, now: datetime) -> None:
    """Chosen examples become an intent of their own."""
    to, group = good_name(to), good_group(group)
    with change(by=by, now=now) as (sheet, words):
        mine = sheet.of(intent)
        chosen = chosen_of(mine, texts)
        sheet.free(to)
        if intent and len(chosen) == len(mine.examples):
            raise ThreadlineError(f"These are all examples of “{intent}”. Rename it, or leave some where they are.")
        sheet.write(intent, mine.parent, [text for text in mine.examples if text not in chosen])
        sheet.write(to, group, chosen)
        words.append(f"{counted(len(chosen))} of “{named(intent)}” became “{to}”")


def open_intent(*, name: str, group: str, texts: Sequence[str], by: Agent, now: datetime) -> None:
    """A new intent with its first examples."""
    name, group, texts = good_name(name), good_group(group), good_texts(texts)
    with change(by=by, now=now) as (sheet, words):
        sheet.free(name)
        take_from_others(sheet, name, texts)
        sheet.write(name, group, texts)
        words.append(f"“{name}” is new, with {counted(len(texts))}")


@transaction.atomic
def undo(*, by: Agent, now: datetime) -> str:
    """Take back the last change of the draft. Returns its words."""
    sheet = Sheet(opened(by=by, now=now))
    if not sheet.tree.changes:
        raise ThreadlineError("There is no change to take back. The draft is as it began.")
    *earlier, last = sheet.tree.changes
    for name, was in last["before"].items():
        if was is None:
            sheet.remove(name)
        else:
            sheet.write(name, was["parent"], was["examples"])
    untried(sheet.tree, earlier)
    record("intents_changed", at=now, by=by, draft=sheet.tree.version, words=f"Taken back: {last['words']}")
    return str(last["words"])


# ---- what becomes of it --------------------------------------------------------------------------------------------


@transaction.atomic
def drop(*, by: Agent, now: datetime) -> None:
    """Put the draft away. It stays among the versions; the next change opens a new one."""
    lock()
    tree = asked_draft()
    tree.withdrawn_at = now
    tree.save(update_fields=["withdrawn_at"])
    record("intents_dropped", at=now, by=by, draft=tree.version)


@transaction.atomic
def use(*, version: int, by: Agent, now: datetime) -> IntentTree:
    """From now on this version is in use: a draft that was tried, or one that was used before."""
    lock()
    tree = IntentTree.objects.filter(pk=version).defer("learned").first()
    if tree is None or not usable(tree):
        raise ThreadlineError("This version was changed or dropped since. Try the draft again, then use it.")
    if tree.used_at is None:
        tree.by, tree.at, tree.note = by, now, "; ".join(each["words"] for each in tree.changes)[:240]
    tree.used_at, tree.withdrawn_at = now, None
    tree.save(update_fields=["note", "by", "at", "used_at", "withdrawn_at"])
    record("intents_used", at=now, by=by, version=tree.version)
    return tree


def renames(was: IntentTree | None, becomes: IntentTree | None) -> dict[str, str]:
    """Names that mean another intent, or none, when one version follows the other, and what they are called now.

    Whether the newer was drafted from the older, or the older is gone back to. None: what comes with Threadline. Of
    several intents that were merged into one, nobody can tell any more which story was of which: going back leaves
    those under the name they have.
    """
    forth, back = since(was, becomes), since(becomes, was)
    if forth is not None:
        return forth
    alone = Counter((back or {}).values())
    return {now: name for name, now in (back or {}).items() if alone[now] == 1}


def since(older: IntentTree | None, newer: IntentTree | None) -> dict[str, str] | None:
    """First name to last name, over all drafts between; None if the newer does not come from the older."""
    changes: list[Mapping[str, Any]] = []
    while newer != older:
        if newer is None:
            return None
        changes, newer = [*newer.changes, *changes], newer.drafted_from
    return chained(changes)


def chained(changes: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """First name to last name, over all changes of a draft."""
    found: dict[str, str] = {}
    for change_ in changes:
        became = change_.get("became", {})
        found = {name: became.get(now, now) for name, now in found.items()} | {
            name: now for name, now in became.items() if name not in found.values()
        }
    return found


def usable(tree: IntentTree) -> bool:
    """It was learned: a draft as it stands now, or a version of before."""
    tried = "accuracy" in tree.report
    return tried and (tree.used_at is not None or tree.withdrawn_at is None)


@transaction.atomic
def go_back(*, by: Agent, now: datetime) -> str:
    """Withdraw the version in use; the one before is in use again. Returns its name."""
    lock()
    version = intents.go_back(now=now)
    record("intents_went_back", at=now, by=by, version=version)
    return version


def asked_draft() -> IntentTree:
    tree = draft()
    if tree is None:
        raise ThreadlineError(
            "There is no draft any more. Somebody used or dropped it; the first change opens another."
        )
    return tree


# ---- what may be written -------------------------------------------------------------------------------------------


def good_name(name: str, what: str = "name") -> str:
    name = " ".join(name.replace("\0", "").split())
    if not any(letter.isalnum() for letter in name):
        raise ThreadlineError(f"The {what} is empty or has no letter in it. Write it in a few words.")
    if len(name) > MOST_NAME:
        raise ThreadlineError(f"The {what} has {len(name)} characters; {MOST_NAME} fit. Write it shorter.")
    return name


def good_group(group: str) -> str:
    return good_name(group, "group")


def good_texts(texts: Sequence[str]) -> list[str]:
    """Each once, without empty ones. Raises ThreadlineError for none, too many, or one too long."""
    kept = list(dict.fromkeys(text for text in (each.replace("\0", "").strip() for each in texts) if text))
    if not kept:
        raise ThreadlineError("No example is written. Write at least one, each on a line of its own.")
    if len(kept) > MOST_AT_ONCE:
        raise ThreadlineError(f"These are {len(kept)} examples; {MOST_AT_ONCE} go in at once. Add them in parts.")
    for text in kept:
        if len(text) > MOST_EXAMPLE:
            raise ThreadlineError(
                f"“{text[:40]}…” has {len(text):,} characters; an example has {MOST_EXAMPLE:,} at most. Shorten it."
            )
    return kept


def chosen_of(intent: Intent, texts: Sequence[str]) -> list[str]:
    wanted = set(texts)
    chosen = [text for text in intent.examples if text in wanted]
    if not chosen:
        raise ThreadlineError("No example is chosen. Tick at least one, then try again.")
    return chosen


def real(name: str) -> str:
    """Raises ThreadlineError for the texts that are no intent: they can be neither renamed nor merged."""
    if not name:
        raise ThreadlineError("These texts are no intent. They can be split or removed, not renamed or merged.")
    return name


def named(name: str) -> str:
    return name or OUTSIDE


def counted(number: int) -> str:
    return "1 example" if number == 1 else f"{number} examples"
