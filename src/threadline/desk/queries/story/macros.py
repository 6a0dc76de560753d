"""Macros as they read in one story."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from threadline.accounts.models import Agent, Team
from threadline.accounts.rights import Right
from threadline.core.macros import filled
from threadline.core.mail.rich import Rich, rich
from threadline.desk.queries.story import people
from threadline.desk.queries.story.brief import facts_of
from threadline.journeys.actions.macros import WHOEVER_SENDS
from threadline.journeys.models import Field, Journey, Macro

FACTS = {"order": "order number", "product": "product", "tracking": "parcel number", "amount": "amount"}
THEN = {
    "done": gettext_lazy("done"),
    "tomorrow": gettext_lazy("back tomorrow"),
    "monday": gettext_lazy("back on Monday"),
    "week": gettext_lazy("back in a week"),
}
MOST = 200


@dataclass(frozen=True, slots=True)
class Offered:
    """`does` says in words what it does to the story when it is sent."""

    macro: Macro
    text: str
    missing: tuple[str, ...]
    does: str

    @property
    def shown(self) -> Rich:
        """As they will read it."""
        return rich(self.text)


def offered(journey: Journey, agent: Agent) -> list[Offered]:
    """Cost: two queries, four where some macro hands over."""
    found = list(Macro.objects.visible_to(agent).standing().select_related("team")[:MOST])
    values, names = values_of(journey, agent), names_of(found)
    return [
        Offered(macro, told.text, told.missing, does(macro, names))
        for macro in found
        for told in [filled(macro.text, values)]
    ]


def values_of(journey: Journey, agent: Agent) -> dict[str, str]:
    """What fills the places: what they told us last, and who writes."""
    values = {
        "first name": people.first_name(journey.customer),
        "name": journey.customer.name,
        "my name": agent.name,
        "my first name": agent.first_name,
        "brand": journey.brand.name if journey.brand else "",
    }
    for fact in facts_of(journey):
        place = FACTS.get(fact.name)
        if place and (fact.name != "amount" or agent.may(Right.AMOUNTS)):
            values.setdefault(place, fact.value)
    return values


Names = tuple[dict[int, str], dict[int, str], dict[int, str]]


def names_of(macros: list[Macro]) -> Names:
    """The agents and teams that these macros hand over to, and the fields they fill in."""
    agents = {macro.actions["owner"] for macro in macros if macro.actions.get("owner")}
    teams = {macro.actions["team"] for macro in macros if macro.actions.get("team")}
    fields = {macro.actions["field"] for macro in macros if macro.actions.get("field")}
    return (
        dict(Agent.objects.filter(pk__in=agents).values_list("pk", "name")) if agents else {},
        dict(Team.objects.filter(pk__in=teams).values_list("pk", "name")) if teams else {},
        dict(Field.objects.filter(pk__in=fields).values_list("pk", "name")) if fields else {},
    )


def does(macro: Macro, names: Names) -> str:
    """`is about Refund, yours, done`."""
    actions, (agents, teams, fields) = macro.actions, names
    parts = [_("is about %(intent)s") % {"intent": actions["intent"]}] if actions.get("intent") else []
    if actions.get("field"):
        said = {"field": fields.get(actions["field"], "?"), "value": actions.get("value") or _("nothing")}
        parts.append(_("%(field)s: %(value)s") % said)
    if "owner" in actions:
        named = agents.get(actions["owner"], "?")
        parts.append(_("yours") if actions["owner"] == WHOEVER_SENDS else _("to %(name)s") % {"name": named})
    if actions.get("team"):
        parts.append(_("to team %(name)s") % {"name": teams.get(actions["team"], "?")})
    if actions.get("then"):
        parts.append(str(THEN[actions["then"]]))
    return ", ".join(parts)
