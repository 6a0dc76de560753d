"""Sending what agents wrote, and saying in words how it went.

In one thread messages go one after the other. A channel that is refused by its provider waits until it is repaired, one
that is asked to slow down waits as long as it is told. Nothing is sent twice: a message that may have gone out is not
sent again by itself, unless its provider or its own name keeps it from arriving twice.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from threadline.accounts.events import record
from threadline.channels import log, reply_address
from threadline.channels.adapters import adapter, can_send, scheme_of, served
from threadline.channels.contract import Misconfigured, OptedOut, Outbound, Rejected, Unavailable
from threadline.channels.models import Channel, ChannelLog
from threadline.channels.windows import rule_of
from threadline.interactions.actions.addresses import silence, unwanted
from threadline.interactions.models import Delivery, IntakeEntry, Interaction, OptOut
from threadline.interactions.outgoing import enclosures
from threadline.interactions.reading import endpoint_of, endpoint_with_secrets
from threadline.interactions.stopping import stop_url
from threadline.journeys.models import Membership
from threadline.journeys.reaching.consents import silent
from threadline.journeys.told import catch_up
from threadline.lib.errors import ThreadlineError
from threadline.lib.jobs import enqueue, job, periodic

AT_ONCE = 50
LEASE = timedelta(minutes=5)  # longer than any time-out of an adapter, so that nothing is sent twice at once
WAITS = [timedelta(minutes=minutes) for minutes in (1, 3, 10, 30, 60, 180, 720)]
HANDED_OVER = "Handed over as"
UNSURE = "It was handed over, but no answer came, so that it may have arrived. Ask them, or send it again."
# The first of each thread that waits; channels that were told to wait, or that are to be repaired, have none.
DUE = """
    select d.interaction_id from interactions_delivery d
    join interactions_interaction i on i.id = d.interaction_id
    join channels_channel c on c.id = i.channel_id
    where d.state in ('held', 'queued') and d.due_at <= %s
    and c.halted_at is null and (c.send_after is null or c.send_after <= %s)
    and not exists (
        select from interactions_delivery e join interactions_interaction j on j.id = e.interaction_id
        where e.state in ('held', 'queued') and j.thread_id = i.thread_id and e.interaction_id < d.interaction_id
    )
    order by d.due_at, d.interaction_id limit %s for update of d skip locked
"""


@periodic(cron="* * * * *")
@job(queueing_lock="deliver_due")
def deliver_due(timestamp: int = 0) -> None:
    """Send everything that is due. Each message is leased first, sent outside any transaction, then settled."""
    while claimed := claim():
        waiting: set[int] = set()
        for delivery in claimed:
            channel = delivery.interaction.channel_id
            if channel in waiting:
                hand_back(delivery)
            elif not deliver(delivery):
                waiting.add(channel)
    catch_up()


@job()
def deliver_held() -> None:
    """An answer has been held long enough. Each has a job of its own, so that none waits for the next full minute."""
    deliver_due()


def claim() -> list[Delivery]:
    """Take the next messages for this process; one that dies leaves them to be taken again after the lease."""
    now = timezone.now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(DUE, [now, now, AT_ONCE])
            numbers = [number for (number,) in cursor.fetchall()]
        Delivery.objects.filter(pk__in=numbers).update(state=Delivery.State.QUEUED, due_at=now + LEASE)
    found = Delivery.objects.filter(pk__in=numbers).select_related("interaction__channel", "interaction__thread")
    return list(found.order_by("pk"))


def hand_back(delivery: Delivery) -> None:
    """Not sent after all: its channel has to wait."""
    Delivery.objects.filter(pk=delivery.pk, state="queued").update(due_at=timezone.now(), begun_at=None)


def deliver(delivery: Delivery) -> bool:
    """Send one message and settle it. False when its whole channel has to wait now."""
    touch = delivery.interaction
    try:
        number = send(delivery)
    except Unavailable as error:
        return _later(delivery, error)
    except Misconfigured as error:
        halt(touch.channel, str(error))
        settle(delivery, Delivery.State.FAILED, str(error))
        return False
    except (Rejected, ThreadlineError) as error:
        if isinstance(error, OptedOut):
            silence(touch.channel, touch.thread.reply_address, at=timezone.now())
        settle(delivery, Delivery.State.FAILED, str(error))
    else:
        settle(delivery, Delivery.State.SENT, "", provider_id=number)
    return True


def send(delivery: Delivery) -> str:
    """Hand one message to its channel; returns the provider's id."""
    touch = delivery.interaction
    channel, found = touch.channel, served(touch.channel)
    if not channel.active:
        raise Unavailable(f"{channel} is switched off. Switch it on in its settings; the message then goes out.")
    if found is None or not can_send(channel):
        raise Rejected(f"Threadline can not send over {channel.kind_name} yet. Reply another way.")
    if why := unwanted(channel, touch.thread, automatic=bool(touch.automatic)):
        raise Rejected(why)
    if not touch.public and silent(scheme_of(channel), touch.thread.reply_address, channel.kind):
        raise Rejected("They do not want to be written to here; why stands on their page. Reply another way.")
    if delivery.begun_at is not None and not found.idempotent:
        raise Unavailable(UNSURE, unknown=True)  # whoever had it in hand died
    hold_to_hourly(channel, timezone.now())
    pace(found.limits.rate)
    Delivery.objects.filter(pk=delivery.pk).update(begun_at=timezone.now())
    return adapter(endpoint_with_secrets(channel)).send(outbound(touch))


def pace(rate: float | None) -> None:
    """No more than so many a second."""
    if rate:
        time.sleep(1 / rate)


def hold_to_hourly(channel: Channel, now: datetime) -> None:
    """Mail servers shut out whoever sends too much: what is over the mailbox's own limit waits, and says so."""
    most = int(str(channel.settings.get("send_per_hour") or 0))
    if most <= 0:
        return
    went = ChannelLog.objects.filter(channel=channel, direction="out", ok=True, text__startswith=HANDED_OVER)
    before = went.order_by("-pk").values_list("at", flat=True)[most - 1 : most].first()
    free_at = before + timedelta(hours=1) if before else now
    if free_at > now:
        words = f"{channel.address} sends up to {most} messages an hour, as its settings say. It goes on by itself."
        raise Unavailable(words, retry_after=(free_at - now).total_seconds())


def outbound(touch: Interaction) -> Outbound:
    """The message as the adapter takes it. Where it goes stands on the thread, not on the customer."""
    channel, thread = touch.channel, touch.thread
    went = Interaction.objects.exclude(delivery__state=Delivery.State.WITHDRAWN)
    earlier = went.filter(thread=thread, at__lt=touch.at).order_by("-at", "-pk")
    names = list(reversed(earlier.values_list("external_id", flat=True)[:10]))
    answered, said_at = earlier.filter(direction="in").values_list("external_id", "at").first() or ("", None)
    return Outbound(
        key=str(touch.pk),
        to=thread.reply_address,
        text=touch.text,
        reply_address=answers_to(channel, thread.pk),
        subject=touch.subject,
        from_name=channel.name,
        message_id=touch.external_id,
        in_reply_to=answered,
        answered_at=said_at,
        references=tuple(names),
        automatic=bool(touch.automatic),
        stop_url=stop_url(channel, thread) if touch.automatic and channel.kind == "email" else "",
        cc=tuple(touch.attributes.get("cc", ())),
        html=touch.html,
        files=enclosures(IntakeEntry.objects.get(pk=touch.pk)),
        thread_key=thread.key,
        public=touch.public,
        late=is_late(channel, said_at, public=touch.public),
    )


def is_late(channel: Channel, said_at: datetime | None, *, public: bool) -> bool:
    """Whether the channel's window for free answers is over."""
    rule, now = rule_of(channel, public=public), timezone.now()
    return rule is not None and rule.ends(said_at, now) <= now


def answers_to(channel: Channel, thread: int) -> str:
    """The signed address for answers by mail; other channels know their threads themselves."""
    return reply_address.make(channel.address, thread, endpoint_of(channel).secret) if channel.kind == "email" else ""


# ---- how it went ---------------------------------------------------------------------------------------------------


def halt(channel: Channel, why: str) -> None:
    """Nothing is sent any more until somebody has repaired it."""
    Channel.objects.filter(pk=channel.pk).update(trouble=why, halted_at=timezone.now())


def _later(delivery: Delivery, error: Unavailable) -> bool:
    """Try again, later each time; after the last wait it has failed. What may have arrived is not tried again."""
    channel, now, why = delivery.interaction.channel, timezone.now(), str(error)
    found = served(channel)
    if error.unknown and not (found and found.idempotent):
        settle(delivery, Delivery.State.UNSURE, f"{why} {UNSURE}" if why != UNSURE else UNSURE)
        return True
    if error.retry_after is not None:
        Channel.objects.filter(pk=channel.pk).update(send_after=now + timedelta(seconds=error.retry_after))
        Delivery.objects.filter(pk=delivery.pk).update(due_at=now, begun_at=None, reason=why, changed_at=now)
        log.note(channel, why, ok=False)
        return False
    if delivery.attempts >= len(WAITS):
        settle(delivery, Delivery.State.FAILED, why)
        return True
    delivery.due_at, delivery.begun_at = now + WAITS[delivery.attempts], None
    delivery.attempts, delivery.reason, delivery.changed_at = delivery.attempts + 1, why, now
    delivery.save(update_fields=["due_at", "begun_at", "attempts", "reason", "changed_at"])
    log.note(channel, why, ok=False)
    return True


def settle(delivery: Delivery, state: str, why: str, *, provider_id: str = "") -> None:
    """Say how it went. What its provider told meanwhile is not taken back."""
    now = timezone.now()
    member = Membership.objects.filter(interaction=delivery.pk, superseded_at=None).values_list("journey", flat=True)
    with transaction.atomic():
        known = Delivery.objects.select_for_update().get(pk=delivery.pk)
        if known.state in (Delivery.State.QUEUED, Delivery.State.HELD):
            known.state, known.reason = state, why
        known.due_at, known.begun_at, known.changed_at = None, None, now
        known.attempts, known.provider_id = known.attempts + 1, provider_id
        known.save()
        log.note(delivery.interaction.channel, why or f"{HANDED_OVER} {provider_id}.", ok=not why)
        record(state, at=now, interaction_id=delivery.pk, journey_id=member.first(), reason=why)


# ---- again ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def retry(*, delivery: Delivery) -> None:
    """Send a failed message again, or one that may have arrived."""
    if delivery.state not in (Delivery.State.FAILED, Delivery.State.UNSURE):
        raise ThreadlineError("Only a message that failed can be sent again.")
    channel = delivery.interaction.channel
    _queue([delivery.pk])
    asked = OptOut.objects.filter(channel=channel, address=delivery.interaction.thread.reply_address)
    asked.filter(entry=None, only_automatic=False).delete()
    Channel.objects.filter(pk=channel.pk).update(trouble="", halted_at=None)


@transaction.atomic
def go_on(*, channel: Channel) -> int:
    """The channel was repaired: what waited goes out, and what failed because of it, too. Returns how many failed."""
    known = Channel.objects.select_for_update().get(pk=channel.pk)
    since, why = known.halted_at, known.trouble
    Channel.objects.filter(pk=known.pk).update(halted_at=None, send_after=None, trouble="")
    blocked = Delivery.objects.filter(interaction__channel=known, state=Delivery.State.FAILED, reason=why)
    numbers = list(blocked.filter(changed_at__gte=since - LEASE).values_list("pk", flat=True)) if since and why else []
    _queue(numbers)
    return len(numbers)


def _queue(numbers: Sequence[int]) -> None:
    now = timezone.now()
    Delivery.objects.filter(pk__in=numbers).update(
        state=Delivery.State.QUEUED, due_at=now, attempts=0, reason="", begun_at=None, changed_at=now
    )
    enqueue(deliver_due)
