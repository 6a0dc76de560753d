"""Whatever requests wait at a moment go into the ledger together, with one transaction, as those of the API do."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from threadline.channels.contract import Piece
from threadline.channels.models import Channel
from threadline.interactions.actions.intake import Item, receive_each
from threadline.interactions.api.door import in_thread

TOGETHER = 200
SEEN_EVERY = timedelta(seconds=30)
Asked = tuple[Channel, Sequence[Piece], Mapping[str, str]]


@dataclass(slots=True)
class Gathering:
    """Requests that wait for the next commit. Lives in the event loop, so it needs no locks."""

    waiting: list[tuple[Asked, asyncio.Future[None]]] = field(default_factory=list)
    working: asyncio.Task[None] | None = None

    async def take(self, channel: Channel, pieces: Sequence[Piece], headers: Mapping[str, str]) -> None:
        """Returns once everything stands in the ledger; raises what kept it from there."""
        done = asyncio.get_running_loop().create_future()
        self.waiting.append(((channel, pieces, headers), done))
        if self.working is None or self.working.done():
            self.working = asyncio.create_task(self._work())
        await done

    async def _work(self) -> None:
        while self.waiting:
            together, self.waiting = self.waiting[:TOGETHER], self.waiting[TOGETHER:]
            await settle(together)


async def settle(together: Sequence[tuple[Asked, asyncio.Future[None]]]) -> None:
    """One that can not be stored does not take the others with it."""
    try:
        await in_thread(write, [asked for asked, _ in together])
    except Exception as error:
        if len(together) > 1:
            for each in together:
                await settle([each])
        elif not together[0][1].cancelled():
            together[0][1].set_exception(error)
        return
    for _, done in together:
        if not done.cancelled():  # the sender hung up; what was taken stays
            done.set_result(None)


gathering = Gathering()


@transaction.atomic
def write(asked: Sequence[Asked]) -> None:
    items = [(channel, item_of(piece, headers)) for channel, pieces, headers in asked for piece in pieces]
    if items:
        receive_each(items, source="hook")
    note_seen({channel.pk for channel, _, _ in asked})


def item_of(piece: Piece, headers: Mapping[str, str]) -> Item:
    return Item(raw=piece.body, external_id=piece.external_id, headers={**headers, **piece.headers})


def note_seen(channels: set[int]) -> None:
    now = timezone.now()
    old = Q(seen_at=None) | Q(seen_at__lt=now - SEEN_EVERY)
    Channel.objects.filter(old, pk__in=channels).update(seen_at=now)
