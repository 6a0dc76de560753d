"""`threadline web`: serve the front door."""


def serve() -> None:
    """Run until stopped. Open live streams are given two seconds to end."""
    import uvicorn

    from threadline.config.settings import WEB_HOST, WEB_PORT

    uvicorn.run(
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
