"""What every request passes: a key that is known, a body of a bearable size, a thread with a database connection."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Annotated, Any, NoReturn, ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from threadline.accounts.models import ApiKey
from threadline.accounts.rights import Scope
from threadline.interactions.api import pacing
from threadline.interactions.api.answering import refuse
from threadline.interactions.api.pacing import Pace

P = ParamSpec("P")
T = TypeVar("T")

LARGEST_BODY = 16 * 1024 * 1024
THREADS = 8  # more would only wait for each other: Python runs one at a time, and the database has other guests
REMEMBERED_SECONDS = 3.0
MOST_REMEMBERED = 1000
NOTED_EVERY = 60.0

workers = ThreadPoolExecutor(THREADS, thread_name_prefix="api")


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
    name: str = ""
    scopes: frozenset[str] = frozenset()
    calm: Pace = field(default_factory=Pace)


known_keys: dict[str, Known] = {}
bearer = HTTPBearer(auto_error=False, description="A key from Settings, API keys, such as tl_…")


async def known_key(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Known:
    """The key that the request carries. A revoked or ended one is refused within seconds."""
    source = request.client.host if request.client else ""
    if given is None:
        refuse(401, "Send a key: Authorization: Bearer tl_…  (Settings, API keys, makes one).", **CHALLENGE)
    digest = ApiKey.digest_of(given.credentials)
    known = known_keys.get(digest)
    if known is None:
        pacing.refuse_guesser(source)
    if known is None or known.until < time.monotonic():
        known = await in_thread(look_up, digest, source)
    pacing.refuse_hasty(known.calm, known.name)
    return known


CHALLENGE = {"WWW_Authenticate": "Bearer"}


def good_for(scope: Scope) -> Any:
    """A dependency: the id of the request's key, which must have this scope."""

    async def key_of(known: Annotated[Known, Depends(known_key)]) -> int:
        if scope.value not in known.scopes:
            refuse(403, f"The key “{known.name}” is not good for this: it lacks the scope {scope.value}.")
        return known.number

    return Depends(key_of)


Writing = Annotated[int, good_for(Scope.WRITE)]
Reading = Annotated[int, good_for(Scope.READ)]
Calling = Annotated[int, good_for(Scope.CALLS)]
ReadingFields = Annotated[int, good_for(Scope.FIELDS_READ)]
WritingFields = Annotated[int, good_for(Scope.FIELDS_WRITE)]


def look_up(digest: str, source: str) -> Known:
    key = ApiKey.objects.filter(digest=digest).first()
    now = timezone.now()
    if key is not None and key.works(now):
        return remember(digest, key)
    known_keys.pop(digest, None)
    pacing.wrong_key(source)
    return refuse(401, why_not(key), **CHALLENGE)


def why_not(key: ApiKey | None) -> str:
    if key is None:
        return "This key is unknown. Check it, or make one under Settings, API keys."
    over, moment = ("was revoked", key.revoked_at) if key.revoked_at else ("ended", key.expires_at)
    return f"The key “{key.name}” {over} on {moment:%d %b %Y}. Ask for a new one."


def remember(digest: str, key: ApiKey) -> Known:
    """Keep the key for a few seconds; note once a minute that it is in use."""
    now, before = time.monotonic(), known_keys.get(digest)
    noted = before.noted if before else 0.0
    if not noted or now - noted > NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(used_at=timezone.now())
        noted = now
    if len(known_keys) >= MOST_REMEMBERED:
        known_keys.clear()
    calm = before.calm if before else pacing.fresh()
    known_keys[digest] = Known(key.pk, now + REMEMBERED_SECONDS, noted, key.name, frozenset(key.scopes), calm)
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
