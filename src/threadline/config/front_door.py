"""The front door: one port. Live updates, chats, the API and hooks run natively; every page is Django under WSGI."""

import asyncio
import contextlib
import gc
import os
from collections.abc import AsyncIterator
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "threadline.config.settings")

from threadline.config.wsgi import application  # sets Django up; the rooms below need that

from a2wsgi import WSGIMiddleware  # isort: skip
from django.conf import settings  # isort: skip
from starlette.applications import Starlette  # isort: skip
from starlette.middleware import Middleware  # isort: skip
from starlette.routing import Mount, Route  # isort: skip
from starlette.staticfiles import StaticFiles  # isort: skip

from threadline.config.large_bodies import LargeBodies  # isort: skip
from threadline.config.safe_headers import SafeHeaders  # isort: skip
from threadline.desk.live import broker, live  # isort: skip
from threadline.interactions.hooks import routes as hook_routes  # isort: skip
from threadline.journeys.api import api  # isort: skip
from threadline.portal.chat.broker import broker as chats  # isort: skip
from threadline.portal.chat.routes import routes as chat_routes  # isort: skip
from threadline.portal.phone.routes import routes as phone_routes  # isort: skip


@contextlib.asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    collect_seldom()
    listening = [asyncio.create_task(each.run()) for each in (broker, chats)]
    yield
    for task in listening:
        task.cancel()


def collect_seldom() -> None:
    """What was loaded at the start stays for ever: looking through it again would hold a page up for 30 ms and more."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


pages: Any = WSGIMiddleware(application, workers=settings.WEB_THREADS)  # type: ignore[arg-type]
app = Starlette(
    lifespan=lifespan,
    middleware=[Middleware(SafeHeaders)],
    routes=[
        Route("/live", live),
        Mount("/api/v1", api),
        Mount("/chat", routes=chat_routes),
        Mount("/in", routes=[*hook_routes, *phone_routes]),
        Mount("/static", StaticFiles(packages=[("threadline.desk", "static"), ("threadline.portal", "static")])),
        Mount("/", LargeBodies(pages, cookie=settings.SESSION_COOKIE_NAME)),
    ],
)
