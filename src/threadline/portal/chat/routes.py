"""The addresses of the chat window, as the front door mounts them at /chat."""

from starlette.routing import BaseRoute, Route, WebSocketRoute

from threadline.portal.chat.requests import call_program, copy, file, view, widget
from threadline.portal.chat.socket import chat

routes: list[BaseRoute] = [
    WebSocketRoute("/socket", chat),
    Route("/widget.js", widget),
    Route("/call.js", call_program),
    Route("/files", file, methods=["POST", "OPTIONS"]),
    Route("/copy", copy, methods=["GET", "POST", "OPTIONS"]),
    Route("/views", view, methods=["POST", "OPTIONS"]),
]
