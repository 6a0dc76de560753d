"""For how long a channel lets us answer freely, counted from the customer's last word there, and what is left then."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from threadline.channels.adapters import hours_to_answer, limits_of
from threadline.channels.models import Channel

HOURS, AFTERWARDS = "answer_hours", "answer_afterwards"  # their names among a channel's settings
NOTHING, KEPT_TEXTS = "nothing", "kept texts"


@dataclass(frozen=True, slots=True)
class WindowRule:
    """`kept_texts`: afterwards a text kept ready still goes out, word for word; with `template`, any text goes out
    inside the provider's template of that name; otherwise nothing does.
    """

    hours: int
    kept_texts: bool
    template: str = ""

    def ends(self, last_word: datetime | None, now: datetime) -> datetime:
        """Where they never wrote, it has ended."""
        return last_word + timedelta(hours=self.hours) if last_word else now


def rule_of(channel: Channel, *, public: bool = False) -> WindowRule | None:
    """As the channel's settings say, or else what its kind demands; None: we may answer at any time, as in public."""
    settings = channel.settings or {}
    hours = settings.get(HOURS) or (None if public else hours_to_answer(channel, settings))
    template = str(settings.get("template") or "") if limits_of(channel).template else ""
    return WindowRule(int(hours), settings.get(AFTERWARDS) == KEPT_TEXTS, template) if hours else None
