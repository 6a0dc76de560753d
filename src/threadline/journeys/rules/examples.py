"""Rules to begin with: each opens in the editor, filled in and off."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from threadline.core.rules import NOBODY, Rule, Step, Story

EXAMPLE = "example"


@dataclass(frozen=True, slots=True)
class Example:
    """`words` say what it is good for."""

    key: str
    words: str | Promise
    rule: Rule


def _example(key: str, words: str | Promise, rule: Rule) -> tuple[str, Example]:
    return key, Example(key, words, rule)


EXAMPLES: dict[str, Example] = dict(
    [
        _example(
            "complaint",
            _("Nobody who complains waits all day: whoever may decide gets it, and finds a note."),
            Rule(
                EXAMPLE,
                "A complaint nobody answered for 4 hours goes to the supervisor",
                "unanswered",
                (
                    Step("give", {"supervisor": True}),
                    Step("note", {"text": "Nobody answered this complaint for 4 hours.", "ask": ["supervisor"]}),
                ),
                Story(says=("complaint",)),
                after=timedelta(hours=4),
            ),
        ),
        _example(
            "public",
            _("What everybody can read is seen by a person soon, whoever has it."),
            Rule(
                EXAMPLE,
                "A public post nobody answered for an hour is pointed out",
                "unanswered",
                (Step("note", {"text": "Anybody can read this, and it waits for an hour.", "ask": ["supervisor"]}),),
                Story(public=True),
                after=timedelta(hours=1),
            ),
        ),
        _example(
            "quiet",
            _("Stories that are settled in truth do not stay open for ever. They open again when the customer writes."),
            Rule(
                EXAMPLE,
                "Two weeks without a word from them: done",
                "silent",
                (Step("done", {"outcome": "no answer from them"}),),
                after=timedelta(days=14),
            ),
        ),
        _example(
            "nobody",
            _("What falls between two teams is found."),
            Rule(
                EXAMPLE,
                "Nobody took it for 8 hours: tell the supervisor",
                "unanswered",
                (Step("note", {"text": "Nobody took this for 8 hours.", "ask": ["supervisor"]}),),
                Story(owner=NOBODY),
                after=timedelta(hours=8),
            ),
        ),
        _example(
            "again",
            _("Who comes back a third time has had enough of explaining: it is looked at by somebody who may decide."),
            Rule(
                EXAMPLE,
                "The third story of one person, and it is a complaint",
                "opened",
                (Step("note", {"text": "They had to come back for the third time.", "ask": ["supervisor"]}),),
                Story(says=("complaint",)),
                cel="customer.stories >= 3",
            ),
        ),
        _example(
            "broken",
            _("A broken promise is known to whoever has the story, while there is something to say."),
            Rule(
                EXAMPLE,
                "A broken promise is told to whoever has the story",
                "promise_broken",
                (Step("note", {"text": "We broke a promise here. Say so before they do.", "ask": ["owner"]}),),
                cel='story.owner != ""',
            ),
        ),
    ]
)
