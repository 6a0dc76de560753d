"""What every request passes: a key that is known, a body of a bearable size, a thread with a database connection."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Annotated, NoReturn, ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

from threadline.accounts.models import ApiKey

P = ParamSpec("P")
T = TypeVar("T")

LARGEST_BODY = 16 * 1024 * 1024
THREADS = 8  # more would only wait for each other: Python runs one at a time, and the database has other guests
REMEMBERED_SECONDS = 3.0
MOST_REMEMBERED = 1000
NOTED_EVERY = 60.0

workers = ThreadPoolExecutor(THREADS, thread_name_prefix="api")


def refuse(status: int, reason: str, **headers: str) -> NoReturn:
    """Answer with an error in words; nothing of the request was taken."""
    raise HTTPException(status, reason, {name.replace("_", "-"): value for name, value in headers.items()} or None)


async def in_thread(work: Callable[P, T], *arguments: P.args, **more: P.kwargs) -> T:
    """Run blocking work with a database connection that is alive."""

    def run() -> T:
        close_old_connections()
        try:
            return work(*arguments, **more)
        except (OperationalError, InterfaceError):
            refuse(503, "The database does not answer. Nothing was taken: send it again in a moment.", Retry_After="2")
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(workers, run)


# ---- keys ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Known:
    """A key that was found good a moment ago."""

    number: int
    until: float
    noted: float = 0.0


known_keys: dict[str, Known] = {}
bearer = HTTPBearer(auto_error=False, description="A key from `threadline create-api-key NAME`, such as tl_…")


async def key_of(given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> int:
    """The id of the key the request carries. A revoked one is refused within seconds."""
    if given is None:
        refuse(401, "Send a key: Authorization: Bearer tl_…  (threadline create-api-key makes one).", **CHALLENGE)
    digest = ApiKey.digest_of(given.credentials)
    known = known_keys.get(digest)
    if known is None or known.until < time.monotonic():
        known = await in_thread(look_up, digest)
    return known.number


CHALLENGE = {"WWW_Authenticate": "Bearer"}
Key = Annotated[int, Depends(key_of)]


def look_up(digest: str) -> Known:
    key = ApiKey.objects.filter(digest=digest).first()
    if key is None:
        known_keys.pop(digest, None)
        refuse(401, "This key is unknown. Check it, or make one with threadline create-api-key.", **CHALLENGE)
    if key.revoked_at is not None:
        known_keys.pop(digest, None)
        refuse(401, f"The key “{key.name}” was revoked on {key.revoked_at:%d %b %Y}. Ask for a new one.", **CHALLENGE)
    return remember(digest, key)


def remember(digest: str, key: ApiKey) -> Known:
    """Keep the key for a few seconds; note once a minute that it is in use."""
    now, before = time.monotonic(), known_keys.get(digest)
    noted = before.noted if before else 0.0
    if not noted or now - noted > NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(used_at=timezone.now())
        noted = now
    if len(known_keys) >= MOST_REMEMBERED:
        known_keys.clear()
    known_keys[digest] = Known(key.pk, now + REMEMBERED_SECONDS, noted)
    return known_keys[digest]


# ---- bodies ----------------------------------------------------------------------------------------------------


async def body_of(request: Request) -> bytes:
    """The whole body, refused as soon as it is too large."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > LARGEST_BODY:
        too_large()
    pieces, length = [], 0
    async for piece in request.stream():
        length += len(piece)
        if length > LARGEST_BODY:
            too_large()
        pieces.append(piece)
    return b"".join(pieces)


def too_large() -> NoReturn:
    refuse(413, f"The body is larger than {LARGEST_BODY // 2**20} MB. Send the interactions in several requests.")
