"""Sources that do not call us are looked at, and what providers say they have is compared with what came in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from threadline.accounts.models import Event
from threadline.channels import log
from threadline.channels.adapters import adapter, served
from threadline.channels.contract import Broken, Failure, Fetched, Misconfigured, Piece, Refused, Unavailable
from threadline.channels.models import Channel
from threadline.interactions.actions.intake import Item, receive
from threadline.interactions.models import IntakeEntry
from threadline.interactions.reading import endpoint_of, endpoint_with_secrets
from threadline.lib.jobs import job, periodic

LOCK = 0x6C6F_6F6B
MOST_LOOKS = 50
WAIT = timedelta(minutes=2)
PAGES = 200
ON_ITS_WAY = timedelta(minutes=10)
EVER = datetime.min.replace(tzinfo=UTC)
LATE = 5  # looks that were missed
LEAST_LATE = timedelta(minutes=15)
PORTION = 50


@periodic(cron="* * * * *")
@job(queueing_lock="look_at_sources")
def look_at_sources(timestamp: int = 0) -> None:
    """Look at every source whose time has come. Safe to run twice: each is held by whoever looks at it."""
    for channel in Channel.objects.active().filter(halted_at=None):
        found = served(channel)
        if found is not None and found.polled_every and is_due(channel, found.polled_every):
            look(channel)


def is_due(channel: Channel, every: int) -> bool:
    now = timezone.now()
    if channel.look_after is not None and channel.look_after > now:
        return False
    return channel.seen_at is None or channel.seen_at + timedelta(seconds=every) <= now


def unseen_since(channel: Channel, now: datetime) -> datetime | None:
    """When a source was last looked at, if that should have happened again long ago; None while all is well."""
    found = served(channel)
    if found is None or not found.polled_every or channel.seen_at is None or channel.halted_at or not channel.active:
        return None
    told_to_wait = channel.look_after is not None and channel.look_after > now
    late = max(timedelta(seconds=found.polled_every) * LATE, LEAST_LATE)
    return channel.seen_at if not told_to_wait and channel.seen_at + late < now else None


def look(channel: Channel) -> int:
    """Take what is new at one source; returns how many items that was. What comes and the cursor are one commit."""
    if not hold(channel):
        return 0
    taken = 0
    try:
        for _look in range(MOST_LOOKS):
            channel.refresh_from_db()
            brought = adapter(endpoint_with_secrets(channel)).fetch(channel.cursor)
            taken += take(channel, brought)
            if not brought.more:
                break
    except Failure as error:
        put_off(channel, error)
    finally:
        let_go(channel)
    return taken


def take(channel: Channel, brought: Fetched) -> int:
    with transaction.atomic():
        if brought.pieces:
            receive([item_of(piece) for piece in brought.pieces], source="poll", channel=channel)
        Channel.objects.filter(pk=channel.pk).update(
            cursor=brought.cursor[:2000], seen_at=timezone.now(), look_after=None, trouble=brought.gap
        )
        if brought.gap and brought.gap != channel.trouble:
            log.note(channel, brought.gap, ok=False, coming=True)
    return len(brought.pieces)


def item_of(piece: Piece) -> Item:
    if piece.refused:
        told = {"named": piece.external_id}
        return Item(payload=told, external_id=piece.external_id, refused=piece.refused)
    return Item(raw=piece.body, external_id=piece.external_id, headers=dict(piece.headers))


def put_off(channel: Channel, error: Failure) -> None:
    """Look again later; wrong credentials wait for a person, or for their provider to take them again."""
    now = timezone.now()
    wait = timedelta(seconds=error.retry_after) if isinstance(error, Unavailable) and error.retry_after else WAIT
    halted = now if isinstance(error, Misconfigured) else None
    Channel.objects.filter(pk=channel.pk).update(look_after=now + wait, trouble=str(error), halted_at=halted)
    log.note(channel, str(error), ok=False, coming=True)


def hold(channel: Channel) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s, %s)", [LOCK, channel.pk])
        return bool(cursor.fetchone()[0])


def let_go(channel: Channel) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_unlock(%s, %s)", [LOCK, channel.pk])


# ---- what the provider has -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compared:
    """`there`: items that the provider has since then; `missing`: those of them that never came in."""

    there: int
    missing: tuple[Piece, ...]


def compare(channel: Channel, *, since: datetime) -> Compared:
    """Ask the provider what it has. Talks to the provider.

    Raises:
        Failure: it does not tell, or not now.
    """
    found = listed(channel, since=since)
    known = names_in(channel, [piece.external_id for piece in found])
    return Compared(len(found), tuple(piece for piece in found if piece.external_id not in known))


def listed(channel: Channel, *, since: datetime) -> list[Piece]:
    connector, cursor = adapter(endpoint_with_secrets(channel)), ""
    found: list[Piece] = []
    for _page in range(PAGES):
        brought = connector.history(since, cursor)
        found += brought.pieces
        cursor = brought.cursor
        if not brought.more:
            break
    return found


def left_there(channel: Channel, names: Sequence[str]) -> set[str]:
    """Those of these that were only noted, and lie with the provider still."""
    here = IntakeEntry.objects.filter(channel=channel, external_id__in=names)
    noted = here.filter(verdict="refused", raw=None).values_list("external_id", flat=True)
    return set(noted) - set(here.exclude(raw=None).values_list("external_id", flat=True))


def overdue(channel: Channel, pieces: Sequence[Piece], *, now: datetime) -> int:
    """How many of these should be here: said since the channel was added, and not only a moment ago.

    What would not be taken anyway, such as our own posts in a forum, is not missing.
    """
    told = Event.objects.filter(agent__isnull=False, journey_id=None, customer_id=None)  # as its index has it
    added = told.filter(verb="channel_added", facts__channel=channel.pk).order_by("pk").first() if pieces else None
    begin = added.at if added else EVER
    return sum(is_overdue(channel, piece, begin=begin, now=now) for piece in pieces)


def is_overdue(channel: Channel, piece: Piece, *, begin: datetime, now: datetime) -> bool:
    try:
        at = said_at(channel, piece)
    except Refused:
        return False
    return at is None or begin <= at <= now - ON_ITS_WAY


def said_at(channel: Channel, piece: Piece) -> datetime | None:
    """None for what can not be read here, such as a name without its bytes. Raises Refused for what we do not want."""
    try:
        (item,) = adapter(endpoint_of(channel)).parse(piece.raw) if piece.body else (None,)
    except Refused:
        raise
    except Broken:
        return None
    return item.at if item else None


def oldest_first(channel: Channel, pieces: Sequence[Piece]) -> list[Piece]:
    """Providers list the newest first; the ledger and the stories want what was said in its order. Names stay as is."""
    if not any(piece.body for piece in pieces):
        return list(pieces)
    placed = [((_moment(channel, piece), -place), piece) for place, piece in enumerate(pieces)]
    return [piece for _place, piece in sorted(placed, key=lambda each: each[0])]


def _moment(channel: Channel, piece: Piece) -> datetime:
    try:
        return said_at(channel, piece) or EVER
    except Refused:
        return EVER


def names_in(channel: Channel, names: Sequence[str]) -> set[str]:
    here = IntakeEntry.objects.filter(channel=channel, external_id__in=names)
    return set(here.values_list("external_id", flat=True))


def backfill(channel: Channel, *, since: datetime) -> int:
    """Take in what the provider has and we do not, portion by portion. Returns how many items that was.

    What was left there because it was too big is asked for again: the limit may have been raised.
    """
    there, connector, taken = listed(channel, since=since), adapter(endpoint_with_secrets(channel)), 0
    names = [piece.external_id for piece in there]
    known, left = names_in(channel, names), left_there(channel, names)
    missing = [piece for piece in there if piece.external_id not in known - left]
    ordered = oldest_first(channel, missing)
    for start in range(0, len(ordered), PORTION):
        filled = connector.fill(ordered[start : start + PORTION])
        brought = [piece for piece in filled if not (piece.refused and piece.external_id in left)]
        if brought:
            receive([item_of(piece) for piece in brought], source="backfill", channel=channel)
        taken += len(brought)
    if taken:
        log.note(channel, f"Fetched {taken} items that had not come in.", ok=True, coming=True)
    return taken
