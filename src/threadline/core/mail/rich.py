"""Answers with a little form: bold, italic, lists, links. Written with marks as in a chat, sent as HTML and as text."""

import re
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {"a", "b", "br", "em", "i", "li", "ol", "p", "strong", "ul"}
SCHEMES = {"http", "https", "mailto", "tel"}
_READER = MarkdownIt("zero", {"breaks": True}).enable(["emphasis", "list", "link", "newline", "escape"])
_FORM = {"strong_open", "em_open", "link_open", "bullet_list_open", "ordered_list_open"}
_SAFE = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rich:
    """`html` is empty where the text has no form; then `text` is as it was written."""

    text: str
    html: str


def rich(written: str) -> Rich:
    """`**bold**`, `*italic*`, `- one`, `1. one`, `[words](https://…)`; everything else stays as it is."""
    written = written.strip()
    tokens = _READER.parse(written)
    if not any(each.type in _FORM for token in tokens for each in [token, *(token.children or [])]):
        return Rich(written, "")
    return Rich(_plain(tokens), sanitised(_READER.render(written)))


def sanitised(html: str) -> str:
    """Only the small set; links open elsewhere and say nothing of us."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )


def _plain(tokens: list[Token]) -> str:
    """The same in plain text: marks gone, lists with dashes and numbers, addresses in brackets behind their words."""
    lines: list[str] = []
    lists: list[int | None] = []
    mark = ""
    for token in tokens:
        if token.type == "bullet_list_open":
            lists.append(None)
        elif token.type == "ordered_list_open":
            lists.append(int(token.attrGet("start") or 1))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
            if not lists:
                mark = ""
                lines.append("")
        elif token.type == "list_item_open":
            mark, lists[-1] = _mark(lists)
        elif token.type == "inline":
            indent = "  " * max(0, len(lists) - 1)
            first, *rest = _words(token.children or []).split("\n")
            lines += [f"{indent}{mark}{first}", *(f"{indent}{' ' * len(mark)}{line}" for line in rest)]
            mark = " " * len(mark) if lists else ""
        elif token.type == "paragraph_close" and not lists:
            lines.append("")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _mark(lists: list[int | None]) -> tuple[str, int | None]:
    number = lists[-1]
    return ("- ", None) if number is None else (f"{number}. ", number + 1)


def _words(children: list[Token]) -> str:
    words: list[str] = []
    address, begun = "", 0
    for child in children:
        if child.type == "link_open":
            address, begun = str(child.attrGet("href") or ""), len(words)
        elif child.type == "link_close":
            shown = "".join(words[begun:])
            if address and _SAFE.match(address) and shown != address:
                words.append(f" ({address.removeprefix('mailto:').removeprefix('tel:')})")
        elif child.type in ("softbreak", "hardbreak"):
            words.append("\n")
        else:
            words.append(child.content)
    return "".join(words)
