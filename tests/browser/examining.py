"""Every screen visited once, by whoever may see it, and looked at in each size and light. Two people walk at a time."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from playwright.sync_api import Error, Page, expect, sync_playwright

from tests.browser.desk import signed_in
from tests.browser.programs import launched
from tests.browser.screens import ANYBODY, Screen

AXE = (Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text()
EXAMINE = Path(__file__).with_suffix(".js").read_text()
WIDE, PHONE, NARROWEST = 1440, 360, 320
PATIENCE = 20_000
STICKS_OUT = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const scrolls = (one) => one !== document.body && /auto|scroll|hidden|clip/.test(getComputedStyle(one).overflowX);
  const held = (one) => one && one !== document.body && (scrolls(one) || held(one.parentElement));
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > width + 1 && one.checkVisibility() && !held(one.parentElement))
    .map((one) => one.outerHTML.slice(0, 200)).slice(-5).concat([`${document.documentElement.scrollWidth} px`]);
}"""


@dataclass
class Findings:
    """What is wrong, by screen and look; what broke on the way; which colours on which grounds were judged."""

    serious: dict[str, list[str]] = field(default_factory=dict)
    sticking_out: dict[str, list[str]] = field(default_factory=dict)
    broke: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    pairs: set[str] = field(default_factory=set)


def examined(url: str, screens: Sequence[Screen]) -> Findings:
    """One browser for each of two threads: while one waits for the server, the other thinks about colours."""
    found = Findings()
    people = [list(theirs) for _, theirs in groupby(sorted(screens, key=attrgetter("who")), key=attrgetter("who"))]
    with ThreadPoolExecutor(2) as pool:
        for walk in [pool.submit(walk_of, theirs, url, found) for theirs in sorted(people, key=len, reverse=True)]:
            walk.result()
    return found


def walk_of(screens: Sequence[Screen], url: str, found: Findings) -> None:
    """All screens of one person."""
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        browser = launched(playwright)
        page = browser.new_context(base_url=url, reduced_motion="reduce").new_page()
        page.set_default_timeout(PATIENCE)
        page.context.on("weberror", lambda error: found.broke.append(str(error.error)))
        page.on("response", lambda answer: found.broke.append(answer.url) if answer.status >= 500 else None)
        if screens[0].who != ANYBODY:
            signed_in(page, screens[0].who)
        for screen in screens:
            try:
                visit(page, screen, found)
            except Error as error:
                found.broke.append(f"{screen.name}: {error}")
        browser.close()


def visit(page: Page, screen: Screen, found: Findings) -> None:
    look(page, WIDE, "light")
    page.goto(screen.path)
    if screen.follows:
        page.locator(f"main a[href^='{screen.follows}']:not([href$='/new'])").first.click()
        page.wait_for_load_state()
    if screen.presses:
        page.get_by_role("button", name=screen.presses).first.click()
    page.evaluate(AXE)
    found.seen.append(screen.name)
    for where, wrong in looks(page, found.pairs):
        if wrong:
            found.serious[f"{screen.name}, {where}"] = wrong
    for width in (PHONE, NARROWEST):
        look(page, width, "light")
        if outside := page.evaluate(STICKS_OUT):
            found.sticking_out[f"{screen.name} at {width} px"] = outside


def looks(page: Page, pairs: set[str]) -> Iterator[tuple[str, list[str]]]:
    """What axe says in each look. Colours are all that differs between light and dark."""
    for width in (WIDE, PHONE):
        for scheme in ("light", "dark"):
            look(page, width, scheme)
            yield f"{scheme} at {width} px", complaints(page, pairs, only_colours=scheme == "dark")


def complaints(page: Page, pairs: set[str], *, only_colours: bool = False) -> list[str]:
    """What axe finds serious on the page, which has it loaded. `pairs` are the colours judged before, and grow."""
    judged, found = page.evaluate(EXAMINE, [list(pairs), not only_colours])
    pairs.update(judged)
    said: list[str] = found
    return said


def look(page: Page, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
