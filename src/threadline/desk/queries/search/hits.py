"""Where the words were found. Every read goes through the stories that the agent may see."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.search import SearchHeadline
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat, Left

from threadline.accounts.models import Agent
from threadline.core.understanding.contacts import e164
from threadline.core.understanding.numbers import number_key
from threadline.customers.models import HANDLE_WORDS, NAME_WORDS, Customer, Identity
from threadline.desk.queries.queue.views import VIEWS, stories
from threadline.desk.queries.search.asked import Asked, Query, all_beginning, query
from threadline.interactions.models import Attachment, Fact, Interaction
from threadline.interactions.models.touch import FILE_WORDS
from threadline.journeys.models import Journey, JourneyQuerySet, Membership

PEOPLE = 8
SENDERS = 50
WEIGHED = 1000  # how many that fit are looked at for the newest; so many that an index is worth its while
FACTS = 20
FILES = 20
MESSAGES = 30
REGION = "GB"
NUMBERS = ("order", "tracking", "case", "account", "loyalty")
HEAD_CHARS = 20_000
START, STOP = "\x02", "\x03"  # no text that came in is trusted to be free of them: see `snippets.marked`


@dataclass(frozen=True, slots=True)
class Hit:
    """The words stand in this touch of this story. `kind` is message, number or file; `words` what was found there."""

    journey: int
    customer: int
    touch: int
    kind: str
    words: str = ""


def people(words: str, *, limit: int = PEOPLE) -> list[int]:
    """Those whose handle is just that first, then those whose name or address has these words. Three queries."""
    exact = list(Identity.objects.filter(_handle(words)).values_list("customer", flat=True).distinct()[:limit])
    asked = all_beginning(words)
    if asked is None:
        return exact
    named = Customer.objects.annotate(found=NAME_WORDS).filter(found=asked, merged_into=None).values("pk")[:WEIGHED]
    handled = Identity.objects.annotate(found=HANDLE_WORDS).filter(found=asked).values("customer")[:WEIGHED]
    by_name = Customer.objects.filter(pk__in=named).order_by("-pk").values_list("pk", flat=True)[:limit]
    by_handle = Customer.objects.filter(pk__in=handled).order_by("-pk").values_list("pk", flat=True)[:limit]
    return list(dict.fromkeys([*exact, *by_name, *by_handle]))[:limit]


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


def messages(asked: Asked, agent: Agent, *, before: int) -> list[Hit]:
    """The newest touches that say so, `MESSAGES` + 1 at most, those that came in after `before` left out."""
    wanted = query(asked.words)
    found = _memberships(asked, agent)
    if wanted is not None:
        found = found.filter(interaction__search=wanted)
    if before:
        found = found.filter(interaction_id__lt=before)
    return _hits(found.order_by("-interaction_id"), "message", MESSAGES + 1)


def numbers(asked: Asked, agent: Agent) -> list[Hit]:
    """Order and other numbers that somebody told us, however they are written."""
    keys = number_keys(asked.words)
    if not keys:
        return []
    facts = dict(
        Fact.objects.filter(name__in=NUMBERS, key__in=keys)
        .order_by("interaction_id", "-pk")
        .values_list("interaction_id", "value")
    )
    return _in_touches(asked, agent, facts, "number", FACTS)


def files(asked: Asked, agent: Agent) -> list[Hit]:
    wanted = all_beginning(asked.words)
    if wanted is None:
        return []
    found = Attachment.objects.annotate(found=FILE_WORDS).filter(found=wanted).order_by("-interaction_id")
    names = dict(found.values_list("interaction_id", "name")[: FILES * 10])
    return _in_touches(asked, agent, names, "file", FILES)


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


def headline(text: Concat, wanted: Query) -> SearchHeadline:
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
