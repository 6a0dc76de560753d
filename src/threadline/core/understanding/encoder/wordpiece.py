"""Cut text into the pieces that BERT knows. Source: Devlin et al. (2018), BERT; the uncased rules of its tokenizer."""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

VOCABULARY = Path(__file__).parent / "vocabulary" / "bert-base-uncased.txt"
START, END, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
LONGEST_WORD = 100
MOST_CHARACTERS = 6_000  # longer texts are cut at both ends before any work: only so many pieces are read
# The ranges in which BERT makes every character a word of its own: Chinese characters.
CHINESE = "㐀-䶿一-鿿豈-﫿\U00020000-\U0002a6df\U0002a700-\U0002b81f\U0002b820-\U0002ceaf\U0002f800-\U0002fa1f"
WORD_ALONE = re.compile(f"[{CHINESE}]")


@cache
def vocabulary() -> dict[str, int]:
    pieces = VOCABULARY.read_text(encoding="utf-8").split("\n")
    return {piece: number for number, piece in enumerate(pieces) if piece}


def pieces_of(text: str, *, most: int = 128, tail: int = 32) -> list[int]:
    """The ids of a text with the marks of start and end around them.

    Args:
        most: no more ids than this. Of a longer text the beginning is kept, and the last `tail` pieces, where mails
            say what they want.
    """
    known = vocabulary()
    if len(text) > MOST_CHARACTERS:
        text = f"{text[: MOST_CHARACTERS // 2]} {text[-MOST_CHARACTERS // 2 :]}"
    ids = [number for word in words_of(text) for number in word_pieces(word)]
    room = most - 2
    if len(ids) > room:
        ids = ids[: room - tail] + ids[len(ids) - tail :]
    return [known[START], *ids, known[END]]


def words_of(text: str) -> list[str]:
    """Lower-case words without accents; every mark of punctuation stands alone."""
    plain = text.lower()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFD", plain) if unicodedata.category(c) != "Mn")
        plain = "".join(cleaned(c) for c in plain)
    return [word for run in plain.split() for word in split_off(run)]


@lru_cache(maxsize=65_536)
def split_off(run: str) -> tuple[str, ...]:
    """The words of a run without spaces."""
    if run.isalnum() and run.isascii():
        return (run,)
    words, word = [], ""
    for character in run:
        if alone(character):
            words += [word, character] if word else [character]
            word = ""
        elif character.isprintable():
            word += character
    return tuple([*words, word] if word else words)


@lru_cache(maxsize=4_096)
def alone(character: str) -> bool:
    """Punctuation, all symbols of ASCII, and Chinese characters are words of their own."""
    if character.isascii():
        return character.isprintable() and not character.isalnum()
    return unicodedata.category(character).startswith("P") or bool(WORD_ALONE.match(character))


@lru_cache(maxsize=4_096)
def cleaned(character: str) -> str:
    """A space for every kind of space, nothing for what can not be seen."""
    category = unicodedata.category(character)
    if category == "Zs" or character in "\t\n\r":
        return " "
    return "" if category in {"Cc", "Cf", "Cs", "Co", "Cn"} or character == "\ufffd" else character


@lru_cache(maxsize=65_536)
def word_pieces(word: str) -> tuple[int, ...]:
    """The longest known piece first, then the longest that goes on from there; an unknown word is one unknown piece."""
    known = vocabulary()
    if len(word) > LONGEST_WORD:
        return (known[UNKNOWN],)
    found, start = [], 0
    while start < len(word):
        mark = "##" if start else ""
        end = next((end for end in range(len(word), start, -1) if mark + word[start:end] in known), 0)
        if not end:
            return (known[UNKNOWN],)
        found.append(known[mark + word[start:end]])
        start = end
    return tuple(found)
