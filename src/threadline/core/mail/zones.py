"""Zones of a mail text: who greets, says, takes leave, signs, and quotes whom.

Five zones (header, body, intro, outro, signature) after Repke & Krestel (2018), "Bringing Back Structure to Free Text
Email Conversations with Recurrent Neural Networks", ECIR. The rules are written by hand; nothing is learned from data.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from threadline.core.mail import phrases
from threadline.core.mail.lines import Line, is_dashes, is_delimiter, lines_of
from threadline.core.mail.quotes import header_spans

HEADER, BODY, INTRO, OUTRO, SIGNATURE = "header", "body", "intro", "outro", "signature"
_LONGEST_END = 14  # filled lines after a closing that may still be its signature
_LONGEST_SMALL_PRINT = 25
_LIST_NOTES = (
    "view this message in context",
    "if you reply to this email, your message will be added",
    "to unsubscribe",
)


@dataclass(frozen=True, slots=True)
class _Run:
    """Filled lines of one mail at one depth. `opens`: it starts that mail, so that a greeting may stand here."""

    places: tuple[int, ...]
    opens: bool


def label_lines(text: str) -> list[str]:
    """One zone for each line of `text.split("\\n")`, quoted mails included; blank lines count as body."""
    lines = lines_of(text)
    return zones_of(lines, header_spans(lines))


def zones_of(lines: Sequence[Line], spans: Sequence[tuple[int, int]]) -> list[str]:
    """`label_lines` for lines and header spans that are already read."""
    labels = [BODY] * len(lines)
    for start, end in spans:
        labels[start:end] = [BODY if line.raw.strip() == "" else HEADER for line in lines[start:end]]
    for run in _runs(lines, spans):
        _label_run(lines, run, labels)
    _fill_bare_marks(lines, labels)
    return labels


def label_lines_2(text: str) -> list[str]:
    """The two-zone reduction: header or body."""
    return [HEADER if label == HEADER else BODY for label in label_lines(text)]


def _runs(lines: Sequence[Line], spans: Sequence[tuple[int, int]]) -> list[_Run]:
    """Cut at headers and at changes of quote depth; a single stray line of another depth is a badly wrapped one."""
    runs: list[_Run] = []
    starts = dict(spans)
    places: list[int] = []
    opens, at = True, 0
    while at < len(lines):
        header = at in starts
        deeper = bool(places) and not lines[at].blank and _changes_depth(lines, places[-1], at)
        if header or deeper:
            runs.append(_Run(tuple(places), opens))
            places, opens = [], header
        if not header and not lines[at].blank:
            places.append(at)
        at = starts.get(at, at + 1)
    return [run for run in [*runs, _Run(tuple(places), opens)] if run.places]


def _changes_depth(lines: Sequence[Line], before: int, at: int) -> bool:
    if lines[at].depth == lines[before].depth:
        return False
    return at + 1 >= len(lines) or lines[at + 1].blank or lines[at + 1].depth == lines[at].depth


def _label_run(lines: Sequence[Line], run: _Run, labels: list[str]) -> None:
    words = [lines[place].words for place in run.places]
    if run.opens and len(words) > 1 and phrases.is_greeting(words[0]):
        labels[run.places[0]] = INTRO
    first = 1 if labels[run.places[0]] == INTRO else 0
    for place, label in zip(run.places[first:], _end_of_run(words[first:]), strict=True):
        labels[place] = label


def _end_of_run(words: list[str]) -> list[str]:
    """Labels of the filled lines of one mail: where does its body end?"""
    last = _without_notes(words)
    small = _small_print_from(words[:last])
    rest = [SIGNATURE] * (last - small) + [BODY] * (len(words) - last)
    start = _closing_from(words[:small])
    if start >= 0:
        return _after_closing(words[:small], start) + rest
    start = _signature_from(words[:small])
    return [BODY] * start + _signed(words[start:small]) + rest


def _without_notes(words: list[str]) -> int:
    """Where notes of devices, lists and attachments begin at the very end."""
    last = len(words)
    noted = next((at for at in range(max(0, last - 12), last) if words[at].lower().startswith(_LIST_NOTES)), last)
    last = next((at for at in range(max(1, noted - 6), noted) if phrases.is_postscript(words[at])), noted)
    while last > 0 and _is_note(words[last - 1]):
        last -= 1
    return last - 1 if last < len(words) and last > 0 and is_dashes(words[last - 1]) else last


def _is_note(words: str) -> bool:
    return phrases.is_device_note(words) or phrases.is_attachment_note(words)


def _small_print_from(words: list[str]) -> int:
    """Where a disclaimer or an advertisement under the mail begins; the number of lines if there is none."""
    count = len(words)
    for place in range(max(1, count - _LONGEST_SMALL_PRINT), count):
        framed = is_delimiter(words[place]) and len(words[place]) >= 20
        if (framed or phrases.is_disclaimer(words[place])) and phrases.is_small_print(" ".join(words[place:])):
            return place
    return count


def _closing_from(words: list[str]) -> int:
    """The line that takes leave, with nothing but a name and its details after it; -1 if there is none."""
    for place in range(len(words) - 1, max(-1, len(words) - 1 - _LONGEST_END), -1):
        if phrases.is_closing(words[place]) and place > 0:
            if not _is_end_matter(words[place + 1 :]):
                return -1
            return place - 1 if place > 1 and _leads_to_closing(words[place - 1]) else place
    return -1


def _leads_to_closing(words: str) -> bool:
    return phrases.is_closing(words) or is_dashes(words)


def _is_end_matter(words: list[str]) -> bool:
    """Short lines with a name, a role, a number: no sentences, unless they are the small print."""
    prose = [line for line in words if _is_prose(line)]
    return len(prose) <= len(words) // 4


def _is_prose(words: str) -> bool:
    if is_delimiter(words) or phrases.is_contact(words) or phrases.is_name(words) or phrases.is_disclaimer(words):
        return False
    return len(words) > 60 or words.endswith(("?", ":", ";", "{", "}", ")"))


def _after_closing(words: list[str], start: int) -> list[str]:
    """Closing lines and the name under them are the outro; details after that are the signature."""
    end = start + 1
    while end < min(len(words), start + 4) and _belongs_to_closing(words[end]):
        end += 1
    return [BODY] * start + [OUTRO] * (end - start) + [SIGNATURE] * (len(words) - end)


def _belongs_to_closing(words: str) -> bool:
    if is_delimiter(words):
        return False
    return phrases.is_closing(words) or (not phrases.is_contact(words) and len(words.split()) <= 4)


def _signature_from(words: list[str]) -> int:
    """Where a signature without a closing begins; the number of lines if there is none."""
    count = len(words)
    for place in range(max(0, count - _LONGEST_END), count - 1):
        if is_dashes(words[place]):
            return place
        after = words[place + 1 :]
        if place > 0 and phrases.is_name(words[place]) and _are_details(after):
            return place
    return count - 1 if count > 1 and phrases.is_name(words[-1]) else count


def _are_details(words: list[str]) -> bool:
    """What stands under a name: short lines, of which a good part are addresses, numbers and roles."""
    known = sum(map(phrases.is_contact, words))
    return known * 3 >= len(words) and not any(map(_is_prose, words)) and all(len(line) < 90 for line in words)


def _signed(words: list[str]) -> list[str]:
    """A bare name is an outro; a name with details is a signature."""
    if any(map(phrases.is_closing, words)):
        return [OUTRO] * len(words)
    return [OUTRO if len(words) == 1 else SIGNATURE] * len(words)


def _fill_bare_marks(lines: Sequence[Line], labels: list[str]) -> None:
    """A line of quote marks only goes with the greeting, closing or signature right under it."""
    for at in range(len(lines) - 1):
        if lines[at].blank and lines[at].raw.strip() and labels[at + 1] in {INTRO, OUTRO, SIGNATURE}:
            labels[at] = labels[at + 1]
