"""Names that people give, or that an agent wrote down during a call."""

import re
from collections.abc import Iterator

from threadline.core.understanding.shapes import FoundFact

WORD = r"[^\W\d_][^\W\d_]*(?:['’.-][^\W\d_]+)*"
PARTICLE = r"(?:de|da|di|del|della|van|von|der|den|la|le|el|bin|al|dos|ter|ten|zu|y)"
NAME = rf"(?P<name>{WORD}(?:[ ]+(?:{PARTICLE}[ ]+){{0,2}}{WORD}){{0,3}})"
BEFORE_NAME = (
    r"caller(?:'s)?(?:\s+(?:is|was|gave|named?|name))*",
    r"(?:spoke|speaking|talked|call(?:ed)?|chat(?:ted)?)\s+(?:to|with)",
    r"name\s+(?:given|is|was|of\s+caller)(?:\s+as)?",
    r"(?:my|customer|client|full|caller)\s*(?:'s)?\s*(?:full\s+)?name(?:\s+is)?",
    r"(?:call|message|voicemail)\s+from",
    r"this\s+is",
    r"customer\s+(?:is|was)",
    r"(?:mr|mrs|ms|miss|mx|dr)\.?",
    r"je\s+m['’]appelle",
    r"mein\s+name\s+ist|ich\s+(?:bin|heiße)",
    r"mi\s+chiamo|sono",
    r"me\s+llamo|soy|mi\s+nombre\s+es",
    r"mijn\s+naam\s+is|ik\s+ben",
    r"(?:o\s+)?meu\s+nome\s+é|chamo-me",
    r"i\s+am|i['’]m",
)
# Whom somebody has an appointment with is a third person.
CUE = re.compile(rf"(?<!\w)(?<!with )(?<!see )(?:{'|'.join(BEFORE_NAME)})\s*[:,]?\s+", re.IGNORECASE)
STARTS = re.compile(NAME)
NETWORK = re.compile(r"(?:facebook|fb|forum|twitter|instagram|user|nick|review)\W*$", re.IGNORECASE)
ENDS = re.compile(
    rf"(?:^|(?<=[.!?\n] )){NAME}(?:,[^.!?\n]{{0,40}}?\d[^.!?\n]{{0,12}}?)?\s+"
    r"(?:is\s+)?(?:on\s+the\s+(?:line|phone)|speaking|calling|called|rang|phoned|here)\b",
    re.MULTILINE,
)
CLOSING = re.compile(
    r"(?:^|\n)[ \t]*(?:kind |best |warm |many |yours |with )*(?:regards|wishes|thanks|thank you|cheers|best|"
    r"sincerely|faithfully|truly|"
    r"cordialement|salutations|grüße|grüßen|gruß|groeten|groet|saludos|saluti|cumprimentos|abraços|hilsen|hälsningar)"
    rf"[,.!]?[ \t]*\n+[ \t]*{NAME}[ \t]*(?=\n|$)",
    re.IGNORECASE,
)
NOT_A_NAME = frozenset(
    [
        "the",
        "a",
        "an",
        "i",
        "it",
        "he",
        "she",
        "they",
        "we",
        "you",
        "customer",
        "caller",
        "wants",
        "asks",
        "called",
        "calls",
        "has",
        "is",
        "was",
        "not",
        "no",
        "yes",
        "about",
        "and",
        "or",
        "but",
        "on",
        "in",
        "at",
        "for",
        "with",
        "from",
        "to",
        "of",
        "my",
        "our",
        "your",
        "this",
        "that",
        "why",
        "how",
        "what",
        "when",
        "where",
        "who",
        "mr",
        "mrs",
        "ms",
        "dr",
        "miss",
        "claims",
        "sorry",
        "still",
        "very",
        "so",
        "just",
        "german",
        "french",
        "spanish",
        "italian",
        "dutch",
        "english",
        "polish",
        "portuguese",
        "speaker",
        "account",
        "order",
        "ref",
        "case",
        "number",
        "phone",
        "team",
        "support",
        "service",
        "dear",
        "hello",
        "hi",
        "back",
        "there",
        "here",
        "again",
        "already",
        "also",
        "waiting",
        "trying",
        "having",
        "getting",
        "going",
        "happy",
        "unhappy",
        "angry",
        "disappointed",
        "using",
        "unable",
        "looking",
        "calling",
        "writing",
        "being",
        "really",
        "glad",
        "fed",
        "sent",
    ]
)


def found_names(text: str, *, calls: bool) -> Iterator[FoundFact]:
    """On calls any frame counts; in people's own texts only where they introduce themselves, or sign."""
    for cue in CUE.finditer(text):
        if NETWORK.search(text, 0, cue.start()):
            continue
        if (match := STARTS.match(text, cue.end())) and (fact := name_fact(match, "stated", calls)):
            yield fact
    if calls:
        for match in ENDS.finditer(text):
            fact = name_fact(match, "stated", calls)
            if fact and len(fact.value) == len(match["name"]):  # "Passport not here" names nobody
                yield fact
    if "\n" in text:
        for match in CLOSING.finditer(text):
            if fact := name_fact(match, "signed", calls):
                yield fact


def name_fact(match: re.Match[str], how: str, calls: bool) -> FoundFact | None:
    """The capitalised words from the start of the match; nothing if it begins with an everyday word."""
    words = name_words(match["name"])
    if not words or (len(words) == 1 and not calls and how != "signed"):
        return None
    value = " ".join(words)
    start = match.start("name")
    return FoundFact("name", value, value.casefold(), start, start + len(value), how=how)


def name_words(written: str) -> list[str]:
    words: list[str] = []
    for word in written.split():
        if word[0].islower() and not (words and re.fullmatch(PARTICLE, word)):
            break
        if word.lower() in NOT_A_NAME or (word.isupper() and len(word) > 3 and not words):
            break
        words.append(word)
        if word.endswith("."):
            break
    while words and words[-1][0].islower():
        words.pop()
    return words
