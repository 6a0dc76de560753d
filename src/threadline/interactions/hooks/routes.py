"""The addresses that the front door mounts at /in."""

from starlette.routing import BaseRoute, Route

from threadline.interactions.hooks.door import hook
from threadline.interactions.hooks.files import enclosure

routes: list[BaseRoute] = [
    Route("/files/{token}", enclosure, methods=["GET"]),
    Route("/{channel:int}", hook, methods=["GET", "POST"]),
]
