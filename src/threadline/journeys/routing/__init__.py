"""Routing stories: the policy in use and its drafts, what waits and for whom, and the run that gives it out."""

from threadline.core.routing import Policy, read_policy
from threadline.journeys.models import RoutingPolicy


def in_use() -> Policy | None:
    """The rules in use; None while there are none. Cost: one query."""
    kept = RoutingPolicy.objects.standing().values_list("document", flat=True).first()
    policy = read_policy(kept) if kept is not None else None
    return policy if policy and policy.rules else None
