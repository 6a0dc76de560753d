"""The addresses of calls, beside those of everything that comes in."""

from starlette.routing import BaseRoute, Route

from threadline.portal.phone.door import asked

routes: list[BaseRoute] = [
    Route("/{channel:int}/call", asked, methods=["POST"]),
    Route("/{channel:int}/call/{place:str}", asked, methods=["POST"]),
    Route("/{channel:int}/leg/{leg:int}/{place:str}", asked, methods=["POST"]),
]
