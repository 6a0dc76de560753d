"""Reading a file piece by piece, from any place on: a line of JSON, a mail of an mbox, a mail of a maildir."""

import gzip
import hashlib
import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from threadline.lib.errors import ThreadlineError

LONGEST_PIECE = 32 * 1024 * 1024
LINES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")


@dataclass(frozen=True, slots=True)
class Piece:
    """One item as it stands in the file. `end` is the offset behind it, where reading can go on."""

    number: int
    body: bytes
    end: int
    cut: bool = False  # it was longer than LONGEST_PIECE; `body` holds its beginning


class Source(Protocol):
    """A file being imported. `word` names its pieces: a line, a mail."""

    word: str

    @property
    def size(self) -> int: ...

    def digest(self) -> str:
        """The same for the same content, wherever it lies."""
        ...

    def pieces(self, *, start: int, taken: int) -> Iterator[Piece]:
        """Pieces behind the offset `start`, before which `taken` of them stand."""
        ...

    def place(self, end: int) -> int:
        """How much of `size` is done when a piece that ends there was read."""
        ...


def open_source(path: Path) -> Source:
    """The reader for a file or folder.

    Raises:
        ThreadlineError: it is none of the three.
    """
    if path.is_dir():
        if not (path / "cur").is_dir() and not (path / "new").is_dir():
            raise ThreadlineError(f"{path} is no maildir: it has neither a folder “cur” nor “new”. Name one that has.")
        return Maildir(path)
    if path.name.endswith(LINES):
        return Lines(path)
    with path.open("rb") as file:
        beginning = file.read(200).lstrip()
    if path.suffix == ".mbox" or beginning.startswith(b"From "):
        return Mbox(path)
    if beginning.startswith(b"{"):
        return Lines(path)
    raise ThreadlineError(
        f"{path.name} is neither JSON Lines, an mbox nor a maildir. Name a file that ends in .jsonl, .jsonl.gz or "
        ".mbox, or the folder of a maildir."
    )


class Lines:
    """JSON Lines, also compressed. Offsets count uncompressed bytes; empty lines have numbers but are no pieces."""

    word = "line"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = path.stat().st_size
        self._compressed = 0

    def digest(self) -> str:
        return digest_of(self.path)

    def pieces(self, *, start: int, taken: int) -> Iterator[Piece]:
        with self.path.open("rb") as packed, unpacked(packed, self.path) as file:
            for count in itertools.count(1 + lines_before(file, start)):
                piece = next_line(file, count)
                if piece is None:
                    return
                self._compressed = packed.tell()
                if piece.body.strip():
                    yield piece

    def place(self, end: int) -> int:
        return self._compressed if self.path.suffix == ".gz" else end


def lines_before(file: IO[bytes], start: int) -> int:
    """Move to the offset `start`; return how many lines, also empty ones, end before it."""
    count = 0
    while file.tell() < start:
        count += file.read(min(1 << 20, start - file.tell())).count(b"\n")
    return count


def next_line(file: IO[bytes], number: int) -> Piece | None:
    """The next line, its beginning where it is too long; None at the end of the file."""
    body = file.readline(LONGEST_PIECE)
    cut = len(body) == LONGEST_PIECE and not body.endswith(b"\n")
    rest = body
    while len(rest) == LONGEST_PIECE and not rest.endswith(b"\n"):
        rest = file.readline(LONGEST_PIECE)
    return Piece(number, body.rstrip(b"\r\n"), file.tell(), cut) if body else None


class Mbox:
    """Mails in one file, each behind a line that begins with “From ”. `>From ` inside a mail is unescaped."""

    word = "mail"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = path.stat().st_size

    def digest(self) -> str:
        return digest_of(self.path)

    def pieces(self, *, start: int, taken: int) -> Iterator[Piece]:
        with self.path.open("rb") as packed, unpacked(packed, self.path) as file:
            file.seek(start)
            gathered = Gathered(taken + 1)
            for line in iter(lambda: file.readline(LONGEST_PIECE), b""):
                if gathered.begins_next(line):
                    yield gathered.piece(file.tell() - len(line))
                    gathered = Gathered(gathered.number + 1)
                gathered.add(line)
            if gathered.lines:
                yield gathered.piece(file.tell())

    def place(self, end: int) -> int:
        return end


class Gathered:
    """The lines of one mail of an mbox so far."""

    def __init__(self, number: int) -> None:
        self.number, self.lines, self.length, self.blank = number, list[bytes](), 0, False

    def begins_next(self, line: bytes) -> bool:
        return bool(self.lines) and self.blank and line.startswith(b"From ")

    def add(self, line: bytes) -> None:
        self.blank = not line.strip()
        if not self.lines and line.startswith(b"From "):
            self.lines.append(b"")  # the separator is no part of the mail
            return
        self.length += len(line)
        if self.length <= LONGEST_PIECE:
            self.lines.append(line[1:] if line.startswith(b">") and line.lstrip(b">").startswith(b"From ") else line)

    def piece(self, end: int) -> Piece:
        return Piece(self.number, b"".join(self.lines), end, self.length > LONGEST_PIECE)


class Maildir:
    """A folder with one file for each mail, in the order in which they were delivered. Offsets count mails."""

    word = "mail"

    def __init__(self, path: Path) -> None:
        found = (file for part in ("cur", "new") for file in (path / part).glob("*") if file.is_file())
        self.files = sorted(found, key=lambda file: unique(file.name))
        self.size = len(self.files)

    def digest(self) -> str:
        """Of names and sizes: a mail's file never changes. Flags, which a reader changes, do not count."""
        names = (f"{unique(file.name)} {file.stat().st_size}\n".encode() for file in self.files)
        return hashed(itertools.chain([b"maildir\n"], names))

    def pieces(self, *, start: int, taken: int) -> Iterator[Piece]:
        for count, file in enumerate(self.files[start:], start):
            with file.open("rb") as mail:
                body = mail.read(LONGEST_PIECE)
                yield Piece(count + 1, body, count + 1, cut=bool(mail.read(1)))

    def place(self, end: int) -> int:
        return end


def unique(name: str) -> str:
    """A maildir file's name without the flags behind the colon."""
    return name.partition(":")[0]


@contextmanager
def unpacked(packed: IO[bytes], path: Path) -> Iterator[IO[bytes]]:
    """The file's content, uncompressed where its name ends in .gz."""
    if path.suffix != ".gz":
        yield packed
        return
    with gzip.GzipFile(fileobj=packed) as file:
        yield file  # type: ignore[misc]


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashed(iter(lambda: file.read(1 << 20), b""))


def hashed(pieces: Iterable[bytes]) -> str:
    digest = hashlib.blake2b(digest_size=32)
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()
