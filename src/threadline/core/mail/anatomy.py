"""A mail text taken apart: what is new, how it greets and closes, the signature, the quoted mails."""

from collections.abc import Sequence
from dataclasses import dataclass

from threadline.core.mail.lines import Line, is_dashes, lines_of
from threadline.core.mail.quotes import header_spans, mail_starts
from threadline.core.mail.replies import joined, own_lines
from threadline.core.mail.zones import INTRO, OUTRO, SIGNATURE, zones_of


@dataclass(frozen=True, slots=True)
class Zones:
    """`new` is all the person wrote, greeting and closing included, signature and quotes not."""

    new: str
    greeting: str = ""
    closing: str = ""
    signature: str = ""
    quoted: tuple[
        str, ...
    ] = ()  # quoted and forwarded mails, each with its header, quote marks taken off, newest first


def split(text: str) -> Zones:
    """Take a mail text apart. Never raises. Cost: about linear in the number of lines."""
    lines = lines_of(text)
    spans = header_spans(lines)
    own = own_lines(lines, spans)
    zones = zones_of(lines, spans)
    end = _end_of_own(lines, spans, own)

    def zone(name: str, within: Sequence[bool]) -> str:
        return joined(line for at, line in enumerate(lines) if within[at] and zones[at] == name and not line.depth)

    above = [at < end for at in range(len(lines))]
    return Zones(
        new=joined(line for at, line in enumerate(lines) if own[at] and zones[at] != SIGNATURE),
        greeting=zone(INTRO, own),
        closing=zone(OUTRO, own),
        signature=zone(SIGNATURE, above) or _under_dashes(lines[:end], own),
        quoted=tuple(_quoted(lines, spans, own)),
    )


def _end_of_own(lines: Sequence[Line], spans: Sequence[tuple[int, int]], own: Sequence[bool]) -> int:
    """Where the first quoted mail begins under the person's words."""
    last = max((at for at, kept in enumerate(own) if kept), default=-1)
    return next((start for start, _ in spans if start > last), len(lines))


def _under_dashes(lines: Sequence[Line], own: Sequence[bool]) -> str:
    dashes = next((at for at, line in enumerate(lines) if is_dashes(line.words) and not own[at]), len(lines))
    return joined(line for line in lines[dashes:] if not line.depth)


def _quoted(lines: Sequence[Line], spans: Sequence[tuple[int, int]], own: Sequence[bool]) -> list[str]:
    """From each header to the next; without headers, whatever is marked as a quote and not kept."""
    starts = mail_starts(lines, spans)
    if not starts:
        marked = _unmarked([line for line, kept in zip(lines, own, strict=True) if line.depth and not kept])
        return [marked] if marked else []
    ends = [*starts[1:], len(lines)]
    return [
        _unmarked([line for line, kept in zip(lines[start:end], own[start:end], strict=True) if not kept])
        for start, end in zip(starts, ends, strict=True)
    ]


def _unmarked(lines: Sequence[Line]) -> str:
    return "\n".join(line.words for line in lines).strip("\n")
