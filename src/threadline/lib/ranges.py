"""Sound and film as players want them: any part of it, in small pieces, and nothing in it is ever run."""

import re
from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

PIECE = 512 * 1024
POLICY = "default-src 'none'; sandbox"
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
Read = Callable[[int, int], bytes]


def ranged(request: HttpRequest, *, size: int, content_type: str, read: Read) -> HttpResponseBase:
    """The whole, or the one part that is asked for (RFC 9110, section 14).

    Args:
        read: gives the bytes from an offset, at most so many.
    """
    asked = request.headers.get("Range", "")
    found = _RANGE.fullmatch(asked.strip())
    part = _part(found[1], found[2], size) if found else None
    if found and part is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    start, end = part or (0, size)
    pieces = iter(()) if request.method == "HEAD" else _pieces(read, start, end)
    answer = StreamingHttpResponse(pieces, content_type=content_type, status=206 if part else 200)
    answer["Content-Length"] = str(end - start)
    answer["Accept-Ranges"] = "bytes"
    if part:
        answer["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    answer["Content-Security-Policy"] = POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _part(first: str, last: str, size: int) -> tuple[int, int] | None:
    """From where to where, the end not included; None for what is not there."""
    if not first:
        length = int(last or 0)
        return (max(0, size - length), size) if length and size else None
    start, end = int(first), min(int(last) + 1 if last else size, size)
    return (start, end) if start < end else None


def _pieces(read: Read, start: int, end: int) -> Iterator[bytes]:
    while start < end:
        piece = read(start, min(PIECE, end - start))
        if not piece:
            return
        yield piece
        start += len(piece)
