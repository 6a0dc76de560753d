"""What providers tell of our messages becomes their state, with the proof; who asks for silence gets it.

Reports come late, early, twice and in any order: a state only goes forward, and what comes before we know the number of
the message waits for it.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from threadline.accounts.events import record_many
from threadline.accounts.models import Event
from threadline.channels.contract import Report
from threadline.interactions.actions.addresses import came_back, silence
from threadline.interactions.models import Delivery, Interaction, OptOut, Told
from threadline.interactions.reading import Reading
from threadline.journeys.models import Membership
from threadline.lib.bulk import insert, made

ORDER = ("held", "queued", "unsure", "sent", "delivered", "read")
EARLY = timedelta(days=7)
AT_ONCE = 500
CLOCKS = timedelta(seconds=5)  # what our clock and the provider's may differ by
NO_REASON = "The provider could not deliver it and gave no reason."


def take_reports(readings: Sequence[Reading]) -> None:
    """Keep the reports of a batch and bring the messages that they name up to date. Cost: about six statements."""
    reports = [(reading, reading.report) for reading in readings if reading.report is not None]
    if not reports:
        return
    found = deliveries_of(reports)
    told = [row_of(reading, report, found) for reading, report in reports]
    insert(told)
    settle_all(told, found)
    for reading, report in reports:
        if report.until is not None:
            _read_up_to(reading, report)
        if report.opted_out or report.complained:
            _silence(reading, report, found)
        if report.bad_address:
            _blame(reading, report, found)


Key = tuple[int, str]


def deliveries_of(reports: Sequence[tuple[Reading, Report]]) -> dict[Key, Delivery]:
    """By channel and the provider's id or our own key. Locked, in order."""
    ids = {report.external_id for _, report in reports if report.external_id}
    keys = {int(report.key) for _, report in reports if report.key.isdigit()}
    keys |= newest_of_threads(reports)
    channels = {reading.entry.channel_id for reading, _ in reports}
    rows = Delivery.objects.select_for_update(of=["self"]).select_related("interaction").order_by("pk")
    wanted = rows.filter(Q(provider_id__in=ids) | Q(pk__in=keys), interaction__channel__in=channels)
    found: dict[Key, Delivery] = {}
    for delivery in wanted:
        channel = delivery.interaction.channel_id
        found[channel, f"key {delivery.pk}"] = delivery
        if delivery.provider_id:
            found[channel, delivery.provider_id] = delivery
        found[channel, f"thread {delivery.interaction.thread_id}"] = delivery  # the newest comes last
    return found


def newest_of_threads(reports: Sequence[tuple[Reading, Report]]) -> set[int]:
    """What we sent last in the threads that reports name, before they were written. Cost: a query each, seldom any."""
    found = set()
    for _reading, report in reports:
        if report.reply_thread is not None:
            went = Delivery.objects.filter(interaction__thread=report.reply_thread, state__in=ORDER[1:])
            found |= set(went.filter(interaction__at__lte=report.at + CLOCKS).order_by("-pk").values_list("pk")[:1])
    return {number for (number,) in found}


def meant(reading: Reading, report: Report, found: dict[Key, Delivery]) -> Delivery | None:
    channel = reading.entry.channel_id or 0
    named = found.get((channel, report.external_id)) or found.get((channel, f"key {report.key}"))
    if named is None and not report.external_id and report.reply_thread is not None:
        return found.get((channel, f"thread {report.reply_thread}"))
    return named


def row_of(reading: Reading, report: Report, found: dict[Key, Delivery]) -> Told:
    delivery = meant(reading, report, found)
    return made(
        Told,
        entry_id=reading.entry.pk,
        channel_id=reading.entry.channel_id,
        interaction_id=delivery.pk if delivery else None,
        external_id=report.external_id[:512],
        state=report.state,
        at=report.at,
        reason=report.reason,
        once_key=report.once_key[:640],
        proof=dict(report.proof),
    )


def settle_all(told: Iterable[Told], found: dict[Key, Delivery]) -> None:
    """Every message goes forward by what was told of it; each step that counts is an event."""
    by_number = {delivery.pk: delivery for delivery in found.values()}
    changed: dict[int, Told] = {}
    for each in sorted((one for one in told if one.interaction_id in by_number), key=lambda one: one.at):
        delivery = by_number[each.interaction_id or 0]
        if advance(delivery, each):
            changed[delivery.pk] = each
    for number in changed:
        by_number[number].save(update_fields=["state", "reason", "due_at", "begun_at", "changed_at", "provider_id"])
    tell(changed)


def advance(delivery: Delivery, told: Told) -> bool:
    """Whether the message has another state now. A failure counts until it arrived; arriving counts always."""
    state = str(delivery.state)
    if state == "withdrawn":
        return False
    if told.state == "failed":
        forward = state in ("queued", "unsure", "sent")
    elif state == "failed":
        forward = told.state in ("delivered", "read")
    else:
        forward = ORDER.index(told.state) > ORDER.index(state)
    if not forward:
        return False
    delivery.state, delivery.due_at, delivery.begun_at = told.state, None, None
    delivery.reason = (told.reason or NO_REASON) if told.state == "failed" else ""
    delivery.provider_id = delivery.provider_id or told.external_id
    delivery.changed_at = told.at
    return True


def tell(changed: dict[int, Told]) -> None:
    homes = Membership.objects.filter(interaction__in=changed, superseded_at=None)
    home = dict(homes.values_list("interaction", "journey"))
    record_many(
        [
            Event(
                verb=told.state,
                at=timezone.now(),
                interaction_id=number,
                journey_id=home.get(number),
                facts={"reason": told.reason, "told": told.pk},
            )
            for number, told in changed.items()
        ]
    )


def _read_up_to(reading: Reading, report: Report) -> None:
    """All of ours in that thread that went out until then."""
    went = Delivery.objects.select_for_update(of=["self"]).filter(
        interaction__channel=reading.entry.channel_id,
        interaction__thread__key=report.thread_key,
        state__in=ORDER[ORDER.index("unsure") : ORDER.index(report.state)],
        changed_at__lte=report.until + CLOCKS if report.until else None,
    )
    found = {(0, str(delivery.pk)): delivery for delivery in went.order_by("pk")}
    stand_ins = [
        Told(entry_id=reading.entry.pk, interaction_id=delivery.pk, state=report.state, at=report.at, reason="")
        for delivery in found.values()
    ]
    settle_all(stand_ins, found)
    if found:
        newest = max(delivery.pk for delivery in found.values())
        Told.objects.filter(pk=reading.entry.pk).update(interaction=newest)


def _silence(reading: Reading, report: Report, found: dict[Key, Delivery]) -> None:
    """Whoever called a mail spam still gets what a person writes."""
    delivery, channel = meant(reading, report, found), reading.entry.channel
    if delivery is not None and channel is not None:
        address = delivery.interaction.thread.reply_address
        silence(channel, address, at=report.at, entry=reading.entry, only_automatic=not report.opted_out)


def _blame(reading: Reading, report: Report, found: dict[Key, Delivery]) -> None:
    """Only for what we sent there: nobody has an address barred that we never wrote to."""
    delivery = meant(reading, report, found)
    if delivery is not None and report.bad_address == delivery.interaction.thread.reply_address:
        came_back(address=report.bad_address, message=delivery.pk, reason=report.reason, at=report.at)


def take_consent(readings: Sequence[Reading]) -> None:
    """STOP and START, as the adapters read them."""
    for reading in readings:
        item = reading.inbound
        channel = reading.entry.channel
        if item is None or channel is None or not item.consent or reading.verdict != "accepted":
            continue
        address = item.reply_address or (item.handles[0].value if item.handles else "")
        if item.consent == "in":
            OptOut.objects.filter(channel=channel, address=address).delete()
        elif address:
            silence(channel, address, at=item.at, entry=reading.entry)


@transaction.atomic
def catch_up() -> None:
    """Reports that came before we knew the number of their message."""
    early = Told.objects.filter(interaction=None, at__gte=timezone.now() - EARLY).exclude(external_id="")
    waiting = list(early.order_by("pk")[:AT_ONCE])
    if not waiting:
        return
    rows = Delivery.objects.select_for_update(of=["self"]).select_related("interaction").order_by("pk")
    found = {
        (delivery.interaction.channel_id, delivery.provider_id): delivery
        for delivery in rows.filter(provider_id__in={each.external_id for each in waiting})
    }
    known = [each for each in waiting if (each.channel_id, each.external_id) in found]
    for each in known:
        each.interaction_id = found[each.channel_id, each.external_id].pk
    Told.objects.bulk_update(known, ["interaction"])
    settle_all(known, found)


def proof_of(touch: Interaction) -> list[Told]:
    """What the provider told of a message, oldest first."""
    return list(Told.objects.filter(interaction=touch).order_by("at", "pk"))
