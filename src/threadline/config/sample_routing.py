"""What the sample company's people are good at, and its rules of who gets what."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from threadline.accounts.models import Agent, Team
from threadline.accounts.serving import set_skills
from threadline.core.routing import Policy, read_policy
from threadline.journeys.routing import policies

DIMENSIONS = {"topics": "topic", "languages": "language", "channels": "channel"}


def build(company: Mapping[str, Any], agents: Mapping[str, Agent], *, now: datetime) -> None:
    """Skills of everybody, and the rules, in use; rules that are there already stay."""
    admin = next(agents[row["key"]] for row in company["agents"] if row["role"] == "admin")
    for row in company["agents"]:
        skills = {
            (dimension, value): level
            for name, dimension in DIMENSIONS.items()
            for value, level in row.get(name, {}).items()
        }
        capacity = row.get("capacity", agents[row["key"]].capacity)
        set_skills(agent=agents[row["key"]], skills=skills, capacity=capacity, by=admin, now=now)
    if company["rules"] and not policies.standing().exists():
        policy = policy_of(company["rules"])
        policies.change(lambda _: policy, words="the sample company", by=admin, now=now)
        policies.release(by=admin, now=now, note="With the sample company")


def policy_of(rules: Sequence[Mapping[str, Any]]) -> Policy:
    """Teams stand there by name."""
    teams = dict(Team.objects.values_list("name", "pk"))
    helping = [{"overflow": teams[rule["overflow"]]} if "overflow" in rule else {} for rule in rules]
    named = [{**rule, "team": teams[rule["team"]], **more} for rule, more in zip(rules, helping, strict=True)]
    return read_policy({"rules": named})
