"""HTML mail to plain text: paragraphs, lists, quotes as "> " lines. One linear pass; hostile nesting costs nothing."""

import re
from html import unescape

from threadline.core.mail.charsets import clean

_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?:style|script|head|title|noscript)\b[^>]*(?<!/)>.*?(?:</(?:style|script|head|title|noscript)\s*>|\Z)"
    r"|<(?P<close>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9]*)(?P<rest>[^>]*)(?:>|\Z)"
    r"|<[!?][^>]*(?:>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_SPACED = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre"}
_BLOCKS = _SPACED | {"div", "section", "article", "header", "footer", "main", "aside", "dl", "dt", "dd", "tr", "center"}
_CELLS = {"td", "th"}
_BLANK = re.compile(r"[ \t\r\n\f\u00a0]+")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f]")
_MANY_LINES = re.compile(r"\n{3,}")
_DEEPEST_QUOTE = 20


class _Page:
    """Lines under construction. `depth` counts open block quotes; `pre` open preformatted blocks."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.pieces: list[str] = []
        self.depth = 0
        self.pre = 0

    def write(self, text: str) -> None:
        if self.pre:
            first, *rest = text.split("\n")
            self.pieces.append(first)
            for line in rest:
                self.end_line()
                self.pieces.append(line)
        elif text:
            self.pieces.append(_BLANK.sub(" ", text))

    def end_line(self) -> None:
        line = "".join(self.pieces)
        line = line.rstrip() if self.pre else re.sub(r" {2,}", " ", line).strip()
        self.pieces = []
        self.lines.append(("> " * self.depth + line).rstrip())

    def break_line(self) -> None:
        if any(piece.strip() for piece in self.pieces):
            self.end_line()
        else:
            self.pieces = []

    def leave_space(self) -> None:
        self.break_line()
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append(("> " * self.depth).rstrip())

    def enter_quote(self) -> None:
        self.leave_space()
        self.depth = min(_DEEPEST_QUOTE, self.depth + 1)

    def leave_quote(self) -> None:
        self.break_line()
        while self.depth and self.lines and not self.lines[-1].strip("> "):
            self.lines.pop()
        self.depth = max(0, self.depth - 1)
        if self.lines:
            self.lines.append(("> " * self.depth).rstrip())


def text_of_html(html: str) -> str:
    """What a reader sees, as plain text. Never raises. Cost: linear."""
    page = _Page()
    place = 0
    for match in _TOKEN.finditer(html):
        page.write(unescape(html[place : match.start()]))
        place = match.end()
        if tag := match["tag"]:
            _apply(page, tag.lower(), bool(match["close"]), match["rest"])
    page.write(unescape(html[place:]))
    page.break_line()
    text = _INVISIBLE.sub("", clean("\n".join(page.lines)))
    return _MANY_LINES.sub("\n\n", text).strip("\n")


def _apply(page: _Page, tag: str, closing: bool, rest: str) -> None:
    if tag == "br":
        page.end_line()
    elif tag == "blockquote":
        page.leave_quote() if closing else page.enter_quote()
    elif tag == "hr":
        page.break_line()
        page.write("-" * 30)
        page.end_line()
    elif tag == "li":
        page.break_line()
        page.write("" if closing else "- ")
    elif tag in _CELLS:
        page.write(" ")
    elif tag in _BLOCKS:
        _open_block(page, tag, closing)


def _open_block(page: _Page, tag: str, closing: bool) -> None:
    if tag in _SPACED:
        page.leave_space()
    else:
        page.break_line()
    if tag == "pre":
        page.pre = max(0, page.pre - 1) if closing else page.pre + 1
