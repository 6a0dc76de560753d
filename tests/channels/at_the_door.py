"""The front door's addresses for providers, called without a network: as an ASGI application."""

import asyncio

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount

from threadline.channels.contract import Hook
from threadline.interactions.hooks import door, routes

app = Starlette(routes=[Mount("/in", routes=routes)])


def call(*hooks: Hook, together: bool = True) -> list[httpx.Response]:
    """Hand requests in, all at once or one after the other."""
    door.forget()
    return asyncio.run(_call(hooks, together))


async def _call(hooks: tuple[Hook, ...], together: bool) -> list[httpx.Response]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://desk.example.com") as client:
        asked = [client.request(hook.method, hook.url, content=hook.body, headers=hook.headers) for hook in hooks]
        if together:
            return list(await asyncio.gather(*asked))
        return [await each for each in asked]
