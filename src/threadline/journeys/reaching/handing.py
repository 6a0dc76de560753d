"""From public to private and back: where a story stands, and the words for the next step, ready to be changed."""

import re

from django.conf import settings

from threadline.accounts.models import Agent
from threadline.channels.models import Channel
from threadline.core.fitness import Plan, Wording, fill, network_of
from threadline.journeys.models import Journey

CONTACT = "/contact"
LINKS = {
    "x": "https://x.com/messages/compose?recipient_id={user_id}",
    "bluesky": "https://bsky.app/profile/{name}",
    "facebook": "https://m.me/{name}",
    "instagram": "https://ig.me/m/{name}",
}


def private_link(channel: Channel) -> str:
    """Where people write to us in private: the network's own place where it has one, else our contact page."""
    told = {
        "user_id": str((channel.settings or {}).get("user_id") or ""),
        "name": channel.address.rstrip("/").rpartition("/")[2].lstrip("@"),
    }
    link = LINKS.get(channel.kind, "")
    place = "user_id" if "{user_id}" in link else "name"
    if link and told[place]:
        return link.format(**told)
    return f"{settings.PUBLIC_URL.rstrip('/')}{CONTACT}"


def words_for(journey: Journey, channel: Channel, plan: Plan, *, by: Agent, first_name: str) -> Wording:
    """The three texts of that network with their places filled. In public nothing of theirs is filled in."""
    brand = journey.brand.name if journey.brand else channel.name or channel.address
    wording = plan.wording(network_of(channel.kind))
    public = {"link": private_link(channel), "brand": brand}
    private = {**public, "first name": first_name, "my first name": by.first_name, "my name": by.name}
    return Wording(fill(wording.out, public), fill(wording.private, private), fill(wording.back, public))


def of_the_plan(text: str, side: str, plan: Plan) -> bool:
    """Whether these are the words that lead to another side, with their places filled: they may stand anywhere."""
    wording, said = plan.wording(network_of(side)), " ".join(text.split())
    return any(_says(template, said) for template in (wording.out, wording.private, wording.back))


def _says(template: str, said: str) -> bool:
    parts = re.split(r"\{[^{}]+\}", " ".join(template.split()))
    return re.fullmatch(".{0,300}?".join(re.escape(part) for part in parts), said) is not None
