"""Whether everything comes in: each source with what came, what became of it, and what is wrong."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext as _

from threadline.channels.models import Channel
from threadline.interactions.actions.health import tells
from threadline.interactions.actions.looking import unseen_since
from threadline.interactions.models import IntakeEntry

DAY = timedelta(days=1)
SHOWN, ASIDE = 500, 50


@dataclass(slots=True)
class Source:
    """One channel over the last day. `state` is well, silent, missing, aside, unseen or trouble; `words` say it."""

    channel: Channel
    came: dict[str, int] = field(default_factory=dict)
    last_at: datetime | None = None
    aside: int = 0
    unseen_since: datetime | None = None

    @property
    def seen(self) -> int:
        return sum(self.came.values())

    @property
    def taken(self) -> int:
        return self.came.get("accepted", 0) + self.came.get("noted", 0)

    @property
    def twice(self) -> int:
        return self.came.get("duplicate", 0)

    @property
    def refused(self) -> int:
        return self.came.get("refused", 0)

    @property
    def waiting(self) -> int:
        return self.came.get("pending", 0)

    @property
    def tells(self) -> bool:
        return tells(self.channel)

    @property
    def state(self) -> str:
        if self.channel.halted_at or self.channel.trouble:
            return "trouble"
        if self.unseen_since:
            return "unseen"
        if self.aside:
            return "aside"
        if self.channel.missing:
            return "missing"
        return "silent" if self.channel.silent_since else "well"

    @property
    def words(self) -> str:
        match self.state:
            case "trouble":
                return self.channel.trouble
            case "unseen":
                return _("Nobody looked at it for a while, though it is its turn. Do the workers run?")
            case "aside":
                return _("Some of it could not be read. It is kept, and listed below.")
            case "missing":
                return _("Its provider has %(n)d more than came in since yesterday.") % {"n": self.channel.missing}
            case "silent":
                return _("Silent against its own rhythm: by now something should have come.")
            case _:
                return ""


def sources(now: datetime) -> list[Source]:
    """Those with trouble first. Cost: three queries."""
    shown = Channel.objects.select_related("brand").order_by("kind", "address")[:SHOWN]
    found = {each.pk: Source(each, unseen_since=unseen_since(each, now)) for each in shown}
    lately = IntakeEntry.objects.filter(channel__in=found, received_at__gte=now - DAY).exclude(source="desk")
    for row in lately.values("channel", "verdict").annotate(number=Count("pk"), last=Max("received_at")):
        source = found[row["channel"]]
        source.came[row["verdict"]] = row["number"]
        source.last_at = max(filter(None, (source.last_at, row["last"])))
    for channel, number in set_aside().values_list("channel").annotate(number=Count("pk")):
        if channel in found:
            found[channel].aside = number
    return sorted(found.values(), key=lambda each: each.state == "well")


def set_aside() -> QuerySet[IntakeEntry]:
    """What could not be read, the newest first."""
    return IntakeEntry.objects.filter(verdict="quarantined").order_by("-pk")


def aside() -> list[IntakeEntry]:
    """Without the items themselves, which may be large."""
    return list(set_aside().select_related("channel").defer("raw", "payload")[:ASIDE])
