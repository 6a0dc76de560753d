"""A call between shop and desk, and a short video by mail, with a browser's own fake camera and microphone."""

import re
import shutil
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from tests.browser.conftest import PATIENCE
from tests.browser.product import Product
from tests.browser.programs import FLAGS
from tests.browser.test_chat_window import at_the_shop, column, says

Window = Callable[..., BrowserContext]
DEVICES = [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]
# Both ends of a connection are remembered, so that what really passed can be asked for.
REMEMBER = """
const Real = RTCPeerConnection; window.links = [];
window.RTCPeerConnection = class extends Real { constructor(...all) { super(...all); window.links.push(this); } };
"""
HEARD = """async (frames) => {
  const stats = [...(await window.links.at(-1).getStats()).values()];
  const of = (kind) => stats.find((each) => each.type === "inbound-rtp" && each.kind === kind) ?? {};
  const voice = of("audio");
  return voice.packetsReceived > 20 && voice.totalAudioEnergy > 0 && (of("video").framesDecoded ?? 0) >= frames;
}"""
PLAY = """async (player) => {
  player.muted = true;
  await player.play();
  await new Promise((done) => {
    const look = () => (player.currentTime > 0.5 || player.ended ? done() : setTimeout(look, 50));
    look();
  });
  return player.currentTime;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """As elsewhere, with a camera that shows a pattern and a microphone that beeps."""
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=[*FLAGS, *DEVICES])
        yield started
        started.close()


def hears(page: Page, *, frames: int = 0) -> None:
    """Sound comes in from the other side, and with it a picture."""
    page.wait_for_function(HEARD, arg=frames)


def test_visitor_and_agent_talk_see_each_other_and_the_recorded_call_stands_in_the_story(window: Window, bo: Page):
    visitor = at_the_shop(window, viewport={"width": 360, "height": 740})
    for page in (visitor, bo):
        page.context.add_init_script(REMEMBER)
    visitor.reload()
    bo.goto("/chats")
    visitor.get_by_role("button", name="Help").click()
    says(visitor, "My Tern kettle hums. Order HP-7720.")
    bo.locator("[data-waits]").filter(has_text="HP-7720").get_by_role("button", name=re.compile("Take it")).click()
    chat = column(bo, "HP-7720")
    expect(chat).to_be_visible()

    visitor.get_by_role("button", name="Call: talk instead of writing").press("Enter")
    rings = bo.get_by_role("alert").filter(has_text="calls in the chat")
    with bo.expect_popup() as opened:
        rings.get_by_role("link", name="Answer").press("Enter")
    talk = opened.value

    expect(talk.get_by_role("status")).to_have_text("You can hear each other.")
    expect(visitor.get_by_text("You talk with Bo", exact=True)).to_be_visible()
    hears(talk)
    hears(visitor)
    assert visitor.evaluate("document.documentElement.scrollWidth") == 360

    talk.get_by_role("button", name="Record").click()
    expect(talk.get_by_text("Recording", exact=True)).to_be_hidden()
    asked = visitor.get_by_role("alertdialog").filter(has_text="Bo would like to record")
    asked.get_by_role("button", name="Agree").press("Enter")
    expect(talk.get_by_text("Recording", exact=True)).to_be_visible()
    expect(visitor.get_by_text("Recording", exact=True)).to_be_visible()
    visitor.get_by_role("button", name="Cameras").click()
    talk.get_by_role("alertdialog").get_by_role("button", name="Agree").click()
    hears(talk, frames=5)
    hears(visitor, frames=5)
    visitor.get_by_role("button", name="Mute").click()
    expect(visitor.get_by_role("button", name="Unmute")).to_be_visible()
    visitor.get_by_role("button", name="Hang up").click()

    expect(talk.get_by_role("status")).to_have_text("The call is over. It stands in the story.")
    expect(chat).to_contain_text("by phone")
    chat.get_by_role("heading").get_by_role("link").click()
    touch = bo.locator(".touch[data-kind=note]").last
    expect(touch).to_contain_text("Recorded; both agreed.")
    expect(touch).to_contain_text("video call in the chat")
    assert plays(touch.locator("video.recorded"))
    expect(bo.get_by_text("noted that they agreed to record the call")).to_be_visible()


def plays(player: Locator) -> bool:
    """More than half a second of it can really be played."""
    return float(player.evaluate(PLAY)) > 0.5


def test_a_video_is_recorded_goes_by_mail_is_played_on_a_phone_and_answered(window: Window, bo: Page, product: Product):
    product.mail.mailbox("vera@example.com")
    story = product.told({"email": "vera@example.com", "display_name": "Vera Holm"}, "How do I change the ring?")
    bo.goto(f"/stories/{story}")

    bo.keyboard.press("t")
    expect(bo.get_by_label("What you write")).to_have_value(re.compile("Dear Vera,\n\nthank you"))
    dialog = bo.get_by_role("dialog", name="A short video")
    dialog.get_by_role("button", name="Camera").click()
    dialog.get_by_role("button", name="Record").click()
    expect(dialog.get_by_text(re.compile(r"(0:0[2-9]|0:[1-5]\d|1:\d\d) / 2:00"))).to_be_visible()
    dialog.get_by_role("button", name="Stop").click()
    dialog.get_by_label(re.compile("Captions")).fill("Hello Vera. Turn the ring to the left.")
    dialog.get_by_role("button", name="Use it").click()
    expect(bo.get_by_label("What you write")).to_have_value(re.compile(r"/film/\S+\n$"))
    bo.keyboard.press("Control+Enter")
    expect(bo.locator("#films > details > summary")).to_contain_text("not played yet", timeout=PATIENCE)

    (raw,) = product.mail.received("vera@example.com", within=20)
    body = message_from_bytes(raw, policy=default).get_body(("plain",))
    link = re.search(r"http://\S+/film/\S+", body.get_content() if body else "")
    assert link is not None
    phone = window(viewport={"width": 360, "height": 700}, is_mobile=True, has_touch=True).new_page()
    phone.goto(link[0])
    expect(phone.get_by_role("heading", name="Bo made this video for you")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    assert plays(phone.locator("video"))
    assert phone.locator("video").evaluate("node => node.textTracks[0].cues.length") == 2
    phone.get_by_label("Answer Bo").fill("Wonderful, it turns.")
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_text("Sent. Bo reads it.")).to_be_visible()
    assert phone.context.cookies() == []

    expect(bo.get_by_text("saw that the video was played")).to_have_count(1)
    expect(bo.get_by_role("log", name="Touches").get_by_text("Wonderful, it turns.")).to_be_visible()
    expect(bo.locator("#films > details > summary")).to_contain_text("played once")
