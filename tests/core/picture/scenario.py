"""The story of the leaking kettle, as the design draws it, and makers of other stories."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from threadline.core.picture import Likely, PictureTouch, Promise, Story, Turn
from threadline.core.touch import Direction

LANES = {
    "web": "Web",
    "email": "Email",
    "store": "Store 12",
    "post": "X post",
    "dm": "X message",
    "phone": "Phone",
}
HOSTILE = (
    '"><script>alert(1)</script>',
    "'-->]]>&lt;",
    "\x00\x1b\u202eevil\ufffe",
    "長い名前の札" * 9,
    "مرحبا " * 9,
    "a\n\tb",
    "",
)
NOW = datetime(2026, 11, 19, 14, 20, tzinfo=UTC)

KETTLE = (
    ("07 10:12", "web", "event", "nobody", "Tern kettle page", "web: Ana read the Tern kettle page and three more"),
    ("07 10:31", "email", "in", "ours", "Asks price", "email from Ana: is the Tern in the autumn offer?"),
    ("07 11:05", "email", "out", "theirs", "£64 until Sunday", "email from Priya: yes, £64 until Sunday"),
    ("07 16:40", "store", "event", "nobody", "Buys the Tern", "Store 12: bought one Tern kettle, order HP-4711"),
    ("16 18:52", "web", "event", "nobody", "Reads ‘Drips’", "help center: read ‘My kettle drips at the spout’"),
    ("17 08:14", "email", "in", "ours", "“It leaks”", "email from Ana: the kettle leaks"),
    ("18 19:26", "post", "in", "ours", "In public", "public X post from Ana: two days and no answer"),
    ("18 19:41", "post", "out", "theirs", "Femi answers", "public X reply from Femi"),
    ("18 20:03", "dm", "in", "ours", "“Call me after 10”", "private X message from Ana: call me tomorrow after ten"),
    ("19 10:08", "phone", "out", "theirs", "Bo calls, 6 min", "phone call by Bo, 6 min"),
    ("19 12:35", "store", "event", "theirs", "Fault seen", "Store 12: Morag inspected the kettle, seal cracked"),
    ("19 13:02", "email", "in", "ours", "“By Saturday”", "email from Ana: can you just send me a new one?"),
)


def november(moment: str) -> datetime:
    return datetime.strptime(f"2026-11-{moment} +0000", "%Y-%m-%d %H:%M %z")


def kettle() -> Story:
    return Story(
        touches=tuple(_touch(number, *row) for number, row in enumerate(KETTLE, 1)),
        now=NOW,
        person="Ana",
        promises=(
            Promise(november("17 08:14"), november("18 12:00"), november("18 19:41"), "a reply"),
            Promise(november("18 20:03"), november("19 18:00"), november("19 10:08"), "a call after ten"),
            Promise(november("19 10:08"), november("19 16:00"), None, "an answer about the new kettle"),
        ),
        likely=Likely("Email", "Ana asks for the delivery date"),
    )


def many(
    count: int, *, every: timedelta = timedelta(minutes=47), lanes: str = "email chat phone post review purchase"
) -> Story:
    """A long story: she asks, we answer, over several channels."""
    names = lanes.split()
    start = NOW - every * count
    return Story(tuple(_one_of_many(number, start + every * number, names) for number in range(count)), NOW, "Ana")


def _one_of_many(number: int, at: datetime, names: list[str]) -> PictureTouch:
    channel = names[(number * number // 7) % len(names)]
    asks = number % 3 != 1
    return PictureTouch(
        id=number,
        at=at,
        channel=channel,
        lane=LANES.get(channel, channel.title()),
        direction=Direction.IN if asks else Direction.OUT,
        turn=Turn.OURS if asks else Turn.THEIRS,
        label=f"Touch {number}",
        sentence=f"touch {number} by {channel}",
        href=f"#t{number}",
        public=channel in ("post", "review"),
    )


def _touch(
    number: int, moment: str, channel: str, direction: str, turn: str, label: str, sentence: str
) -> PictureTouch:
    at = november(moment)
    return PictureTouch(
        id=number,
        at=at,
        channel=channel,
        lane=LANES[channel],
        direction=Direction(direction),
        turn=Turn(turn),
        label=label,
        sentence=f"{at:%d} Nov {at:%H:%M}, {sentence}",
        href=f"#t{number}",
        public=channel == "post",
    )


def stories() -> st.SearchStrategy[Story]:
    """Any story: hostile words, any order of channels, minutes or months between touches, promises of every kind."""
    return st.builds(
        _story, st.lists(_step(), min_size=1, max_size=25), st.lists(_vow(), max_size=4), st.text(max_size=20)
    )


def _step() -> st.SearchStrategy[tuple[int, str, Direction, Turn, str, bool]]:
    minutes = st.one_of(st.integers(0, 40), st.integers(0, 3000), st.integers(0, 90000))
    words = st.one_of(st.text(max_size=30), st.sampled_from(HOSTILE))
    return st.tuples(
        minutes, st.sampled_from([*LANES]), st.sampled_from(Direction), st.sampled_from(Turn), words, st.booleans()
    )


def _vow() -> st.SearchStrategy[tuple[int, int, int | None]]:
    return st.tuples(st.integers(0, 9000), st.integers(1, 9000), st.one_of(st.none(), st.integers(1, 12000)))


def _story(
    steps: list[tuple[int, str, Direction, Turn, str, bool]], vows: list[tuple[int, int, int | None]], person: str
) -> Story:
    at, touches = NOW - timedelta(minutes=sum(step[0] for step in steps)), []
    for number, (minutes, channel, direction, turn, words, public) in enumerate(steps):
        touches.append(
            PictureTouch(number, at, channel, LANES[channel], direction, turn, words, words, f"#t{number}", public)
        )
        at += timedelta(minutes=minutes)
    return Story(tuple(touches), NOW, person, tuple(_promise(*vow) for vow in vows))


def _promise(ago: int, after: int, kept_after: int | None) -> Promise:
    made = NOW - timedelta(minutes=ago)
    kept = None if kept_after is None else made + timedelta(minutes=kept_after)
    return Promise(made, made + timedelta(minutes=after), kept)
