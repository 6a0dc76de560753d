"""What passes by in a chat: typing, read, here, gone. Heard by windows and desks that are open, kept nowhere."""

import json

from django.db import connection
from django.db.models import QuerySet

from threadline.interactions.models import Thread
from threadline.journeys.models import Membership
from threadline.portal.models import Chat

CHANNEL = "threadline_chat"


def tell(chat: Chat, what: str, *, name: str = "", upto: int = 0, agent: int = 0) -> None:
    """Announce it, with what a desk needs to know whom it concerns; `agent` if it is one only. Cost: two queries."""
    journey, team = standing_of(chat)
    said = {"session": chat.session, "chat": chat.pk, "what": what, "name": name[:80], "upto": upto, "agent": agent}
    said |= {"journey": journey, "team": team}
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, json.dumps(said)])


def standing_of(chat: Chat) -> tuple[int | None, int | None]:
    """The story in which the chat stands now, and its team where that is restricted."""
    newest = (
        Membership.objects.filter(superseded_at=None, interaction__thread__in=thread_of(chat))
        .order_by("-interaction_id")
        .values_list("journey", "journey__team", "journey__team__restricted")
        .first()
    )
    journey, team, restricted = newest or (None, None, False)
    return journey, team if restricted else None


def thread_of(chat: Chat) -> QuerySet[Thread]:
    """The thread of a chat, as a query; there is none before the first message was processed."""
    return Thread.objects.filter(channel=chat.channel_id, key=chat.thread_key)
