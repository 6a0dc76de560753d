"""The picture in words: its caption, and its name for those who do not see it."""

from threadline.core.durations import spell
from threadline.core.picture.marks import plain
from threadline.core.picture.story import PictureTouch, Story, Turn
from threadline.core.picture.waits import Wait, longest, waits

ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
TIMES = ("", "once", "twice", "three times", "four times", "five times", "six times")


def words(story: Story) -> str:
    """How many touches, channels and days; who waits; the longest wait for us and what it led to."""
    touches = story.in_order()
    if not touches:
        return "No touches yet."
    return f"{_size(story, touches)} {_who_waits(story, touches[-1])}"


def touches_on(count: int) -> str:
    return "1 touch" if count == 1 else f"{count} touches"


def _size(story: Story, touches: tuple[PictureTouch, ...]) -> str:
    lanes = len({(touch.lane, touch.public) for touch in touches})
    days = (story.until() - touches[0].at).days
    channels = "1 channel" if lanes == 1 else f"{lanes} channels"
    span = "less than a day" if days == 0 else "1 day" if days == 1 else f"{days} days"
    return f"{touches_on(len(touches))} on {channels} in {span}."


def _who_waits(story: Story, last: PictureTouch) -> str:
    its_waits = waits(story.in_order(), until=story.until())
    person = plain(story.person) or "The customer"
    if its_waits and not its_waits[-1].over:
        return _waits_still(person, its_waits)
    silence = f"we wait for {person}, {spell(story.until() - last.at)} so far" if last.turn is Turn.THEIRS else ""
    now = silence or "nobody waits"
    return f"{_waited(person, its_waits)}; now {now}." if its_waits else f"{now[0].upper()}{now[1:]}."


def _waits_still(person: str, of: list[Wait]) -> str:
    worst = longest(of)
    if worst is None or len(of) == 1:
        return f"{person} waits for us, {spell(of[-1].lasted)} so far{_outcome(person, of[-1])}."
    start = f"{person} waits for the {_ordinal(len(of))} time"
    if not worst.over:
        return f"{start}, longer than ever: {spell(worst.lasted)} so far{_outcome(person, worst)}."
    return f"{start}; the {_ordinal(of.index(worst) + 1)} time took {spell(worst.lasted)}{_outcome(person, worst)}."


def _waited(person: str, of: list[Wait]) -> str:
    worst = longest(of)
    if worst is None or len(of) == 1:
        return f"{person} waited once, {spell(of[0].lasted)}{_outcome(person, of[0])}"
    times = TIMES[len(of)] if len(of) < len(TIMES) else f"{len(of)} times"
    which = f"the {_ordinal(of.index(worst) + 1)} time took {spell(worst.lasted)}{_outcome(person, worst)}"
    return f"{person} waited {times}; {which}"


def _outcome(person: str, wait: Wait) -> str:
    """What a silence of ours led to: ` and Ana went public, on X post`."""
    led, times = wait.led_to(), len(wait.meanwhile)
    if led is None:
        return ""
    if led.public and not wait.touch.public:
        return f" and {person} went public, on {plain(led.lane)}"
    if led.lane != wait.touch.lane:
        return f" and led to another try, by {plain(led.lane)}"
    return f" and led to {'another message' if times == 1 else f'{times} more messages'}"


def _ordinal(number: int) -> str:
    if number < len(ORDINALS):
        return ORDINALS[number]
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
