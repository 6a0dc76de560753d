"""What a story must be like, one clause after the other: in words, and in CEL, which is what is worked out."""

from collections.abc import Iterator
from dataclasses import dataclass

from threadline.core.rules.condition import quoted
from threadline.core.rules.names import Seen
from threadline.core.rules.shapes import NOBODY, SOMEBODY, Rule


@dataclass(frozen=True, slots=True)
class Clause:
    """`words` say what must be so; `looks_at` is the name whose value tells why it is not. `own`: written by hand."""

    words: str
    cel: str
    looks_at: str = ""
    own: bool = False

    def instead(self, seen: Seen) -> str:
        """What is there instead, in words."""
        area, _, leaf = self.looks_at.partition(".")
        value = seen.get(area, {}).get(leaf)
        if not self.looks_at or isinstance(value, bool) or self.looks_at == "touch.text":
            return ""
        return f"“{value}”" if isinstance(value, str) and value else "nothing" if value == "" else str(value)


def clauses(rule: Rule) -> tuple[Clause, ...]:
    """All must hold. The cheap ones come first."""
    return tuple(_clauses(rule))


def in_cel(rule: Rule) -> str:
    """The whole condition as one expression."""
    found = clauses(rule)
    own = [f"({clause.cel})" if clause.own and len(found) > 1 else clause.cel for clause in found]
    return " && ".join(own)


def _clauses(rule: Rule) -> Iterator[Clause]:
    when = rule.when
    if when.intents:
        named = _listed(when.intents)
        cel = f"(story.intent in {named} || story.group in {named})"
        yield Clause(f"it is about {_or(when.intents)}", cel, "story.intent")
    if when.says:
        yield Clause(f"it is a {_or(when.says, bare=True)}", f"touch.says in {_listed(when.says)}", "touch.says")
    if when.kinds:
        kinds = f"touch.channel in {_listed(when.kinds)}"
        yield Clause(f"it came by {_or(when.kinds, bare=True)}", kinds, "touch.channel")
    if when.languages:
        said = f"touch.language in {_listed(when.languages)}"
        yield Clause(f"it is written in {_or(when.languages, bare=True)}", said, "touch.language")
    if when.teams:
        yield Clause(f"it is with {_or(when.teams)}", f"story.team in {_listed(when.teams)}", "story.team")
    if when.owner == NOBODY:
        yield Clause("nobody has it", 'story.owner == ""', "story.owner")
    if when.owner == SOMEBODY:
        yield Clause("somebody has it", 'story.owner != ""', "story.owner")
    if when.public:
        yield Clause("it was said in public", "touch.public", "touch.public")
    if when.unanswered:
        yield Clause("nobody has answered yet", "!story.answered", "story.answered")
    if when.words:
        yield Clause(f"they say {_or(when.words)}", f"touch.text.says({_listed(when.words)})", "touch.text")
    if rule.cel.strip():
        yield Clause("your own condition holds", rule.cel.strip(), own=True)


def _listed(values: tuple[str, ...]) -> str:
    return f"[{', '.join(quoted(value) for value in values)}]"


def _or(values: tuple[str, ...], *, bare: bool = False) -> str:
    shown = list(values) if bare else [f"“{value}”" for value in values]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
