"""`threadline web`: serve the front door."""

import contextlib
import socket
import sys

FAILED = 3


def doors() -> list[str]:
    """The names of the front doors that THREADLINE_WEB_PROCESSES asks for: web, web 2 …"""
    from threadline.config.settings import WEB_PROCESSES

    return ["web", *(f"web {number}" for number in range(2, WEB_PROCESSES + 1))]


def serve() -> None:
    """Run until stopped. Open live streams are given two seconds to end."""
    import uvicorn

    from threadline.config.settings import WEB_HOST, WEB_PORT, WEB_PROCESSES

    server = uvicorn.Server(
        uvicorn.Config(
            "threadline.config.front_door:app",
            host=WEB_HOST,
            port=WEB_PORT,
            log_level="warning",
            timeout_graceful_shutdown=2,
            proxy_headers=True,
            server_header=False,
            ws="websockets-sansio",
            ws_max_size=64 * 1024,
            ws_per_message_deflate=False,  # chats are short: packing them would cost memory for every open window
        )
    )
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[shared_door(WEB_HOST, WEB_PORT)] if WEB_PROCESSES > 1 else None)
    if not server.started:
        sys.exit(FAILED)


def shared_door(host: str, port: int) -> socket.socket:
    """A socket on a port that several processes hold: the kernel gives each new connection to one of them."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    door.bind((host, port))
    return door
