"""What narrows a view: read from an address or from what was saved, told in words, and asked of the database.

Every filter is a column of `queue_open`, so that a page and a count of open stories read that index alone.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from threadline.accounts.models import Agent, Team
from threadline.channels import kinds
from threadline.core.fields import LONGEST, number_of
from threadline.desk.glyphs import glyph_of
from threadline.desk.queries.fields import words_of
from threadline.desk.queries.queue.views import DUE, VIEWS, View, of_view
from threadline.journeys.models import Field, FieldValue, JourneyQuerySet
from threadline.lib.errors import ThreadlineError

ME, NOBODY = "me", "nobody"
SOON = timedelta(hours=2)
MOST_HOURS = 24 * 365
MOODS: dict[str, str | Promise] = {
    "complaint": gettext_lazy("A complaint"),
    "question": gettext_lazy("A question"),
    "praise": gettext_lazy("Praise"),
    "noise": gettext_lazy("Nothing to answer"),
}
PROMISES: dict[str, str | Promise] = {
    "soon": gettext_lazy("Breaks within 2 hours, or is broken"),
    "broken": gettext_lazy("Broken"),
    "any": gettext_lazy("Something is promised"),
}
FILLED, EMPTY = "*", "-"
FIELD = re.compile(r"(story|person)([1-9]\d{0,8})")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
WAITS = (1, 4, 8, 24, 48, 168)


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty fields leave everything in. `owner` is "me", "nobody" or a number; `waits` are hours at least.

    `own` are fields of this house, each with its name in addresses (`story7`, `person9`) and what shall stand in it:
    a value, `*` for any, `-` for none, `<` or `>` before a number or a date.
    """

    view: str = "mine"
    owner: str = ""
    team: str = ""
    intent: str = ""
    channel: str = ""
    language: str = ""
    mood: str = ""
    waits: str = ""
    due: str = ""
    public: str = ""
    sort: str = ""
    own: tuple[tuple[str, str], ...] = ()

    @property
    def base(self) -> View:
        return VIEWS[self.view]

    @property
    def by(self) -> str:
        """The column in whose order the list stands."""
        return DUE if self.base.owed and self.sort == "due" else self.base.by

    @property
    def narrowed(self) -> bool:
        return any(narrows(name) for name in self.as_saved())

    def as_saved(self) -> dict[str, str]:
        """Only what says something."""
        values = {name: getattr(self, name) for name in PLAIN}
        return {name: value for name, value in (*values.items(), *self.own) if value}

    def query(self, **more: object) -> str:
        """As it stands in an address."""
        values = {**self.as_saved(), **more}
        return urlencode([(name, str(value)) for name, value in values.items() if value])

    def without(self, *names: str) -> "Filters":
        plain = dict.fromkeys((name for name in names if name in PLAIN), "")
        return replace(self, **plain, own=tuple(pair for pair in self.own if pair[0] not in names))


PLAIN = tuple(each.name for each in fields(Filters) if each.name != "own")
NARROWING = ("owner", "team", "intent", "channel", "language", "mood", "waits", "due", "public")


def read(given: Mapping[str, str]) -> Filters:
    """From an address, a form or what was saved.

    Raises:
        ThreadlineError: a value that means nothing here, in words.
    """
    values = {name: str(given.get(name) or "").strip() for name in PLAIN}
    values["view"] = values["view"] or "mine"
    values["intent"] = values["intent"][:120].replace("\0", "")
    for name, fits in KNOWN.items():
        if values[name] and not fits(values[name]):
            raise ThreadlineError(
                _("“%(value)s” is nothing to filter %(name)s by. Choose the filters anew.")
                % {"value": values[name][:60], "name": name}
            )
    return Filters(**values, own=tuple(_own(given)))


def narrows(name: str) -> bool:
    return name in NARROWING or FIELD.fullmatch(name) is not None


def _own(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in sorted(given):
        value = " ".join(str(given.get(name) or "").replace("\0", " ").split())[:LONGEST]
        if value and FIELD.fullmatch(name):
            yield name, value


def _number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 10


KNOWN = {
    "view": VIEWS.__contains__,
    "owner": lambda value: value in (ME, NOBODY) or _number(value),
    "team": _number,
    "channel": lambda value: value in kinds.known(),
    "language": lambda value: value.isalpha() and len(value) <= 8,
    "mood": MOODS.__contains__,
    "waits": lambda value: _number(value) and 0 < int(value) <= MOST_HOURS,
    "due": PROMISES.__contains__,
    "public": lambda value: value in ("1", "0"),
    "sort": lambda value: value == "due",
}


def narrowed(among: JourneyQuerySet, filters: Filters, *, agent: Agent, now: datetime) -> JourneyQuerySet:
    """The stories of a view that fit, in no order yet. `among` are those the agent may see."""
    team = int(filters.team) if filters.team else None
    found = of_view(among, filters.base, agent=agent, team=team)
    return found.filter(wanted(filters, agent=agent, now=now))


def wanted(filters: Filters, *, agent: Agent, now: datetime) -> Q:
    """What narrows the view, as a condition on the columns of a story."""
    found = Q()
    if filters.owner:
        owner = {ME: agent.pk, NOBODY: None}.get(filters.owner, filters.owner)
        found &= Q(owner=owner)
    found &= Q(**{name: getattr(filters, name) for name in ("intent", "language", "mood") if getattr(filters, name)})
    if filters.channel:
        found &= Q(channels__overlap=[filters.channel, f"{filters.channel}+public"])
    if filters.waits:
        found &= Q(waiting_since__lte=now - timedelta(hours=int(filters.waits)))
    if filters.due or filters.by == DUE:
        latest = {"soon": now + SOON, "broken": now}.get(filters.due)
        found &= Q(due_at__lte=latest) if latest else Q(due_at__isnull=False)
    if filters.public:
        public = Q(channels__overlap=[f"{kind}+public" for kind in kinds.known()])
        found &= public if filters.public == "1" else ~public
    for name, value in filters.own:
        found &= _stands_in(name, value, agent)
    return found


def _stands_in(name: str, value: str, agent: Agent) -> Q:
    """What stands in a field of the story or of its person; nothing does in one that the agent may not see."""
    of, number = _named(name)
    whose = {"journey": OuterRef("pk")} if of == Field.Of.STORY else {"customer": OuterRef("customer_id")}
    may_see = Field.objects.visible_to(agent).standing().filter(pk=number, of=of)
    there = FieldValue.objects.filter(**whose, field=number).exclude(value="")
    wanted = ~Exists(there) if value == EMPTY else Exists(there if value == FILLED else there.filter(_is(value)))
    return Q(Exists(may_see)) & Q(wanted)


def _named(name: str) -> tuple[str, int]:
    """`story7` is the field 7, of a story."""
    found = FIELD.fullmatch(name)
    assert found is not None, "only asked of names of fields"
    return found[1], int(found[2])


def _is(value: str) -> Q:
    """Just this, or smaller or larger than it."""
    sign, rest = value[:1], value[1:].strip()
    how = {"<": "lt", ">": "gt"}.get(sign)
    if how and _DATE.fullmatch(rest):
        return Q(**{f"value__{how}": rest})
    if how and (number := number_of(rest)) is not None:
        return Q(**{f"number__{how}": number})
    same = number_of(value)
    return Q(value=value) if same is None else Q(value=value) | Q(number=same)


@dataclass(frozen=True, slots=True)
class Told:
    """One filter in words, and the address of the queue without it."""

    name: str
    words: str
    without: str


def told(filters: Filters, agent: Agent) -> list[Told]:
    """Cost: a query for a colleague, one for a team, and one for each field, where they are named."""
    words = {name: _words(name, value, agent) for name, value in filters.as_saved().items() if narrows(name)}
    return [Told(name, said, filters.without(name).query()) for name, said in words.items()]


def _words(name: str, value: str, agent: Agent) -> str:
    match name:
        case "owner":
            return _owner(value)
        case "team":
            team = Team.objects.filter(pk=value).values_list("name", flat=True).first()
            return _("team %(name)s") % {"name": team or "?"}
        case "channel":
            return str(glyph_of(value).name)
        case "language":
            return language_name(value)
        case "mood":
            return str(MOODS[value])
        case "waits":
            return _("waits %(span)s or longer") % {"span": span(int(value))}
        case "due":
            return _("promise: %(words)s") % {"words": str(PROMISES[value]).lower()}
        case "public":
            return _("public") if value == "1" else _("not public")
        case _own if FIELD.fullmatch(_own):
            return _field(name, value, agent)
        case _other:
            return value


def _field(name: str, value: str, agent: Agent) -> str:
    """`Contract: Gold`, `Contract: filled in`"""
    known = Field.objects.visible_to(agent).filter(pk=_named(name)[1]).first()
    signs = {FILLED: _("filled in"), EMPTY: _("empty")}
    said = signs.get(value) or (words_of(known.kind, value) if known and value[:1] not in "<>" else value)
    return _("%(field)s: %(value)s") % {"field": known or "?", "value": said}


def _owner(value: str) -> str:
    if value in (ME, NOBODY):
        return _("mine") if value == ME else _("nobody has it")
    name = Agent.objects.filter(pk=value).values_list("name", flat=True).first()
    return _("with %(name)s") % {"name": name or "?"}


def span(hours: int) -> str:
    """`4 hours`, `2 days`"""
    if hours % 24 == 0 and hours > 24:
        return ngettext("%(n)d day", "%(n)d days", hours // 24) % {"n": hours // 24}
    return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}


def language_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return code
