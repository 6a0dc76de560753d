"""What the pages about rules show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _

from threadline.accounts.models import Agent, Team
from threadline.core.durations import spell
from threadline.core.rules import STEPS, Book, Rule, Step, clauses, happening
from threadline.desk.forms.rules import UNITS
from threadline.journeys.models import Field, Journey, Macro, RuleBook, RuleFinding, RuleRun, RuleTimer, RuleTrial
from threadline.journeys.rules import books, trial
from threadline.journeys.rules.doing import OWNER, SUPERVISOR
from threadline.lib.paging import Page, page

VERSIONS, LATELY = 12, timedelta(days=7)
SIZE = 40


@dataclass(frozen=True, slots=True)
class Line:
    """One rule in words, and what it did. `works`: it is in use and on; `changed` stands in the draft only."""

    number: int
    rule: Rule
    when: str
    ifs: tuple[str, ...]
    then: tuple[str, ...]
    works: bool
    changed: bool
    last_at: datetime | None
    ran: int
    failed: int


@dataclass(frozen=True, slots=True)
class Overview:
    draft: RuleBook | None
    used: RuleBook | None
    lines: tuple[Line, ...]
    versions: tuple[RuleBook, ...]


def overview(*, now: datetime) -> Overview:
    """The draft if there is one, else what is in use. Cost: nine queries."""
    draft, used = books.draft(), books.standing()
    book, before = books.read(draft or used), books.read(used)
    versions = RuleBook.objects.standing().select_related("by")[:VERSIONS]
    return Overview(draft, used, lines(book, before, now=now), tuple(versions))


def lines(book: Book, before: Book, *, now: datetime) -> tuple[Line, ...]:
    names, counted = Names.load(), _counted(book, since=now - LATELY)
    found = []
    for number, rule in enumerate(book.rules, 1):
        working = before.rule(rule.key)
        last_at, ran, failed = counted.get(rule.key, (None, 0, 0))
        found.append(
            Line(
                number,
                rule,
                sentence(happening(rule)),
                tuple(clause.words for clause in clauses(rule)),
                tuple(names.step(step) for step in rule.then),
                working is not None and working.enabled,
                rule != working,
                last_at,
                ran,
                failed,
            )
        )
    return tuple(found)


def _counted(book: Book, *, since: datetime) -> dict[str, tuple[datetime | None, int, int]]:
    lately = Q(at__gte=since)
    runs = RuleRun.objects.filter(rule__in=[rule.key for rule in book.rules], verdict__in=["ran", "fails"])
    rows = runs.values("rule").annotate(
        last=Max("at", filter=Q(verdict="ran")),
        ran=Count("pk", filter=lately & Q(verdict="ran")),
        failed=Count("pk", filter=lately & Q(verdict="fails")),
    )
    return {row["rule"]: (row["last"], row["ran"], row["failed"]) for row in rows}


@dataclass(frozen=True, slots=True)
class Names:
    """What steps point to, in words."""

    agents: Mapping[int, str]
    teams: Mapping[int, str]
    texts: Mapping[int, str]
    fields: Mapping[int, str]

    @classmethod
    def load(cls) -> "Names":
        return cls(
            dict(Agent.objects.values_list("pk", "name")),
            dict(Team.objects.values_list("pk", "name")),
            dict(Macro.objects.values_list("pk", "name")),
            dict(Field.objects.values_list("pk", "name")),
        )

    def step(self, step: Step) -> str:
        given, words = step.given, STEPS[step.do]
        told = {
            "give": lambda: " · ".join(self._whom(given)),
            "intent": lambda: f"“{given.get('intent')}”",
            "field": lambda: (
                f"“{self.fields.get(int(given.get('field', 0)), '?')}”: {given.get('value') or _('nothing')}"
            ),
            "note": lambda: f"“{given.get('text')}”{self._asked(given.get('ask', ()))}",
            "answer": lambda: f"“{self.texts.get(int(given.get('macro', 0)), '?')}”",
            "sleep": lambda: _("for %(span)s") % {"span": spell(timedelta(hours=int(given.get("hours", 0))))},
            "done": lambda: f"“{given['outcome']}”" if given.get("outcome") else "",
        }
        more = told[step.do]() if step.do in told else ""
        return f"{words} {more}".strip()

    def _whom(self, given: Mapping[str, object]) -> Iterable[str]:
        if given.get("supervisor"):
            yield _("a supervisor")
        if "agent" in given:
            yield self.agents.get(int(str(given["agent"])), "?")
        if "team" in given:
            yield _("team %(name)s") % {"name": self.teams.get(int(str(given["team"])), "?")}

    def _asked(self, ask: Iterable[object]) -> str:
        fixed = {OWNER: _("whoever has it"), SUPERVISOR: _("a supervisor")}
        names = [fixed.get(str(one)) or self.agents.get(int(str(one)), "?") for one in ask]
        return _(", and tell %(names)s") % {"names": ", ".join(names)} if names else ""


def sentence(words: str) -> str:
    return words[0].upper() + words[1:]


# ---- the editor ------------------------------------------------------------------------------------------------------


def as_said(rule: Rule) -> dict[str, object]:
    """A rule as the form has it."""
    steps = {step.do: step.given for step in rule.then}
    after, unit = span(rule.after)
    turn = next((do for do in ("wait", "sleep", "reopen", "done") if do in steps), "")
    give, note = steps.get("give", {}), steps.get("note", {})
    return {
        "name": rule.name,
        "on": rule.on,
        "after": after,
        "unit": unit,
        "intents": list(rule.when.intents),
        "words": ", ".join(rule.when.words),
        "says": list(rule.when.says),
        "kinds": list(rule.when.kinds),
        "languages": ", ".join(rule.when.languages),
        "teams": list(rule.when.teams),
        "owner": rule.when.owner,
        "public": rule.when.public,
        "unanswered": rule.when.unanswered,
        "cel": rule.cel,
        "give": SUPERVISOR if give.get("supervisor") else str(give.get("agent", "")),
        "give_team": str(give.get("team", "")),
        "intent": steps.get("intent", {}).get("intent", ""),
        "field": str(steps.get("field", {}).get("field", "")),
        "field_value": steps.get("field", {}).get("value", ""),
        "note": note.get("text", ""),
        "ask": [str(each) for each in note.get("ask", ())],
        "macro": str(steps.get("answer", {}).get("macro", "")),
        "turn": turn,
        "hours": steps.get("sleep", {}).get("hours", ""),
        "outcome": steps.get("done", {}).get("outcome", ""),
        "last": rule.last,
        "enabled": rule.enabled,
    }


def span(after: timedelta | None) -> tuple[object, str]:
    """A span in the largest unit that it fills."""
    minutes = int(after.total_seconds() // 60) if after else 0
    unit = next((name for name in ("days", "hours") if minutes and minutes % UNITS[name] == 0), "minutes")
    return (minutes // UNITS[unit], unit) if minutes else ("", "hours")


# ---- the log, what is due, dry runs ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """A row with its story; None where the agent may not see it."""

    row: RuleRun | RuleTimer | RuleFinding
    story: Journey | None
    name: str


def runs(agent: Agent, *, rule: str, verdict: str, story: int | None, after: str) -> tuple[list[Shown], str]:
    """The newest first. Cost: three queries."""
    asked = {"rule": rule, "verdict": verdict, "journey_id": story}
    found = RuleRun.objects.filter(**{name: value for name, value in asked.items() if value})
    told = page(found, by="-at", after=after, size=SIZE)
    return _shown(told, agent, {}), told.after


def due(agent: Agent, *, after: str) -> tuple[list[Shown], str]:
    """The spans that run, the next one first. Cost: four queries."""
    told = page(RuleTimer.objects.filter(fired_at=None), by="due_at", after=after, size=SIZE)
    names = {rule.key: rule.name for rule in books.read(books.standing()).rules}
    return _shown(told, agent, names), told.after


def newest_trial(book: RuleBook | None) -> RuleTrial | None:
    return RuleTrial.objects.filter(book=book).order_by("-pk").first() if book else None


@dataclass(frozen=True, slots=True)
class Tried:
    """`stale`: rules were changed since; `stopped`: its worker died."""

    trial: RuleTrial
    running: bool
    stopped: bool
    stale: bool
    groups: tuple[tuple[str, str, int, int], ...]
    lines: tuple[Shown, ...]
    after: str
    stories: int


def tried(kept: RuleTrial, book: RuleBook, agent: Agent, *, rule: str, after: str, now: datetime) -> Tried:
    """Cost: seven queries."""
    running = trial.under_way(kept, now=now)
    found = RuleFinding.objects.filter(trial=kept)
    told = page(found.filter(rule=rule) if rule else found, by="-at", after=after, size=SIZE)
    return Tried(
        kept,
        running,
        not running and kept.finished_at is None,
        kept.document != book.document,
        tuple(_groups(kept, found)),
        tuple(_shown(told, agent, {})),
        told.after,
        found.values("journey_id").distinct().count(),
    )


def _groups(kept: RuleTrial, found: "QuerySet[RuleFinding]") -> Iterable[tuple[str, str, int, int]]:
    """Each rule, how often it would have run, and how often it would have gone wrong."""
    rows = found.values("rule").annotate(
        ran=Count("pk", filter=Q(verdict="ran")), failed=Count("pk", filter=Q(verdict="fails"))
    )
    counted = {row["rule"]: (row["ran"], row["failed"]) for row in rows}
    for rule in books.read(RuleBook(document=kept.document)).rules:
        yield (rule.key, rule.name, *counted.get(rule.key, (0, 0)))


def _shown(
    told: "Page[RuleRun] | Page[RuleTimer] | Page[RuleFinding]", agent: Agent, names: Mapping[str, str]
) -> list[Shown]:
    numbers = [row.journey_id for row in told.rows]
    stories = Journey.objects.visible_to(agent).select_related("customer").defer("memory").in_bulk(numbers)
    return [Shown(row, stories.get(row.journey_id), names.get(row.rule, getattr(row, "name", ""))) for row in told.rows]
