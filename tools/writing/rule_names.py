"""The page about the names that a condition of a rule may use."""

from threadline.core.rules import EVENTS, NAMES, SPANS, STEPS
from threadline.core.rules.names import FUNCTIONS


def page() -> str:
    return "\n".join(
        [
            "# Names in rules",
            "",
            "What the condition of a rule can look at, written in [CEL](https://cel.dev). How to write rules:",
            "[Automate with rules](../how-to/automate-with-rules.md).",
            "",
            *table(("Name", "Sort", "What it is", "For example"), names()),
            "",
            "Fields of your own stand under `story.fields` and `customer.fields`, each by its name in rules, which its",
            "page in the settings says: [Keep fields of your own](../how-to/keep-your-own-fields.md). What is not",
            'filled in reads as `""`, `0` or `false`; dates are texts such as `"2027-03-31"`.',
            "",
            "## Signs and functions",
            "",
            *table(("Sign", "What it says"), [(code(sign), words) for sign, words in FUNCTIONS]),
            "",
            "A condition has at most 1,000 characters and gives yes or no.",
            "",
            "## When a rule looks",
            "",
            *(f"- {words}" for words in EVENTS.values()),
            *(f"- {words} some time" for words in SPANS.values()),
            "",
            "## What a rule can do",
            "",
            *(f"- {words}" for words in STEPS.values()),
        ]
    )


def names() -> list[tuple[str, ...]]:
    return [(code(name.path), name.sort, name.words, code(name.example)) for name in NAMES]


def table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    told = [heads, tuple("---" for _ in heads), *rows]
    return [f"| {' | '.join(row)} |" for row in told]


def code(text: str) -> str:
    """A bar would end the cell of the table."""
    return f"`{text}`".replace("|", "\\|")
