"""Pictures of the screens, taken in a real browser from a Threadline of their own with a fresh sample company.

Each screen of tools/screens.py is taken wide in light and dark, and on a phone: `story.webp`, `story-dark.webp`,
`story-phone.webp`.
"""

import base64
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
from tools.screens import ANYBODY, Screen, every_screen

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
COMPANY, PASSWORD = "harbourpine.example", "harbour-and-pine"
PERSON = "Ana Karlsson"
CHAT = "Hello, does the Tern kettle come in green?"
QUALITY = 82


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
    environment: dict[str, str]

    def page(self, path: str) -> str:
        return f"http://127.0.0.1:{self.web}{path}"

    def number(self, query: str) -> int:
        """One number from the database."""
        with psycopg.connect(f"postgresql://postgres@127.0.0.1:{self.database}/threadline") as connection:
            row = connection.execute(query.encode(), [PERSON]).fetchone()
        assert row is not None, f"the sample company lacks {PERSON}"
        return int(row[0])

    def stop_link(self) -> str:
        return subprocess.check_output([sys.executable, "-m", "tools.stop_link"], env=self.environment, text=True)


@contextmanager
def desk() -> Iterator[Desk]:
    """A Threadline of our own, gone with its data when we are done."""
    with tempfile.TemporaryDirectory(prefix="threadline-pictures-") as folder:
        Path(folder).chmod(0o755)  # the database may run as a user of its own
        web, database = free_port(), free_port()
        own = {
            "DATA_DIR": folder,
            "WEB_PORT": str(web),
            "POSTGRES_PORT": str(database),
            "SMTP_PORT": "0",
            "LMTP_PORT": "0",
            "DATABASE_URL": "",
        }
        environment = {**os.environ, **{f"THREADLINE_{name}": value for name, value in own.items()}}
        here = Desk(web, database, {**environment, "DJANGO_SETTINGS_MODULE": "threadline.config.settings"})
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


def places(here: Desk) -> dict[str, int | str]:
    """What addresses of screens name."""
    return {
        "person": here.number("select id from customers_customer where name = %s and merged_into_id is null"),
        "story": here.number(
            "select journey.id from journeys_journey journey join customers_customer person on person.id = customer_id "
            "where person.name = %s and joined_into_id is null order by last_at desc limit 1"
        ),
        "stop": here.stop_link(),
    }


def take(browser: Browser, here: Desk, look: Look, wanted: list[Screen]) -> None:
    """Take every wanted screen in this look; everybody signs in once."""
    known = places(here)
    for who in dict.fromkeys(screen.who for screen in wanted):
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
        if who != ANYBODY:
            sign_in(page, here, who)
        for screen in wanted:
            if screen.who == who:
                show(page, here.page(screen.path.format(**known)), screen)
                keep(page, PICTURES / f"{screen.name}{look.ending}.webp")
        context.close()


def somebody_chats(browser: Browser, here: Desk) -> None:
    """A visitor at the demo shop whose window stays open while the pictures are taken."""
    page = browser.new_context(locale="en-GB").new_page()
    page.goto(here.page("/demo"))
    page.locator("threadline-chat button").first.click()
    page.locator("threadline-chat textarea").fill(CHAT)
    page.keyboard.press("Enter")
    page.locator("threadline-chat").get_by_text(CHAT).first.wait_for()


def show(page: Page, address: str, screen: Screen) -> None:
    answer = page.goto(address, wait_until="load")
    if answer is None or answer.status != 200:
        raise SystemExit(f"{screen.name}: {address} answered {answer.status if answer else 'nothing'}")
    page.evaluate("document.fonts.ready")
    if screen.opens:
        page.locator(screen.opens).first.click()
    if screen.presses:
        page.keyboard.press(screen.presses)
    page.wait_for_timeout(SETTLED_AFTER)


def keep(page: Page, path: Path) -> None:
    """As WebP, a third of what PNG takes; Playwright itself writes PNG and JPEG only."""
    session = page.context.new_cdp_session(page)
    picture = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    path.write_bytes(base64.b64decode(picture["data"]))
    session.detach()
    sys.stdout.write(f"took {path.name}\n")


def sign_in(page: Page, here: Desk, who: str) -> None:
    page.goto(here.page("/sign-in"))
    page.locator("input[name=username]").fill(f"{who}@{COMPANY}")
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address)


def main(names: list[str]) -> None:
    wanted = [screen for screen in every_screen() if not names or screen.name in names]
    if unknown := set(names) - {screen.name for screen in wanted}:
        raise SystemExit(f"No such screen: {', '.join(sorted(unknown))}. tools/screens.py lists them.")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with desk() as here, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        somebody_chats(browser, here)
        for look in LOOKS:
            take(browser, here, look, wanted)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
