"""The whole product, started once, and agents who look at it in Debian's Chromium."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.company import BO
from tests.browser.desk import signed_in
from tests.browser.product import Product
from tests.browser.programs import launched
from tests.config.running import running
from tests.mail_server import MailServer, mail_server
from threadline.config import postgres

__all__ = ["mail_server"]

PATIENCE = 20_000
"""Milliseconds. Browsers, a desk and a database share the machine with other tests."""
UP = [sys.executable, "-m", "threadline", "up", "--no-sample"]


@pytest.fixture(scope="session")
def product(mail_server: MailServer) -> Iterator[Product]:
    """`threadline up` with a data folder, a database and ports of its own."""
    with tempfile.TemporaryDirectory(prefix="threadline-browser-") as folder:
        Path(folder).chmod(0o755)
        ports = {name: str(postgres.free_port()) for name in ("WEB", "POSTGRES", "SMTP", "LMTP")}
        surroundings = {
            "THREADLINE_DATA_DIR": folder,
            "THREADLINE_DATABASE_URL": "",
            "THREADLINE_UNDO_SECONDS": "6",
            **{f"THREADLINE_{name}_PORT": port for name, port in ports.items()},
        }
        try:
            with running(UP, environment=surroundings) as up:
                url = up.wait_for("Threadline is up at").split(" at ")[1].split()[0]
                yield Product(url, surroundings, mail_server, up.lines)
        finally:
            postgres.stop(Path(folder) / "postgres")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for each file: Playwright's event loop must not stay around for other tests."""
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        browser = launched(playwright)
        yield browser
        browser.close()


@pytest.fixture
def window(browser: Browser, product: Product) -> Iterator[Callable[..., BrowserContext]]:
    """Opens windows that know the desk's address; whatever went wrong inside them fails the test."""
    opened: list[BrowserContext] = []
    troubles: list[str] = []

    def new(**more: object) -> BrowserContext:
        usual = {"base_url": product.url, "viewport": {"width": 1440, "height": 900}}
        context = browser.new_context(**{**usual, **more})
        context.set_default_timeout(PATIENCE)
        context.on("weberror", lambda error: troubles.append(str(error.error)))
        context.on("response", lambda answer: troubles.append(answer.url) if answer.status >= 500 else None)
        opened.append(context)
        return context

    yield new
    for context in opened:
        context.close()
    assert troubles == []


@pytest.fixture
def bo(window: Callable[..., BrowserContext]) -> Page:
    """Bo's desk at his queue, in a wide window."""
    return signed_in(window().new_page(), BO)
