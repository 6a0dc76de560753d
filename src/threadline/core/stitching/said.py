"""The weights in words: clues about one thing are told together, each with the bits it adds."""

from collections.abc import Mapping
from dataclasses import dataclass

from threadline.core.stitching.clues import Clues
from threadline.core.stitching.features import Features, hours
from threadline.core.stitching.shapes import Journey
from threadline.core.touch import Direction
from threadline.core.understanding.words import spelled

DAY = 24.0
USUAL = "as touches usually are"
TOPICS = {
    "": "base",
    "reference": "reference",
    "thread": "thread",
    **dict.fromkeys(("silence", "here", "heard", "said", "age", "touches"), "time"),
    **dict.fromkeys(("like", "like mean", "like first", "like heard", "like said", "like margin"), "meaning"),
    **dict.fromkeys(("words", "share", "words margin"), "words"),
    **dict.fromkeys(("turn", "turn after"), "turn"),
    **dict.fromkeys(("wording", "settled", "triage"), "wording"),
    "leaning": "leaning",
    "closed": "closed",
    **dict.fromkeys(("channel", "public"), "channel"),
    "bought": "bought",
    "language": "language",
    "intent": "intent",
    "named": "named",
    **dict.fromkeys(("rivals", "newer", "newer here", "elsewhere"), "rivals"),
}
ORDINALS = {2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}
WORDINGS = {
    "promise": ("something promised was not done", "speaks of a promise"),
    "recurrence": ("the same again", "the same again after a long time"),
    "thanks": ("thanks us", "thanks for something else"),
    "praise": ("praise", "praise on its own"),
}


@dataclass(frozen=True, slots=True)
class Fit:
    """What speaks for (bits above 0) or against, and how to say it; empty where nothing is worth saying."""

    topic: str
    bits: float
    reason: str


def told(bits: Mapping[str, float], found: Features, clues: Clues, journey: Journey) -> tuple[Fit, ...]:
    """The clues of one journey by topic, the weightiest first."""
    topics: dict[str, float] = {}
    for name, each in bits.items():
        topic = TOPICS[name]
        topics[topic] = topics.get(topic, 0.0) + each
    fits = (Fit(topic, each, phrase(topic, each, found, clues, journey)) for topic, each in topics.items())
    return tuple(sorted(fits, key=lambda fit: (-abs(fit.bits), fit.topic)))


def phrase(topic: str, bits: float, found: Features, clues: Clues, journey: Journey) -> str:
    """The topic in words that fit its sign."""
    good = bits > 0
    match topic:
        case "base":
            return USUAL
        case "reference":
            return reference_said(clues, journey)
        case "thread":
            return "same mail thread" if clues.touch.kind == "email" else "same conversation"
        case "time":
            return silence_said(hours(journey.last_at, clues.touch.at))
        case "words":
            return words_said(clues, journey) if good else "other words"
        case "turn":
            return turn_said(clues, journey)
        case "wording":
            return wording_said(clues, journey, good)
        case "channel":
            return channel_said(clues, journey)
        case "rivals":
            return rivals_said(found, good)
        case _:
            return SIMPLE[topic][0 if good else 1]


SIMPLE = {
    "meaning": ("means much the same", "about something else"),
    "leaning": ("reads like a follow-up", "reads like something new"),
    "closed": ("closed not long ago", "closed before"),
    "bought": ("after a purchase", "a purchase is its own story"),
    "language": ("in the same language", "in another language"),
    "intent": ("the same concern", "another concern"),
    "named": ("speaks of a channel used before", "speaks of another channel"),
}


def reference_said(clues: Clues, journey: Journey) -> str:
    shared = sorted(reference.replace(":", " ") for reference in clues.references & journey.references)
    return f"same {' and '.join(shared)}" if shared else "another order"


def words_said(clues: Clues, journey: Journey) -> str:
    shared = clues.words & journey.words
    return "about the same: " + ", ".join(spelled(shared, clues.touch.text)) if shared else "no word in common"


def silence_said(silence: float) -> str:
    if silence <= 1:
        return "minutes after the last touch"
    if silence <= DAY:
        return "hours after the last touch"
    days = round(silence / DAY)
    return "a day after the last touch" if days <= 1 else f"{days} days after the last touch"


def turn_said(clues: Clues, journey: Journey) -> str:
    if journey.events_only:
        return "nobody has spoken yet"
    if journey.asked and clues.touch.direction == Direction.IN:
        return "we had asked something"
    if journey.status == "open" and journey.waiting_since:
        return f"we owe an answer since {since(journey, clues)}"
    return {"open": "we owe an answer", "done": "it was done", "snoozed": "it sleeps"}.get(journey.status, "answered")


def since(journey: Journey, clues: Clues) -> str:
    """A weekday where that is clear, else the date."""
    assert journey.waiting_since is not None, "only asked while somebody waits"
    waited = hours(journey.waiting_since, clues.touch.at)
    if waited < 12:
        return f"{journey.waiting_since:%H:%M}"
    return f"{journey.waiting_since:%A}" if waited < 6 * DAY else f"{journey.waiting_since:%d %B}".lstrip("0")


def wording_said(clues: Clues, journey: Journey, good: bool) -> str:
    if clues.wording in WORDINGS:
        return WORDINGS[clues.wording][0 if good else 1]
    if journey.settled_at is not None and not good:
        return "it was settled"
    return "goes on in the same tone" if good else "another tone"


def channel_said(clues: Clues, journey: Journey) -> str:
    if clues.touch.kind in journey.channels:
        return "a channel used before"
    return f"{ORDINALS.get(len(journey.channels) + 1, 'another')} channel"


def rivals_said(found: Features, good: bool) -> str:
    if found.get("elsewhere", "nothing") != "nothing":
        return "another story has its own proof"
    if not good:
        return "another story is nearer"
    return "their only story here" if not found.get("rivals") else "their latest story here"


JOINED = {
    "reference": "the same order or case is named in both",
    "thread": "both are one conversation",
    "silence": "one began soon after the other",
    "between": "both began at about the same time",
    "inside": "one began while the other was under way",
    "words": "both are about the same",
    "mean like mean": "both mean much the same",
    "first like first": "both begin alike",
    "first like mean": "both mean much the same",
    "leaning": "the later reads like a follow-up",
}


def told_join(bits: Mapping[str, float], earlier: Journey, later: Journey) -> str:
    """Why two stories of people who turned out to be one person are one story."""
    weighty = sorted((name for name in bits if bits[name] >= 0.4 and name in JOINED), key=lambda name: -bits[name])
    said = [f"the same {shared}" for shared in named(earlier, later)]
    said += [JOINED[name] for name in weighty if name != "reference" or not said]
    why = "; ".join(list(dict.fromkeys(said))[:2]) or "nothing speaks against it"
    return f"Two stories of one person about one matter: {why}."


def named(one: Journey, other: Journey) -> list[str]:
    return sorted(reference.replace(":", " ") for reference in one.references & other.references)
