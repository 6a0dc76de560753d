"""Loading and resetting the sample company: through the ledger and the pipeline, like everything that comes in."""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from threadline.accounts.actions import create_agent, first_roles
from threadline.accounts.events import record_many
from threadline.accounts.models import Agent, Event, Team
from threadline.channels.models import Brand, Channel
from threadline.config import sample, sample_fields, sample_routing
from threadline.config.sample import meanings, promises
from threadline.interactions.actions.intake import Item, receive_each
from threadline.journeys import pipeline
from threadline.journeys.actions.promises import use_book, watch
from threadline.journeys.actions.ruling import ledger_mark, status_of
from threadline.journeys.changes import apply
from threadline.journeys.clocks import told_together
from threadline.journeys.models import Journey, Macro, Membership, Policy, PromiseBook
from threadline.lib.encoders import chosen_encoder

PASSWORD = "harbour-and-pine"  # printed at start-up; the sample company holds no real data
CHUNK = 500
Progress = Callable[[int, int], None]


def load(progress: Progress = lambda done, total: None, *, now: datetime | None = None) -> int:
    """Load the sample company into an empty database. Returns the number of interactions."""
    now = now or timezone.now()
    meanings.teach(chosen_encoder())
    company = sample.company()
    channels, agents = build(company)
    promise(now)
    items = list(sample.entries(now))
    for start in range(0, len(items), CHUNK):
        take_in(items[start : start + CHUNK], channels)
        progress(min(start + CHUNK, len(items)), len(items))
    decide(sample.decisions(now), agents)
    sample_routing.build(company, agents, now=now)
    while watch(now=now):
        continue
    keep_ready(sample.wording())
    sample_fields.build(agents, now=now)
    return len(items)


@transaction.atomic
def build(company: Mapping[str, Any]) -> tuple[dict[tuple[str, str], Channel], dict[str, Agent]]:
    """Brands, channels, teams and agents."""
    brands = {row["name"]: Brand.objects.get_or_create(name=row["name"])[0] for row in company["brands"]}
    channels = {
        (row["kind"], row["address"]): channel_for(row, next(iter(brands.values()))) for row in company["channels"]
    }
    first_roles()
    for row in company["teams"]:
        Team.objects.get_or_create(name=row["name"], defaults={"restricted": row.get("restricted", False)})
    agents = {row["key"]: agent_for(row) for row in company["agents"]}
    return channels, agents


def promise(now: datetime) -> None:
    """What the company promises since before its year began."""
    teams = {team.name: team.pk for team in Team.objects.all()}
    if not PromiseBook.objects.exists():
        use_book(
            book=promises.book(teams, year=now.year), words="What we promise", by=None, now=now - timedelta(days=400)
        )


def channel_for(row: Mapping[str, Any], brand: Brand) -> Channel:
    settings = row.get("settings", {})
    values = {"name": row["name"], "brand": brand, "settings": settings}
    if settings.get("demo"):
        values["secrets"] = {"identity_key": secrets.token_urlsafe(32)}  # so that the demo page can sign somebody in
    return Channel.objects.get_or_create(kind=row["kind"], address=row["address"], defaults=values)[0]


def agent_for(row: Mapping[str, Any]) -> Agent:
    known = Agent.objects.filter(email=row["email"]).first()
    if known:
        return known
    agent = create_agent(
        email=row["email"], name=row["name"], password=PASSWORD, is_admin=row["role"] == "admin", handle=row["key"]
    )
    agent.teams.set(Team.objects.filter(name__in=row["teams"]))
    return agent


def take_in(items: Sequence[Mapping[str, Any]], channels: Mapping[tuple[str, str], Channel]) -> None:
    """Into the ledger in time order, and through the pipeline."""
    receive_each(
        [(channels[item["channel"], item["endpoint"]], Item(payload=item, external_id=item["id"])) for item in items],
        source="import",
    )
    while pipeline.process_pending(CHUNK):
        continue


@transaction.atomic
def decide(decisions: Sequence[Mapping[str, Any]], agents: Mapping[str, Agent]) -> None:
    """What the sample's agents did with their stories, recorded and carried out as if they had done it at the desk."""
    home = homes({touch for decision in decisions for touch in decision["touches"]})
    journeys = Journey.objects.in_bulk(set(home.values()))
    teams = {team.name: team.pk for team in Team.objects.all()}
    mark = ledger_mark()
    events = [
        event
        for decision in decisions
        for number in sorted({home[touch] for touch in decision["touches"] if touch in home})
        for event in events_of(decision, journeys[number], agents[decision["by"]], teams, mark)
    ]
    record_many(events)
    with told_together():
        for event in events:
            apply(event)


def keep_ready(wording: Mapping[str, Any]) -> None:
    """What the shop may promise, and the texts that it keeps ready."""
    for row in wording["policies"]:
        Policy.objects.get_or_create(name=row["name"], withdrawn_at=None, defaults=row)
    for row in wording["macros"]:
        values = {"text": row["text"].strip(), "actions": row.get("actions", {})}
        Macro.objects.get_or_create(name=row["name"], owner=None, team=None, withdrawn_at=None, defaults=values)


def homes(names: set[str]) -> dict[str, int]:
    """The journey of each touch, by the sample's own name for it."""
    rows = Membership.objects.filter(superseded_at=None).values_list("interaction__once_key", "journey")
    found = {key.rpartition(":")[2]: journey for key, journey in rows}
    return {name: found[name] for name in names if name in found}


def events_of(
    decision: Mapping[str, Any], journey: Journey, by: Agent, teams: Mapping[str, int], mark: int
) -> Iterator[Event]:
    at = moment(decision["at"])
    common = {"at": at, "agent": by, "journey_id": journey.pk, "customer_id": journey.customer_id, "ledger_mark": mark}
    before = {"owner": None, "team": None}
    yield Event(
        verb="assigned", facts={"owner": by.pk, "team": teams.get(decision["team"]), "before": before}, **common
    )
    if decision["do"] == "done" and journey.last_at <= at:
        yield Event(verb="done", facts={"outcome": "", "before": status_of(journey)}, **common)
    elif decision["do"] == "wait":
        yield Event(verb="waited", facts={"before": status_of(journey)}, **common)
    elif decision["do"] == "snooze":
        until = moment(decision["until"]).isoformat()
        yield Event(verb="snoozed", facts={"until": until, "before": status_of(journey)}, **common)


def moment(value: Any) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def reset(progress: Progress = lambda done, total: None) -> int:
    """Throw everything away and load the sample company anew."""
    empty()
    return load(progress)


def empty() -> None:
    """Empty every table of ours; the schema and its migrations stay.

    Numbers go on: none ever stands for a second thing, so what a process has read under a number stays right.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select string_agg(quote_ident(tablename), ',') from pg_tables where schemaname = 'public' "
            "and tablename ~ "
            "'^(accounts|channels|customers|interactions|journeys|portal|procrastinate|django_session)' "
        )
        cursor.execute(f"truncate {cursor.fetchone()[0]} cascade")
