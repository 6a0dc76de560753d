"""What social networks share: counting as they count, cutting what is too long into a row of posts. No database."""

import re
import unicodedata
from collections.abc import Callable
from html import unescape

import wcwidth

from threadline.channels.contract import Failure, Rejected, Unavailable

MOST_PARTS = 10
LINK_ON_X = 23
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
BREAKS = (r"\n\s*\n", r"\n", r"[.!?…。！？]['\"”)]?\s", r"\s")
URL = re.compile(r"https?://[^\s<>]+[^\s<>.,;:!?'\"()\[\]]")
BARE = re.compile(r"(?<![\w@.])(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?", re.I)  # a link without its scheme
BLOCK_ENDS = re.compile(r"</(?:p|div|li|blockquote|h\d|pre)>\s*(?=<)|<br\s*/?>\s*", re.I)


def graphemes(text: str) -> int:
    """Characters as people see them: a family of emoji is one."""
    return sum(1 for _each in wcwidth.iter_graphemes(text))


def weight(text: str) -> int:
    """X's weighted length: a link counts 23, an emoji 2, and so does a letter outside of the European alphabets.

    https://docs.x.com/fundamentals/counting-characters
    """
    text = unicodedata.normalize("NFC", text)
    rest = URL.sub("", text)
    bare = sum(max(LINK_ON_X - _without_links(each), 0) for each in BARE.findall(rest))
    return len(URL.findall(text)) * LINK_ON_X + bare + _without_links(rest)


def _without_links(text: str) -> int:
    return sum(_weight_of([ord(each) for each in grapheme]) for grapheme in wcwidth.iter_graphemes(text))


def _weight_of(codes: list[int]) -> int:
    if any(code in (0x200D, 0xFE0F, 0x20E3) or 0x1F1E6 <= code <= 0x1FAFF for code in codes):
        return 2
    return sum(1 if any(low <= code <= high for low, high in LIGHT) else 2 for code in codes)


def parts(text: str, most: int, count: Callable[[str], int] = graphemes) -> list[str]:
    """The text in as few pieces as fit, cut where a paragraph, a sentence or a word ends."""
    found, rest = [], text.strip()
    while count(rest) > most:
        cut = _cut(rest, most, count)
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*found, rest] if rest or not found else found


def _cut(text: str, most: int, count: Callable[[str], int]) -> int:
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if count(text[:middle]) <= most else (low, middle - 1)
    for number, pattern in enumerate(BREAKS):
        ends = [
            found.end()
            for found in re.finditer(pattern, text[: low + 1])
            if count(text[: found.end()].rstrip()) <= most
        ]
        least = 0 if number == len(BREAKS) - 1 else low // 2
        if ends and ends[-1] > least:
            return ends[-1]
    whole = 0
    for each in wcwidth.iter_graphemes(text):  # no space at all: never inside of a character
        if whole + len(each) > low:
            break
        whole += len(each)
    return whole or low


def plain(html: str) -> str:
    """The words of a post that comes as HTML."""
    apart = BLOCK_ENDS.sub(lambda found: "\n" if found[0][:3].lower() == "<br" else "\n\n", html)
    return unescape(re.sub(r"<[^>]*>", "", apart)).strip()


def half_sent(error: Failure, done: int, of: int) -> Failure:
    """A row of posts that broke off: what went out stays, so nothing is tried again and a person decides."""
    said = f"{done} of {of} posts went out, then: {error}"
    return Rejected(said) if isinstance(error, Rejected) else Unavailable(said, unknown=True)


class BeforeSending:
    """Within this block nothing is sent yet: an answer that is lost means only that we try again."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Unavailable) and error.unknown:
            raise Unavailable(str(error), retry_after=error.retry_after) from error
