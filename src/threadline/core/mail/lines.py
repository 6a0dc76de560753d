"""Lines of a mail text: their quote marks taken off, and whether they are delimiters."""

import re
from dataclasses import dataclass

_MARKS = re.compile(r"^(?:[ \t]{0,8}>){1,200}[ \t]?|^\|[ \t]|^\|$")
_SOFT_END = re.compile(r"=$")
_CODED = re.compile(r"=(?:09|20)(?=\s|$|[^0-9A-F])|=09|=20$|=01,?")
_DELIMITER = re.compile(r"^\s*(?:[-_=~*#+•─—–]\s?){2,}\s*$|^\s*[\u1427]\s*$|^\s*(?:—|–)\s*$")


@dataclass(frozen=True, slots=True)
class Line:
    """`words` is the line without quote marks and outer space; `depth` how many marks it had."""

    raw: str
    words: str
    depth: int

    @property
    def blank(self) -> bool:
        return not self.words


def lines_of(text: str) -> list[Line]:
    """The text line by line ("\\n" only, as `str.split` does), so that labels line up with `text.split("\\n")`."""
    return [_line(raw) for raw in text.replace("\r\n", "\n").split("\n")]


def _line(raw: str) -> Line:
    match = _MARKS.match(raw)
    marks = match[0] if match else ""
    rest = raw[len(marks) :]
    depth = marks.count(">") + marks.count("|")
    return Line(raw, _CODED.sub(" ", _SOFT_END.sub("", rest)).strip(" \t\r\u00a0\u200b\ufeff*") if rest else "", depth)


def is_delimiter(raw: str) -> bool:
    """A line of dashes, underscores or stars only."""
    return len(raw) < 300 and bool(_DELIMITER.match(raw))


def is_dashes(words: str) -> bool:
    """The "-- " line that announces a signature, or what clients make of it."""
    return words in {"--", "---", "—", "–", "__", "___", "- -"}
