"""The words with which a matter goes from public to private and back, for each network. They are edited in settings.

`{link}` is where people write to us in private, `{brand}` who we are. In public nothing stands of who they are or what
they bought: a place for that is refused.
"""

import re
from dataclasses import dataclass

from threadline.core.fitness.levels import kind_of

NETWORKS = ("x", "mastodon", "bluesky", "facebook", "instagram", "review", "community", "other")
PUBLIC_PLACES = frozenset({"link", "brand"})
PRIVATE_PLACES = PUBLIC_PLACES | {"first name", "my first name", "my name"}
_PLACE = re.compile(r"\{([^{}\n]{1,40})\}")
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Wording:
    """`out` asks in public to go on in private, `private` begins there, `back` thanks in public."""

    out: str
    private: str
    back: str

    def __post_init__(self) -> None:
        for text, places in ((self.out, PUBLIC_PLACES), (self.private, PRIVATE_PLACES), (self.back, PUBLIC_PLACES)):
            _check(text, places)


def _check(text: str, places: frozenset[str]) -> None:
    if not text.strip():
        raise ValueError("One of the three texts is empty. Write something in each.")
    if len(text) > LONGEST:
        raise ValueError(f"One of the texts has {len(text):,} characters. {LONGEST:,} are the most.")
    for place in _PLACE.findall(text):
        if place in places:
            continue
        if place in PRIVATE_PLACES:
            raise ValueError(f"{{{place}}} would tell everybody who they are. Leave it out of what is said in public.")
        raise ValueError(f"Nothing fills {{{place}}} here. Use {', '.join(f'{{{one}}}' for one in sorted(places))}.")


HELLO = (
    "Hello {first name}, this is {my first name} of {brand}. You wrote to us in public; here nobody else reads along. "
    "Tell me what you would not say there, and I will see to it."
)
THANKS = "Thank you for telling us openly, and for your patience. We are glad that we could put it right."
SORRY = "We are sorry to read this and want to put it right. So that nobody else reads your details,"
_OUT = {
    "x": f"{SORRY} please write to us in a direct message: {{link}}",
    "mastodon": f"{SORRY} please answer with a post that only the people mentioned can see.",
    "bluesky": f"{SORRY} please write to us in a chat message: {{link}}",
    "facebook": f"{SORRY} please write to us on Messenger: {{link}}",
    "instagram": f"{SORRY} please write to us in a direct message: {{link}}",
    "review": f"{SORRY} please write to us here: {{link}}",
    "community": f"{SORRY} please write to us here: {{link}}",
    "other": f"{SORRY} please write to us here: {{link}}",
}
_BACK = {
    "review": "Thank you for telling us openly. We have put it right together; we would be glad if you came again.",
    "community": "Thank you for raising this here. It is settled; if you meet the same, write to us: {link}",
}


def network_of(side: str) -> str:
    """Whose words are used on a channel."""
    kind = kind_of(side)
    return kind if kind in NETWORKS else "other"


def usual_wording(network: str) -> Wording:
    name = network if network in _OUT else "other"
    return Wording(_OUT[name], HELLO, _BACK.get(name, THANKS))


def fill(text: str, values: dict[str, str]) -> str:
    """The text with its places filled. A place that nothing fills goes, with the space before it."""
    found = _PLACE.sub(lambda place: values.get(place[1], "") or "\0", text)
    return re.sub(r"\s*[:,]?\s*\0", "", found).strip()
