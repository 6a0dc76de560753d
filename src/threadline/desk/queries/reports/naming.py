"""What the numbers in facts are called, and what one may filter by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from threadline.accounts.models import Agent, Team
from threadline.desk.forms.reports import WITHOUT
from threadline.desk.glyphs import glyph_of
from threadline.insights.report import By, Report
from threadline.insights.stories import channel_name

PUBLIC_BY_NAME = ("x", "facebook")  # their names tell the side already


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    name: str


@dataclass(frozen=True)
class Names:
    """Names of everything that the facts of one report are counted by."""

    intents: Mapping[int, str]
    teams: Mapping[int, str]
    agents: Mapping[int, str]

    def of(self, by: By, number: int) -> str:
        match by:
            case "channel":
                return called(channel_name(number))
            case "intent":
                return self.intents.get(number) or _("not clear yet")
            case "team":
                return self.teams.get(number) or pgettext("team", "no team")
            case "agent":
                return self.agents.get(number) or pgettext("agent", "nobody of us by name")


def called(channel: str) -> str:
    """`Email`, `X post`, `Review, public`."""
    kind, _plus, side = channel.partition("+")
    name = str(glyph_of(channel).name)
    return _("%(channel)s, public") % {"channel": name} if side and kind not in PUBLIC_BY_NAME else name


def names_in(report: Report) -> Names:
    """Cost: three queries."""
    return Names(
        intents=report.material.intents,
        teams=dict(Team.objects.values_list("pk", "name")),
        agents=dict(Agent.objects.values_list("pk", "name")),
    )


def choices(report: Report, names: Names) -> dict[str, list[Choice]]:
    """What the stories of the period, and of the one before, can be filtered by."""
    material = report.material
    found = set(material.channel[material.theirs].tolist())
    teams = set(material.story["team"].tolist())
    agents = set(material.said["author"].tolist()) | set(material.story["owner"].tolist())
    return {
        "channel": _sorted(Choice(channel_name(number), names.of("channel", number)) for number in found),
        "intent": _sorted(Choice(name or WITHOUT, name or names.of("intent", 0)) for name in names.intents.values()),
        "team": _sorted(Choice(str(number), names.of("team", number)) for number in teams),
        "agent": _sorted(Choice(str(number), names.of("agent", number)) for number in agents),
    }


def _sorted(found: Iterable[Choice]) -> list[Choice]:
    return sorted(found, key=lambda choice: (choice.value in ("0", WITHOUT), choice.name.casefold()))
