"""What is too large for a page is refused at the front door, before anything is kept of it.

Django would write a form of any size to the disk before it looks who sends it. The body is read and thrown away, piece
by piece, so that a browser which is still sending gets to see why; what never ends is cut off.
"""

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LARGEST_FORM = 48 * 2**20  # several files at once; one has 20 MB at most
LARGEST_OF_STRANGERS = 2**20  # nobody attaches a file to a sign-in
THROWN_AWAY = 512 * 2**20
PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Too large · Threadline</title></head>'
    "<body><p data-refused>{words}</p></body></html>"
)


class LargeBodies:
    """Around the pages. `cookie` is the name of the one that whoever is signed in sends."""

    def __init__(self, app: ASGIApp, *, cookie: str) -> None:
        self.app, self.cookie = app, cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        length, most = announced(headers), self.most(headers)
        if length is not None and length <= most:
            await self.app(scope, receive, send)
            return
        if length is not None:
            await throw_away(receive)
        words = (
            f"That has {length / 1e6:.0f} MB; {most / 1e6:.0f} MB go at once. Send less, or a link to it."
            if length is not None
            else "The request does not say how long it is. Send it with a Content-Length."
        )
        answer = HTMLResponse(PAGE.format(words=words), 411 if length is None else 413, {"Connection": "close"})
        await answer(scope, receive, send)

    def most(self, headers: Headers) -> int:
        return LARGEST_FORM if f"{self.cookie}=" in headers.get("cookie", "") else LARGEST_OF_STRANGERS


def announced(headers: Headers) -> int | None:
    """None where it does not say."""
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return None
    said = headers.get("content-length", "0")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None


async def throw_away(receive: Receive) -> None:
    seen, more = 0, True
    while more and seen < THROWN_AWAY:
        message = await receive()
        more = message["type"] == "http.request" and message.get("more_body", False)
        seen += len(message.get("body", b""))
