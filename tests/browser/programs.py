"""Debian's Chromium, as the tests start it."""

import shutil

import pytest
from playwright.sync_api import Browser, Playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launched(playwright: Playwright) -> Browser:
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("The browser tests need Chromium. Run: apt install chromium", pytrace=False)
    return playwright.chromium.launch(executable_path=program, args=FLAGS)
