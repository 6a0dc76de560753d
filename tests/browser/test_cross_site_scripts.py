"""Nothing that customers or colleagues write runs in the browser of whoever reads it, and nothing is fetched by it."""

from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect

from tests.browser.company import HELLO
from tests.browser.product import Product
from tests.cross_site import EVERY, IN_A_LINE
from threadline.core.mail.rich import rich, sanitised
from threadline.desk import foreign

SITE = "http://mail.test"
RAN = """for (const name of ["alert", "prompt", "confirm"]) {
  window[name] = () => { (top.ran ||= []).push(location.href); };
}"""
LEFT = """() => {
  const tags = ["script", "iframe", "object", "embed", "form", "base", "svg", "math", "input", "link"];
  const names = ["srcdoc", "action", "formaction", "ping", "srcset", "xlink:href", "id", "name", "class", "background"];
  const SCHEMES = ["http:", "https:", "mailto:", "tel:"];
  const dangerous = (tag, name, value) => name.startsWith("on") || name.includes("hx-") || tags.includes(tag)
    || (names.includes(name) && tag !== "meta")
    || (name === "style" && /url|expression|image-set|@|position/i.test(value))
    || (name === "href" && !SCHEMES.includes(new URL(value, location.href).protocol));
  return [...document.querySelectorAll("*")].flatMap((one) => [...one.attributes]
    .filter((each) => dangerous(one.localName, each.name, each.value))
    .map((each) => `<${one.localName} ${each.name}="${each.value}">`));
}"""


@pytest.fixture
def bare(browser: Browser) -> Iterator[tuple[Page, dict[str, str], list[str]]]:
    """A browser without any content policy: what is served is what runs. Its page, what to serve, what left it."""
    context = browser.new_context()
    context.add_init_script(RAN)
    pages: dict[str, str] = {}
    left: list[str] = []

    def serve(route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        if route.request.url.startswith(SITE) and path in pages:
            route.fulfill(body=pages[path], content_type="text/html; charset=utf-8")
            return
        left.append(route.request.url)
        route.abort()

    context.route("**/*", serve)
    yield context.new_page(), pages, left
    context.close()


@pytest.mark.parametrize(
    "clean",
    [
        lambda html: foreign.harmless(html, pictures={}, remote=False),
        lambda html: foreign.PAGE.format(body=sanitised(html)),
        lambda html: foreign.PAGE.format(body=rich(f"**bold** [x]({html}) {html}").html),
    ],
    ids=["a mail", "an answer of ours", "an answer with a form"],
)
def test_what_is_known_to_run_in_careless_pages_runs_in_none_of_ours(
    bare: tuple[Page, dict[str, str], list[str]], clean: Callable[[str], str]
):
    """Without the frame's policy and sandbox, which would stop it too: the words themselves are harmless."""
    page, pages, left = bare
    pages |= {f"/{number}": clean(vector) for number, vector in enumerate(EVERY)}
    pages["/"] = "".join(f'<iframe src="/{number}"></iframe>' for number in range(len(EVERY)))

    page.goto(f"{SITE}/", wait_until="load")

    assert len(EVERY) >= 80
    assert len(page.frames) == len(EVERY) + 1, "a vector made a frame of its own"
    assert page.evaluate("top.ran || []") == []
    assert left == []
    assert {frame.url: found for frame in page.frames[1:] if (found := frame.evaluate(LEFT))} == {}


@pytest.fixture
def told(product: Product) -> int:
    """Zed writes markup into everything that a customer can fill in."""
    mail = EmailMessage()
    mail["From"] = f'"{IN_A_LINE.replace(chr(34), "")}" <zed@example.com>'
    mail["To"], mail["Subject"], mail["Message-ID"] = HELLO, f"Kettle {IN_A_LINE}", f"<{uuid4().hex}@example.com>"
    mail.set_content("\n".join(["Zed's kettle leaks. Order HP-6161.", *(v for v in EVERY if v.isprintable())]))
    mail.add_alternative("<div>".join(v.encode("utf-8", "replace").decode() for v in EVERY), subtype="html")
    mail.add_attachment(b"words", "text", "plain", filename=f"{IN_A_LINE}.txt".replace("/", ""))
    product.mail.send(mail.as_bytes(), to=HELLO, sender="zed@example.com")
    sender = {"email": "zed@example.com", "display_name": IN_A_LINE}
    story = product.told(sender, f"{IN_A_LINE} Zed's kettle HP-6161 again", subject=f"Kettle {IN_A_LINE}")
    product.told({"handle": "@zed<b>", "display_name": IN_A_LINE}, f"{IN_A_LINE} HP-6161", kind="x")
    return story


def watched(context: BrowserContext, product: Product) -> dict[str, list[Any]]:
    """Scripts that ran, requests that left, and what the policy had to stop: markup got through where it did."""
    seen: dict[str, list[Any]] = {"ran": [], "left": [], "stopped": []}

    def asked(request: Request) -> None:
        if not request.url.startswith((product.url, "data:", "blob:")):
            seen["left"].append(request.url)

    context.on("dialog", lambda dialog: (seen["ran"].append(dialog.message), dialog.dismiss()))
    context.on("request", asked)
    context.on("console", lambda told: seen["stopped"].append(told.text) if "Content Security" in told.text else None)
    return seen


def test_markup_in_names_subjects_files_texts_macros_and_chats_stays_text_on_every_screen(
    product: Product, bo: Page, window: Callable[..., BrowserContext], told: int
):
    seen = watched(bo.context, product)
    visitor = window().new_page()
    theirs = watched(visitor.context, product)
    visitor.goto("/demo")
    visitor.get_by_role("button", name="Help").click()
    visitor.get_by_label("Your message").fill(f"{IN_A_LINE} my vase HP-6262")
    visitor.get_by_label("Your message").press("Enter")
    bo.goto("/settings/macros/new")
    bo.get_by_label("Name", exact=False).first.fill(IN_A_LINE[:60])
    bo.locator("#id_text").fill(IN_A_LINE.replace("{", "(").replace("}", ")"))
    bo.get_by_role("button", name="Keep it").click()

    bo.goto(f"/stories/{told}")
    expect(bo.locator("h1")).to_contain_text("<script>alert(1)</script>")
    bo.evaluate("document.querySelectorAll('details.as-sent').forEach((one) => { one.open = true; })")
    bo.get_by_label("What you write").fill(f"**bold** [x](javascript:alert(1)) {IN_A_LINE}")
    bo.get_by_label("What you write").press_sequentially("\n/")
    for path in ("/queue", "/search?q=kettle", f"/search?q={quote(IN_A_LINE)}", "/review/people", "/times"):
        bo.goto(path)
    bo.goto("/chats")
    waits = bo.locator("[data-waits]").filter(has_text="my vase HP-6262")
    waits.get_by_role("button").first.click()
    column = bo.locator(".chat").filter(has_text="my vase HP-6262")
    column.get_by_label("Your answer").last.fill(IN_A_LINE)
    column.get_by_label("Your answer").last.press("Enter")
    log = visitor.get_by_role("log", name="What you and we said")
    expect(log.locator(".said").filter(has_text=IN_A_LINE)).to_have_count(2, timeout=20_000)
    bo.goto(f"/stories/{told}")
    bo.locator("a[href^='/people/']").first.click()
    expect(bo.locator("h1")).to_contain_text("onerror=alert(1)")

    assert seen == theirs == {"ran": [], "left": [], "stopped": []}
