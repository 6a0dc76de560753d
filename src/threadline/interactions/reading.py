"""From ledger entries to inbound items in the common form; what can not be read is set aside, with the reason."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.conf import settings

from threadline.channels.adapters import reader
from threadline.channels.contract import Broken, Endpoint, Failure, Inbound, Raw, Refused, Report
from threadline.channels.models import Channel
from threadline.core.touch import Direction, Handle
from threadline.interactions.models import IntakeEntry, Interaction, Told
from threadline.interactions.outgoing import desk_of, files_of

log = logging.getLogger(__name__)
AS_IT_COMES = ("smtp", "lmtp", "imap", "hook", "poll")  # not told of a past that was answered elsewhere


@dataclass(slots=True)
class Reading:
    """One entry on its way through the pipeline. `verdict` stays pending while it is still to be stored."""

    entry: IntakeEntry
    inbound: Inbound | None = None
    report: Report | None = None
    verdict: str = "pending"
    reason: str = ""
    duplicate_of: int | None = None

    def refuse(self, verdict: str, reason: str) -> "Reading":
        self.verdict, self.reason = verdict, reason
        return self

    @property
    def item(self) -> Inbound:
        assert self.inbound is not None, "only readings that were parsed are asked for their item"
        return self.inbound


def endpoint_of(channel: Channel) -> Endpoint:
    return Endpoint(
        channel.kind,
        channel.address,
        {"name": channel.name, **channel.settings},
        settings.REPLY_KEY,
        channel.provider,
        channel.pk or 0,
        f"{settings.PUBLIC_URL}/in/{channel.pk}",
    )


def endpoint_with_secrets(channel: Channel) -> Endpoint:
    """Only talking to the provider needs the passwords."""
    endpoint = endpoint_of(channel)
    return replace(endpoint, settings={**endpoint.settings, **channel.secrets})


def read(entries: Sequence[IntakeEntry]) -> list[Reading]:
    """Parse every entry. One that can not be parsed never stops the others."""
    readings = [parse(entry) for entry in entries]
    mark_duplicates([reading for reading in readings if reading.verdict == "pending"])
    mark_repeated([reading for reading in readings if reading.report is not None])
    return readings


def parse(entry: IntakeEntry) -> Reading:
    reading = Reading(entry)
    if entry.channel is None:
        return reading.refuse("refused", "No channel of ours has this address. Add the channel, then send it again.")
    raw = Raw(
        body=bytes(entry.raw) if entry.raw is not None else None,
        payload=entry.payload,
        headers=entry.headers,
        received_at=entry.received_at,
    )
    try:
        items = reader(endpoint_of(entry.channel), raw).parse(raw)
    except Refused as error:
        return reading.refuse("refused", str(error))
    except (Broken, Failure) as error:
        return reading.refuse("quarantined", str(error))
    except Exception as error:
        log.exception("entry %s could not be read", entry.pk)
        return reading.refuse("quarantined", f"Reading it failed unexpectedly ({type(error).__name__}: {error}).")
    if not items:
        return reading.refuse(
            "refused", "Nothing in it is an interaction: a copy of our own mail or an unknown notice."
        )
    if isinstance(items[0], Report):
        reading.report = items[0]
        return reading.refuse("noted", items[0].reason)
    reading.inbound = as_written(entry, not_before_its_time(entry, items[0]))
    return reading


def is_news(reading: Reading) -> bool:
    """They wrote it just now, as far as we know: it came by itself."""
    item = reading.item
    return item.direction == Direction.IN and not item.automatic and reading.entry.source in AS_IT_COMES


def written_here(reading: Reading) -> bool:
    """One of us wrote it at the desk."""
    item = reading.item
    return item.direction == Direction.OUT and not item.automatic and reading.entry.source == "desk"


def not_before_its_time(entry: IntakeEntry, item: Inbound) -> Inbound:
    """A provider whose clock is ahead says nothing about the future: what came in was there by then."""
    ahead = entry.source in ("hook", "poll") and item.at > entry.received_at
    return replace(item, at=entry.received_at) if ahead else item


def as_written(entry: IntakeEntry, item: Inbound) -> Inbound:
    """What an agent wrote has its layout, its files and those in copy, who may answer in the thread."""
    desk = desk_of(entry)
    if not desk:
        return item
    copied = item.attributes.get("cc")
    also = tuple(str(address) for address in copied) if isinstance(copied, list) else ()
    html, participants = str(desk.get("html") or ""), (*item.participants, *also)
    item = replace(item, html=html, files=files_of(entry), participants=participants)
    return in_its_thread(item, desk)


def in_its_thread(item: Inbound, desk: Mapping[str, object]) -> Inbound:
    """Channels that know their threads themselves: an answer stands where it was written, to whom it was written."""
    key, to = desk.get("thread_key"), desk.get("handle")
    if not isinstance(key, str) or not key or not isinstance(to, list):
        return item
    handles = item.handles or (Handle(str(to[0]), str(to[1])),)
    return replace(item, thread_key=key, handles=handles, reply_address=str(to[1]), public=bool(desk.get("public")))


def mark_duplicates(readings: Sequence[Reading]) -> None:
    """Give every item seen before the verdict duplicate, naming the first. Cost: one query."""
    keys = [reading.item.once_key for reading in readings]
    first: dict[str, int] = dict(Interaction.objects.filter(once_key__in=keys).values_list("once_key", "pk"))
    for reading in readings:
        known = first.setdefault(reading.item.once_key, reading.entry.pk)
        if known != reading.entry.pk:
            reading.duplicate_of = known
            reading.refuse("duplicate", f"The same item was stored before, as touch {known}.")


def mark_repeated(readings: Sequence[Reading]) -> None:
    """The same for what providers told of our messages. Cost: one query, none without reports."""
    keys = [reading.report.once_key[:640] for reading in readings if reading.report]
    first: dict[str, int] = dict(Told.objects.filter(once_key__in=keys).values_list("once_key", "pk")) if keys else {}
    for reading, key in zip(readings, keys, strict=True):
        known = first.setdefault(key, reading.entry.pk)
        if known != reading.entry.pk:
            reading.report, reading.duplicate_of = None, known
            reading.refuse("duplicate", f"The same was told before, in entry {known}.")
