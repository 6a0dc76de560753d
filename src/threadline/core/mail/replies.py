"""What did the person newly write? Quotes, forwarded mails, signature blocks and notes of devices are taken away.

Greeting and closing stay: they are the person's words. Answers written between or below quotes stay too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from threadline.core.mail.lines import Line, is_dashes, is_delimiter, lines_of
from threadline.core.mail.phrases import is_contact, is_device_note, is_small_print
from threadline.core.mail.quotes import header_spans

_LONGEST_END = 15  # filled lines that a signature may have
_SMALL_QUOTE = 7  # an answer of fewer lines under a quoted mail is the tail of that mail when text also stands above it


def newly_written(text: str) -> str:
    """The person's own words in a mail's text, outer blank lines taken off; "" if there are none."""
    lines = lines_of(text)
    own = own_lines(lines, header_spans(lines))
    return joined(line for line, kept in zip(lines, own, strict=True) if kept)


def own_lines(lines: Sequence[Line], spans: Sequence[tuple[int, int]]) -> list[bool]:
    """For each line: is it part of what the person newly wrote? `spans` are the headers of quoted mails."""
    end = _above_delimiter(lines, _fenced(lines))
    kept = lines[:end]
    marks = _marks(kept, [span for span in spans if span[0] < end])
    return _own(kept, marks) + [False] * (len(lines) - end)


def joined(lines: Iterable[Line]) -> str:
    return "\n".join(line.raw.rstrip() for line in lines).strip("\n")


def _fenced(lines: Sequence[Line]) -> set[int]:
    """Lines inside ``` code fences, where nothing is a delimiter."""
    inside: set[int] = set()
    opened = -1
    for at, line in enumerate(lines):
        if line.raw.lstrip().startswith("```"):
            if opened >= 0:
                inside.update(range(opened, at + 1))
            opened = -1 if opened >= 0 else at
    return inside


def _above_delimiter(lines: Sequence[Line], fences: set[int]) -> int:
    """Where the first line of dashes stands that has text above and only end matter below; `len(lines)` if none."""
    filled = [at for at, line in enumerate(lines) if not line.blank]
    for order, at in enumerate(filled[1:], start=1):
        if at in fences or not is_delimiter(lines[at].raw):
            continue
        below = [lines[place].words for place in filled[order + 1 : order + 2 + _LONGEST_END]]
        if _is_end_matter(below, signed=is_dashes(lines[at].words)):
            return at
    return len(lines)


def _is_end_matter(words: list[str], *, signed: bool) -> bool:
    """Under "-- " a signature; under other lines an address, small print, a quoted mail, or nothing but more lines."""
    words = [line for line in words[:_LONGEST_END] if not is_delimiter(line)] if len(words) <= _LONGEST_END else words
    if not words:
        return True
    if len(words) > _LONGEST_END:
        return is_small_print(" ".join(words[:6]))
    return signed or any(map(is_contact, words)) or is_small_print(" ".join(words))


@dataclass(slots=True)
class _Marks:
    """What the lines are: quote headers, quotes, notes of devices."""

    header: list[bool]
    quote: list[bool]
    note: list[bool]

    def says(self, at: int, line: Line) -> bool:
        """This line may be the person's own."""
        return not (line.blank or self.header[at] or self.quote[at] or self.note[at])


def _marks(lines: Sequence[Line], spans: Sequence[tuple[int, int]]) -> _Marks:
    header = [False] * len(lines)
    for start, end in spans:
        header[start:end] = [True] * (min(end, len(lines)) - start)
    return _Marks(
        header=header,
        quote=[line.depth > 0 for line in lines],
        note=[is_device_note(line.words) for line in lines],
    )


def _own(lines: Sequence[Line], marks: _Marks) -> list[bool]:
    """For each line: keep it?"""
    says = [marks.says(at, line) for at, line in enumerate(lines)]
    cut = _cut(lines, marks, says)
    first = _first_own(marks, says, cut)
    keep = [first <= at < cut and not marks.header[at] and not marks.note[at] for at in range(len(lines))]
    return _without_outer_quotes(marks, says, keep)


def _cut(lines: Sequence[Line], marks: _Marks, says: list[bool]) -> int:
    """Where the quoted mail begins that ends the person's words; the number of lines if their words go on below it."""
    said = [0, *accumulate(says)]  # said[at] own lines stand above line `at`
    for at in range(len(lines)):
        if not marks.header[at] or (at and marks.header[at - 1]) or not said[at]:
            continue
        end = _end_of_header(marks, at)
        below = next((place for place in range(end, len(lines)) if not lines[place].blank), len(lines))
        quoted = below < len(lines) and marks.quote[below]
        if not quoted or marks.quote[at] or said[-1] - said[end] < _SMALL_QUOTE:
            return at
    return len(lines)


def _end_of_header(marks: _Marks, at: int) -> int:
    while at < len(marks.header) and marks.header[at]:
        at += 1
    return at


def _first_own(marks: _Marks, says: list[bool], cut: int) -> int:
    """Below a leading quoted mail, if the mail begins with one."""
    headers = [at for at in range(cut) if marks.header[at]]
    if not headers or any(says[: headers[0]]) or not any(says[headers[0] : cut]):
        return 0
    quoted_below = [at for at in range(headers[0], cut) if marks.quote[at]]
    first_text = next(at for at in range(headers[0], cut) if says[at])
    return first_text if not quoted_below or quoted_below[0] < first_text else 0


def _without_outer_quotes(marks: _Marks, says: list[bool], keep: list[bool]) -> list[bool]:
    """Quotes after the last own words go; those before and between give them their sense."""
    own = [at for at, kept in enumerate(keep) if kept and says[at]]
    last = own[-1] if own else -1
    return [kept and at <= last for at, kept in enumerate(keep)]
