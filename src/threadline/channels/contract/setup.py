"""What an adapter says of itself: how it is set up, what a message on it may be, what it can do.

Adapters are free of Django, so words for people are plain English here and translated where they are shown: mark them
with `words(…)`, which the collector of translations knows.
"""

from dataclasses import dataclass
from typing import Any, Literal

Words = Any  # a text, or one that is translated when shown


def words(text: str) -> str:
    """The same text, marked for translation."""
    return text


@dataclass(frozen=True, slots=True)
class Setting:
    """`kind` is text, number, list, secret or choice. Secrets are sealed and never shown again.

    `needed`: the channel can not work without it.
    """

    name: str
    label: Words
    hint: Words = ""
    kind: Literal["text", "number", "list", "secret", "choice"] = "text"
    choices: tuple[str, ...] = ()
    usual: str = ""
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that stand together on the form of a channel."""

    title: Words
    hint: Words
    settings: tuple[Setting, ...]
    seldom: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """What the address of a channel of this kind is called, and an example. A number is kept as E.164."""

    label: Words
    usual: str = ""
    kind: Literal["text", "email", "number"] = "text"


API_URL = Setting(
    "api_url",
    words("Address of its API"),
    words("Only for a gateway of your own, or another provider of the same API."),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a message on this channel may be.

    `max_file_bytes` is for all files of one message; `encloses`: files of ours go along with an answer. `at_once`:
    somebody sits there and reads, so that nothing is held back to be undone. `window_hours`: how long after the
    customer's last word we may answer in private; with `template`, an answer after it goes out as a template that the
    provider has approved. `rich`: bold, lists and links arrive as such; `copies`: others may read along. `rate`:
    messages a second. `privacy`: who may read it — everybody (`public`), the carrier and whoever holds the device
    (`open`), or the person alone (`private`).
    """

    max_chars: int | None = None
    max_file_bytes: int | None = None
    max_files: int | None = None
    file_types: tuple[str, ...] = ()
    files: bool = False
    encloses: bool = False
    at_once: bool = False
    subject: bool = False
    copies: bool = False
    rich: bool = False
    window_hours: int | None = None
    template: bool = False
    rate: float | None = None
    privacy: Literal["public", "open", "private"] = "open"


@dataclass(frozen=True, slots=True)
class Abilities:
    """What comes back and what can be begun. `begins`: we may write first to somebody of whom we know the address."""

    delivered: bool = False
    read: bool = False
    reactions: bool = False
    opt_out: bool = False
    media: bool = False
    public: bool = False
    private: bool = True
    begins: bool = False
