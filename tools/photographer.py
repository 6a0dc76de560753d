"""Pictures of the screens, taken in a real browser from a Threadline of their own with a fresh sample company.

Each screen is taken wide in light and dark, and on a phone: `story.png`, `story-dark.png`, `story-phone.png`.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from playwright.sync_api import Browser, Page, sync_playwright

from threadline.config.postgres import free_port

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SETTLED_AFTER = 1500
"""Milliseconds in which a page fetches the parts that it loads by itself."""
EMAIL, PASSWORD = "bo@harbourpine.example", "harbour-and-pine"
PERSON = "Ana Karlsson"


@dataclass(frozen=True, slots=True)
class Look:
    ending: str
    width: int
    height: int
    scheme: str
    phone: bool = False


LOOKS = (
    Look("", 1440, 900, "light"),
    Look("-dark", 1440, 900, "dark"),
    Look("-phone", 360, 780, "light", phone=True),
)


@dataclass(frozen=True, slots=True)
class Desk:
    web: int
    database: int

    def page(self, path: str) -> str:
        return f"http://127.0.0.1:{self.web}{path}"

    def number(self, query: str) -> int:
        """One number from the database."""
        with psycopg.connect(f"postgresql://postgres@127.0.0.1:{self.database}/threadline") as connection:
            row = connection.execute(query.encode(), [PERSON]).fetchone()
        assert row is not None, f"the sample company lacks {PERSON}"
        return int(row[0])


@contextmanager
def desk() -> Iterator[Desk]:
    """A Threadline of our own, gone with its data when we are done."""
    with tempfile.TemporaryDirectory(prefix="threadline-pictures-") as folder:
        Path(folder).chmod(0o755)  # the database may run as a user of its own
        here = Desk(free_port(), free_port())
        own = {
            "DATA_DIR": folder,
            "WEB_PORT": str(here.web),
            "POSTGRES_PORT": str(here.database),
            "SMTP_PORT": "0",
            "LMTP_PORT": "0",
            "DATABASE_URL": "",
        }
        environment = {**os.environ, **{f"THREADLINE_{name}": value for name, value in own.items()}}
        process = subprocess.Popen(
            [sys.executable, "-m", "threadline", "up"], env=environment, stdout=subprocess.PIPE, text=True
        )
        try:
            wait_until_up(process)
            yield here
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)


def wait_until_up(process: "subprocess.Popen[str]") -> None:
    said = []
    for line in process.stdout or ():
        said.append(line)
        if "Threadline is up" in line:
            return
    raise SystemExit("Threadline did not start:\n" + "".join(said))


def screens(here: Desk) -> dict[str, str]:
    """The name of each picture and the address of its screen."""
    person = here.number("select id from customers_customer where name = %s and merged_into_id is null")
    story = here.number(
        "select journey.id from journeys_journey journey join customers_customer person on person.id = customer_id "
        "where person.name = %s and joined_into_id is null order by last_at desc limit 1"
    )
    return {
        "queue": "/queue",
        "story": f"/stories/{story}",
        "person": f"/people/{person}",
        "search": "/search?q=kettle",
        "call": "/calls/new?number=%2B447700900142",
    }


def take(browser: Browser, here: Desk, look: Look, wanted: dict[str, str]) -> None:
    """Sign in once and take every wanted screen in this look."""
    context = browser.new_context(
        viewport={"width": look.width, "height": look.height},
        color_scheme=look.scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        has_touch=look.phone,
        is_mobile=look.phone,
        locale="en-GB",
        timezone_id="Europe/London",
    )
    page = context.new_page()
    sign_in(page, here)
    for name, path in wanted.items():
        answer = page.goto(here.page(path), wait_until="load")
        if answer is None or answer.status != 200:
            sys.stdout.write(f"skipped {name}{look.ending}: {path} answered {answer.status if answer else 'nothing'}\n")
            continue
        page.evaluate("document.fonts.ready")
        page.wait_for_timeout(SETTLED_AFTER)
        page.screenshot(path=PICTURES / f"{name}{look.ending}.png")
        sys.stdout.write(f"took {name}{look.ending}.png\n")
    context.close()


def sign_in(page: Page, here: Desk) -> None:
    page.goto(here.page("/sign-in"))
    page.locator("input[type=email], input[name=username], input[name=email]").first.fill(EMAIL)
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address)


def main(names: list[str]) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with desk() as here, sync_playwright() as playwright:
        wanted = {name: path for name, path in screens(here).items() if not names or name in names}
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for look in LOOKS:
            take(browser, here, look, wanted)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
