"""How long it takes until something shows on an open screen, told by the screen itself."""

import time
from itertools import count

from playwright.sync_api import Page

WATCH = """([mark, selector, text]) => {
  const observer = new MutationObserver(look);
  function look() {
    const shown = [...document.querySelectorAll(selector)].some((one) => one.textContent.includes(text));
    if (!shown || performance.getEntriesByName(mark).length) return;
    performance.mark(mark);
    observer.disconnect();
  }
  observer.observe(document.body, { childList: true, subtree: true, characterData: true });
  look();
}"""
SEEN_AT = """(mark) => new Promise((tell) => {
  const ask = () => {
    const [entry] = performance.getEntriesByName(mark);
    if (entry) tell(performance.timeOrigin + entry.startTime);
    else requestAnimationFrame(ask);
  };
  ask();
})"""
_marks = count(1)


class Watch:
    """Looks from now on for an element with a text."""

    def __init__(self, page: Page, selector: str, text: str = "") -> None:
        self.page, self.mark = page, f"watch-{next(_marks)}"
        page.evaluate(WATCH, [self.mark, selector, text])

    def seconds_since(self, moment: float) -> float:
        """From a moment (as `time.time()` tells it) until the element showed; waits for it."""
        seen_at: float = self.page.evaluate(SEEN_AT, self.mark)
        return seen_at / 1000 - moment


def now() -> float:
    return time.time()
