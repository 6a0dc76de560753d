"""The names that a condition may use, with their meaning: the editor, the check and the reference read this list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

Seen = dict[str, dict[str, Any]]
"""What a condition looks at: `story`, `touch`, `customer` and `moment`, each with its names."""


@dataclass(frozen=True, slots=True)
class Name:
    """`sort` is text, number, yes or no, or list of texts; `example` is a condition as it could stand in a rule."""

    path: str
    sort: str
    words: str
    example: str

    @property
    def area(self) -> str:
        return self.path.partition(".")[0]

    @property
    def leaf(self) -> str:
        return self.path.partition(".")[2]


TEXT, NUMBER, YES, TEXTS = "text", "number", "yes or no", "list of texts"

NAMES: tuple[Name, ...] = (
    Name("story.intent", TEXT, "what it is about, empty while nobody knows", 'story.intent == "Refund"'),
    Name("story.group", TEXT, "the group that the intent stands in", 'story.group == "Delivery"'),
    Name("story.status", TEXT, "open (our turn), waiting (theirs), snoozed or done", 'story.status == "open"'),
    Name("story.waited", NUMBER, "hours that they have waited for us, 0 on their turn", "story.waited > 4.0"),
    Name("story.age", NUMBER, "hours since its first touch", "story.age < 48.0"),
    Name("story.touches", NUMBER, "how many touches it has", "story.touches > 6"),
    Name("story.channels", TEXTS, "kinds of channel used, first one first", '"chat" in story.channels'),
    Name("story.public", YES, "whether any of it could be read by anybody", "story.public"),
    Name("story.complained", YES, "whether they complained", "story.complained"),
    Name("story.answered", YES, "whether one of us has answered yet", "!story.answered"),
    Name("story.owner", TEXT, "name of who has it, empty for nobody", 'story.owner == ""'),
    Name("story.team", TEXT, "name of its team, empty for none", 'story.team == "Kitchen"'),
    Name("story.brand", TEXT, "name of the brand", 'story.brand.startsWith("Harbour")'),
    Name("story.outcome", TEXT, "how it ended, as far as somebody said", 'story.outcome != ""'),
    Name("touch.text", TEXT, "what they said last, in their words", 'touch.text.says(["refund", "money back"])'),
    Name("touch.subject", TEXT, "the subject of it", 'touch.subject.contains("Invoice")'),
    Name("touch.channel", TEXT, "the kind of channel it came by", 'touch.channel in ["x", "facebook"]'),
    Name("touch.language", TEXT, "its language, as a code", 'touch.language == "de"'),
    Name("touch.says", TEXT, "question, complaint, praise, noise or empty", 'touch.says == "complaint"'),
    Name("touch.public", YES, "whether anybody can read it", "touch.public"),
    Name("touch.automatic", YES, "whether a machine wrote it", "!touch.automatic"),
    Name("customer.name", TEXT, "their name, empty while unknown", 'customer.name != ""'),
    Name("customer.stories", NUMBER, "how many stories they have had, this one too", "customer.stories >= 3"),
    Name("moment.hour", NUMBER, "the hour of the day, 0 to 23, in the time zone of the house", "moment.hour >= 18"),
    Name("moment.weekday", NUMBER, "1 is Monday, 7 is Sunday", "moment.weekday >= 6"),
)
KNOWN = {name.path: name for name in NAMES}
AREAS = tuple(dict.fromkeys(name.area for name in NAMES))

FIELDS = "fields"
FIELDS_OF = ("story", "customer")
"""Fields that a house adds stand under these names: `story.fields.contract`. Which there are, the house knows."""

FUNCTIONS: tuple[tuple[str, str], ...] = (
    ("a && b, a || b, !a", "both, either, not"),
    ("==, !=, <, <=, >, >=", "equal, different, smaller, larger"),
    ('x in ["a", "b"]', "x is one of these"),
    ('text.says(["a", "b c"])', "one of these words stands in it by itself, capitals or not, also in the plural"),
    ('text.contains("a")', "this stands in it, in these letters"),
    ('text.startsWith("a"), text.endsWith("a")', "it begins or ends so"),
    ('text.matches("(?i)a|b")', "a regular expression; (?i) takes capitals like small letters"),
    ("size(x)", "how many: characters of a text, values of a list"),
    ("list.exists(x, x == \"a\"), list.all(x, …)", "one of them, all of them; at most two of these in one condition"),
    ("a ? b : c", "b if a, else c"),
)  # fmt: skip

DEFAULTS: dict[str, Any] = {TEXT: "", NUMBER: 0, YES: False, TEXTS: []}


def blank() -> Seen:
    """Nothing known: every name with the empty value of its sort, and no fields."""
    seen: Seen = {area: {FIELDS: {}} if area in FIELDS_OF else {} for area in AREAS}
    for name in NAMES:
        value = DEFAULTS[name.sort]
        seen[name.area][name.leaf] = list(value) if isinstance(value, list) else value
    return seen


def moment(at: datetime) -> dict[str, int]:
    """`at` in the time zone of the house."""
    return {"hour": at.hour, "weekday": at.isoweekday()}
