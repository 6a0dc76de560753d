"""Where the words were found. Every read goes through the stories that the agent may see."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.search import SearchHeadline
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat, Left

from threadline.accounts.models import Agent
from threadline.accounts.rights import Right
from threadline.core.understanding.contacts import e164
from threadline.core.understanding.numbers import number_key
from threadline.customers.models import HANDLE_WORDS, NAME_WORDS, Customer, Identity
from threadline.desk.queries.queue.views import VIEWS, stories
from threadline.desk.queries.search.asked import Asked, Query, all_beginning, query
from threadline.interactions.models import Attachment, Fact, Interaction
from threadline.interactions.models.touch import FILE_WORDS
from threadline.journeys.fields.models import VALUE_WORDS
from threadline.journeys.models import Field, FieldValue, Journey, JourneyQuerySet, Membership, Note
from threadline.journeys.queries import standing_of

PEOPLE = 8
SENDERS = 50
NEWER_THAN_ALL = 2**63 - 1
WEIGHED = 1000  # how many that fit are looked at for the newest; so many that an index is worth its while
FACTS = 20
OLDER = 200
FIELDS = 40
FILES = 20
MESSAGES = 30
REGION = "GB"
NUMBERS = ("order", "tracking", "case", "account", "loyalty")
HEAD_CHARS = 20_000
START, STOP = "\x02", "\x03"  # no text that came in is trusted to be free of them: see `snippets.marked`


@dataclass(frozen=True, slots=True)
class Hit:
    """The words stand in this touch, note or field of this story.

    `kind` is message, number, file, note, field or story; `touch` is the note where it is one, 0 where it is neither;
    `words` are what was found there.
    """

    journey: int
    customer: int
    touch: int
    kind: str
    words: str = ""


def people(words: str, *, limit: int = PEOPLE) -> list[int]:
    """Those whose handle is just that first, then those whose name or address has these words. Three queries."""
    return list(dict.fromkeys(_people(words, limit, NEWER_THAN_ALL)))[:limit]


def more_people(words: str, *, before: int, limit: int) -> list[int]:
    """All of them in one order, the newest first, from before this number on. Three queries."""
    return sorted(set(_people(words, limit, before or NEWER_THAN_ALL)), reverse=True)[:limit]


def _people(words: str, limit: int, before: int) -> list[int]:
    exact = list(Identity.objects.filter(_handle(words)).values_list("customer", flat=True).distinct()[: 2 * limit])
    exact = [number for number in exact if number < before]
    asked = all_beginning(words)
    if asked is None:
        return exact
    named = Customer.objects.annotate(found=NAME_WORDS).filter(found=asked, merged_into=None).values("pk")[:WEIGHED]
    handled = Identity.objects.annotate(found=HANDLE_WORDS).filter(found=asked).values("customer")[:WEIGHED]
    older = Customer.objects.filter(pk__lt=before).order_by("-pk").values_list("pk", flat=True)
    return [*exact, *older.filter(pk__in=named)[:limit], *older.filter(pk__in=handled)[:limit]]


def _handle(words: str) -> Q:
    """An address, a name on a network, or a telephone number in any spelling."""
    plain = words.strip().lower()
    same = Q(value__in={words, plain, plain.lstrip("@")})
    number = e164(words, REGION) if sum(map(str.isdigit, words)) >= 6 else ""
    return same | Q(scheme="tel", value=number) if number else same


def visible(asked: Asked, agent: Agent) -> JourneyQuerySet:
    """The stories in which to look: what the agent may see and the filters leave."""
    found = Journey.objects.visible_to(agent).standing()
    for state in asked.states:
        if state in VIEWS:
            found = found.filter(pk__in=stories(VIEWS[state], agent=agent).values("pk"))
    if asked.sender:
        found = found.filter(customer__in=people(asked.sender, limit=SENDERS))
    return found


def messages(asked: Asked, agent: Agent, *, before: int, limit: int) -> list[Hit]:
    """The newest touches that say so, those that came in after `before` left out."""
    wanted = query(asked.words)
    found = _memberships(asked, agent)
    if wanted is not None:
        found = found.filter(interaction__search=wanted)
    if before:
        found = found.filter(interaction_id__lt=before)
    return _hits(found.order_by("-interaction_id"), "message", limit)


def notes(asked: Asked, agent: Agent, *, before: int, limit: int) -> list[Hit]:
    """The newest notes that say so, for who may read them; one of a joined story is told in the story that stands."""
    wanted = query(asked.words)
    if wanted is None or asked.kinds or "public" in asked.states or not agent.may(Right.NOTES):
        return []
    found = Note.objects.filter(search=wanted)
    found = (found.filter(pk__lt=before) if before else found).order_by("-pk")
    rows = found.filter(journey__in=visible(asked, agent)).values_list("journey_id", F("journey__customer"), "pk")
    told = [Hit(journey, customer, note, "note") for journey, customer, note in rows[:limit]]
    return sorted([*told, *_of_joined(found, asked, agent, limit)], key=lambda hit: -hit.touch)[:limit]


def _of_joined(found: "QuerySet[Note]", asked: Asked, agent: Agent, limit: int) -> list[Hit]:
    """Cost: one query where none says so."""
    rows = list(found.filter(journey__joined_into__isnull=False).values_list("journey_id", "pk")[:limit])
    leads = standing_of({journey for journey, _ in rows}, agent) if rows else {}
    left = visible(asked, agent).filter(pk__in={home.pk for home in leads.values()}) if leads else ()
    homes = {home.pk: home for home in left}
    at = [(homes.get(leads[journey].pk), note) for journey, note in rows if journey in leads]
    return [Hit(home.pk, home.customer_id, note, "note") for home, note in at if home]


def about_stories(asked: Asked, agent: Agent, *, before: int, limit: int) -> list[Hit]:
    """By their own number, by a number that somebody told, and by what stands in their fields; in this order.

    With `before` all in one order, the newest story first.
    """
    if not asked.words:
        return []
    back = before or NEWER_THAN_ALL
    found = [*by_number(asked, agent), *numbers(asked, agent, before), *fields_of_stories(asked, agent, back)]
    if before:
        found = sorted((hit for hit in found if hit.journey < before), key=lambda hit: -hit.journey)
    kept = list(dict.fromkeys(hit.journey for hit in found))[:limit]
    return [hit for hit in found if hit.journey in kept]


def by_number(asked: Asked, agent: Agent) -> list[Hit]:
    """The story with this number, as it stands in addresses."""
    number = asked.words.removeprefix("#")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return []
    found = visible(asked, agent).filter(pk=number).values_list("pk", "customer")
    return [Hit(journey, customer, 0, "story", f"#{number}") for journey, customer in found]


def fields_of_stories(asked: Asked, agent: Agent, before: int) -> list[Hit]:
    """What stands in fields of stories that the agent may see. Cost: two queries, one where there are no fields."""
    if asked.kinds:
        return []
    named, found = _values(asked.words, agent, Field.Of.STORY)
    if found is None:
        return []
    some = found.filter(journey__in=visible(asked, agent), journey__lt=before).values("pk")[:WEIGHED]
    rows = FieldValue.objects.filter(pk__in=some).order_by("-journey_id", "pk")
    told = rows.values_list("journey_id", F("journey__customer"), "field", "value")[:FIELDS]
    return [Hit(journey, customer, 0, "field", f"{named[field]}: {value}") for journey, customer, field, value in told]


def fields_of_people(words: str, agent: Agent, *, before: int = 0, limit: int = PEOPLE) -> dict[int, str]:
    """Person to what stands in a field of theirs that the agent may see. Cost: as above."""
    named, found = _values(words, agent, Field.Of.PERSON)
    if found is None:
        return {}
    some = found.filter(customer__lt=before or NEWER_THAN_ALL).values("pk")[:WEIGHED]
    rows = (
        FieldValue.objects.filter(pk__in=some).order_by("-customer_id", "-pk").values_list("customer", "field", "value")
    )
    return {customer: f"{named[field]}: {value}" for customer, field, value in rows[:limit]}


def _values(words: str, agent: Agent, of: str) -> "tuple[dict[int, str], QuerySet[FieldValue] | None]":
    """The names of the fields, and what stands in them and has these words."""
    wanted = all_beginning(words)
    named = dict(Field.objects.visible_to(agent).standing().filter(of=of).values_list("pk", "name")) if wanted else {}
    if wanted is None or not named:
        return named, None
    return named, FieldValue.objects.annotate(found=VALUE_WORDS).filter(found=wanted, field__in=list(named))


def numbers(asked: Asked, agent: Agent, before: int = 0) -> list[Hit]:
    """Order and other numbers that somebody told us, however they are written; or the stories with them before one."""
    keys = number_keys(asked.words)
    if not keys:
        return []
    facts = dict(
        Fact.objects.filter(name__in=NUMBERS, key__in=keys)
        .order_by("interaction_id", "-pk")
        .values_list("interaction_id", "value")
    )
    if not before:
        return _in_touches(asked, agent, facts, "number", FACTS)
    found = _memberships(asked, agent).filter(interaction__in=list(facts), journey_id__lt=before)
    rows = _hits(found.order_by("-journey_id", "-interaction_id"), "number", OLDER)
    return [Hit(hit.journey, hit.customer, hit.touch, "number", facts[hit.touch]) for hit in rows]


def files(asked: Asked, agent: Agent, *, before: int, limit: int) -> list[Hit]:
    wanted = all_beginning(asked.words)
    if wanted is None:
        return []
    found = Attachment.objects.annotate(found=FILE_WORDS).filter(found=wanted).order_by("-interaction_id")
    found = found.filter(interaction_id__lt=before) if before else found
    names = dict(found.values_list("interaction_id", "name")[: FILES * 10])
    return _in_touches(asked, agent, names, "file", limit)


def number_keys(words: str) -> set[str]:
    """Each word that could be a number, and all words together: `HP 4711`."""
    parts = [part for part in [*words.split(), words] if sum(map(str.isdigit, part)) >= 3 or _is_code(part)]
    return {key for key in map(number_key, parts) if key}


def _is_code(part: str) -> bool:
    return re.fullmatch(r"[A-Z]{6}", part) is not None


def headlines(found: Iterable[Hit], asked: Asked) -> dict[int, str]:
    """The place in the text where the words stand, only for what is shown. The marks around them are no HTML yet."""
    touches = [hit.touch for hit in found if hit.kind == "message"]
    wanted = query(asked.words)
    if not touches:
        return {}
    text = Concat("subject", Value("\n"), Left("text", HEAD_CHARS))
    lines = Interaction.objects.filter(pk__in=touches)
    if wanted is None:
        return dict(lines.values_list("pk", Left("text", 200)))
    return dict(lines.annotate(line=headline(text, wanted)).values_list("pk", "line"))


def headlines_of_notes(found: Iterable[Hit], asked: Asked) -> dict[int, Note]:
    """The notes with `line`, the place where the words stand. Cost: one query, none without any."""
    notes, wanted = [hit.touch for hit in found if hit.kind == "note"], query(asked.words)
    if not notes or wanted is None:
        return {}
    line = headline(Left("text", HEAD_CHARS), wanted)
    found_notes = Note.objects.select_related("agent").defer("text", "search").annotate(line=line)
    return {note.pk: note for note in found_notes.filter(pk__in=notes)}


def headline(text: Concat | Left, wanted: Query) -> SearchHeadline:
    return SearchHeadline(
        text,
        wanted,
        config="simple",
        start_sel=START,
        stop_sel=STOP,
        max_words=30,
        min_words=15,
        max_fragments=1,
    )


def _memberships(asked: Asked, agent: Agent) -> "QuerySet[Membership]":
    found = Membership.objects.filter(superseded_at=None, journey__in=visible(asked, agent))
    if asked.kinds:
        found = found.filter(interaction__kind__in=asked.kinds)
    if "public" in asked.states or "private" in asked.states:
        found = found.filter(interaction__public="public" in asked.states)
    return found


def _in_touches(asked: Asked, agent: Agent, words: dict[int, str], kind: str, limit: int) -> list[Hit]:
    if not words:
        return []
    found = _memberships(asked, agent).filter(interaction__in=list(words)).order_by("-interaction_id")
    return [Hit(hit.journey, hit.customer, hit.touch, kind, words[hit.touch]) for hit in _hits(found, kind, limit)]


def _hits(found: "QuerySet[Membership]", kind: str, limit: int) -> list[Hit]:
    rows = found.values_list("journey_id", F("journey__customer"), "interaction_id")[:limit]
    return [Hit(journey, customer, touch, kind) for journey, customer, touch in rows]
