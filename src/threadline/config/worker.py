"""`threadline worker`: the pipeline and the notices in threads of their own, and jobs from Procrastinate."""

import asyncio
import os
import signal
import threading


def run() -> None:
    """Work until SIGTERM or SIGINT. Any number of workers may run; one of them drives the pipeline at a time."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "threadline.config.settings")
    import django

    django.setup()
    from threadline.journeys.driving import drive
    from threadline.journeys.notices import telling
    from threadline.journeys.routing.run import route_now
    from threadline.journeys.rules.run import run_now

    def then() -> None:
        route_now()
        run_now()

    stop = threading.Event()
    driver = threading.Thread(target=drive, args=(stop,), kwargs={"then": then}, name="pipeline", daemon=True)
    teller = threading.Thread(target=telling.drive, args=(stop,), name="notices", daemon=True)
    driver.start()
    teller.start()
    try:
        asyncio.run(run_jobs())
    finally:
        stop.set()
        driver.join(timeout=3)
        teller.join(timeout=3)


async def run_jobs() -> None:
    from procrastinate.contrib.django import app

    jobs = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with jobs.open_async():
        working = asyncio.create_task(
            jobs.run_worker_async(concurrency=4, install_signal_handlers=False, delete_jobs="successful")
        )
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, working.cancel)
        try:
            await working
        except asyncio.CancelledError:
            return
