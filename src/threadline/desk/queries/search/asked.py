"""What was typed into the search box: words, and filters typed as words (`is:open channel:email from:ana`)."""

import re
from dataclasses import dataclass, field

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery

from threadline.channels.kinds import known

FILTER = re.compile(r'(?<!\S)(from|channel|is):("[^"]*"|\S*)', re.IGNORECASE)
STATES = {
    "open": "ours",
    "ours": "ours",
    "waiting": "theirs",
    "theirs": "theirs",
    "asleep": "asleep",
    "snoozed": "asleep",
    "done": "done",
    "mine": "mine",
    "unowned": "unowned",
    "public": "public",
    "private": "private",
}
KINDS = {
    "mail": "email",
    "call": "phone",
    "twitter": "x",
    "text": "sms",
    "shop": "store",
    **{k: k for k in known()},
}
LEAST_PREFIX = 2
NUMBERED = re.compile(r"([^\W\d_]+)(-\d+)")  # HP-4711: full text keeps two words of it, hp and -4711
MOST_CHARS = 300

Query = SearchQuery | CombinedSearchQuery


@dataclass(slots=True)
class Asked:
    """`unknown` are filters that mean nothing here, as typed; they are told, never silently dropped."""

    text: str
    words: str = ""
    sender: str = ""
    kinds: list[str] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def says_something(self) -> bool:
        return any(letter.isalnum() for letter in self.words) or bool(self.sender or self.kinds or self.states)

    @property
    def filtered(self) -> bool:
        return bool(self.sender or self.kinds or self.states)


def read(text: str) -> Asked:
    """Never fails: what is no filter is a word."""
    asked = Asked(" ".join(text.replace("\0", " ").split())[:MOST_CHARS])
    asked.words = " ".join(FILTER.sub(lambda match: _filter(asked, match), asked.text).split())
    return asked


def _filter(asked: Asked, match: re.Match[str]) -> str:
    name, value = match[1].lower(), match[2].strip('"')
    if name == "from" and value:
        asked.sender = value
    elif name == "channel" and value.lower() in KINDS:
        asked.kinds.append(KINDS[value.lower()])
    elif name == "is" and value.lower() in STATES:
        asked.states.append(STATES[value.lower()])
    else:
        asked.unknown.append(match[0])
    return " "


def query(words: str) -> Query | None:
    """For full text: phrases in quotation marks, `or`, `-not`; the last word may be the beginning of one."""
    head, _space, last = words.rpartition(" ")
    if not _may_grow(words, last):
        return SearchQuery(words, config="simple", search_type="websearch") if words else None
    beginning = prefix(last)
    return SearchQuery(head, config="simple", search_type="websearch") & beginning if head else beginning


def all_beginning(words: str) -> SearchQuery | None:
    """For names, addresses and files: every word is the beginning of one of theirs, in any order."""
    parts = re.findall(r"[^\W_]+", words)
    if not parts:
        return None
    return SearchQuery(" & ".join(f"'{part}':*" for part in parts[:8]), config="simple", search_type="raw")


def prefix(word: str) -> SearchQuery:
    """The letters before a number are whole: every word that begins with `hp` took a quarter of a second to look up."""
    if numbered := NUMBERED.fullmatch(word):
        return SearchQuery(f"'{numbered[1]}' <-> '{numbered[2]}':*", config="simple", search_type="raw")
    quoted = word.replace("\\", "\\\\").replace("'", "''")
    return SearchQuery(f"'{quoted}':*", config="simple", search_type="raw")


def _may_grow(words: str, last: str) -> bool:
    """A phrase, a negation, a choice between words and a single letter stand for themselves."""
    plain = sum(letter.isalnum() for letter in last) >= LEAST_PREFIX and last[:1].isalnum() and last[-1:].isalnum()
    return plain and words.count('"') % 2 == 0 and " or " not in f" {words.lower()} "
