"""The pieces of SVG: text that can do no harm, numbers, glyphs and nodes. Colour comes from the classes alone."""

import re
import unicodedata
from functools import lru_cache
from html import escape

WRITTEN_OR_SPOKEN = {"email", "chat", "sms", "messenger", "dm", "phone", "video"}
SEEN_OR_MADE = {"store", "purchase", "web", "article", "survey", "signal"}
CHANNELS = frozenset({"post", "social", "review", "community"} | WRITTEN_OR_SPOKEN | SEEN_OR_MADE)
# What XML forbids, and the marks that turn the reading direction of everything after them.
HARMFUL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
SAFE_LINK = re.compile(r"(?:#|/(?!/)|\?|https?://)", re.IGNORECASE)
CHARACTER = 6.0
BOLD_CHARACTER = 6.2


def plain(text: str) -> str:
    """One line of text without anything that XML forbids."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(HARMFUL.sub("", text).split())


def safe(text: str) -> str:
    """Ready to stand between tags or inside a quoted attribute."""
    return escape(plain(text))


def link(href: str) -> str:
    """Only places on this site or on the web; any other scheme leads nowhere."""
    return safe(href) if SAFE_LINK.match(plain(href)) else "#"


@lru_cache(maxsize=8192)
def number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def text_width(text: str, *, character: float = CHARACTER) -> float:
    """Estimated width at 12 px: 6 px a character, twice that for East Asian ones, nothing for combining marks."""
    if text.isascii():
        return len(text) * character
    return sum(_cells(letter) for letter in text) * character


def shorten(text: str, *, room: float) -> str:
    """As much of the text as fits, with an ellipsis where it was cut; never ends in half a character."""
    if text_width(text) <= room:
        return text
    kept, used = 0, CHARACTER
    for letter in text:
        used += _cells(letter) * CHARACTER
        if used > room:
            break
        kept += 1
    return text[:kept].rstrip("\u200d ,.;:") + "…"


def _cells(letter: str) -> int:
    if unicodedata.combining(letter) or letter in "\u200d\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def glyph(channel: str, *, x: float, y: float, icons: str) -> str:
    """The sign of a channel; a channel we have no sign for looks like a signal. "promise" is the flag."""
    known = channel if channel in CHANNELS or channel == "promise" else "signal"
    symbol = f"i-{known}" if known == "promise" else f"ch-{known}"
    return (
        f'<svg class="glyph" data-channel="{known}" x="{number(x)}" y="{number(y)}" width="16" height="16"'
        f' aria-hidden="true"><use href="{safe(icons)}{symbol}"/></svg>'
    )


def text(words: str, *, kind: str, x: float, y: float, anchor: str = "") -> str:
    end = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text class="{kind}" x="{number(x)}" y="{number(y)}"{end}>{safe(words)}</text>'


def rect(kind: str, *, x: float, y: float, width: float, height: float, corner: float = 0) -> str:
    round_by = f' rx="{number(corner)}"' if corner else ""
    return (
        f'<rect class="{kind}" x="{number(x)}" y="{number(y)}"'
        f' width="{number(width)}" height="{number(height)}"{round_by}/>'
    )


def shape(direction: str, *, x: float, y: float) -> str:
    """They spoke: a disc. We spoke: a hollow square. It happened: a diamond."""
    if direction == "in":
        return f'<circle class="shape" cx="{number(x)}" cy="{number(y)}" r="6.5"/>'
    if direction == "out":
        return rect("shape", x=x - 5.5, y=y - 5.5, width=11, height=11, corner=2)
    a, b, c, d = (number(value) for value in (x, y - 6, x + 6, y))
    e, f = number(y + 6), number(x - 6)
    return f'<path class="shape" d="M{a} {b} {c} {d} {a} {e} {f} {d}Z"/>'


def counted(direction: str, count: int, *, x: float, y: float) -> str:
    """Several touches in one node: round when they spoke, square when we did, with their number in it."""
    half = half_width(count)
    corner = 2 if direction == "out" else 9
    box = rect("shape", x=x - half, y=y - 9, width=2 * half, height=18, corner=corner)
    kind = "lane-name" if direction == "out" else "pill-n"
    return box + text(str(count), kind=kind, x=x, y=y + 4.5, anchor="middle")


def half_width(count: int) -> float:
    """How far a node reaches to each side."""
    return 6.5 if count == 1 else max(9.0, len(str(count)) * 4 + 5)


def ring(count: int, *, x: float, y: float) -> str:
    """Public: the node wears a ring."""
    if count == 1:
        return f'<circle class="ring" cx="{number(x)}" cy="{number(y)}" r="10.5"/>'
    half = half_width(count) + 4
    return rect("ring", x=x - half, y=y - 13, width=2 * half, height=26, corner=13)
