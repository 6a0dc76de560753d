"""Sending what agents wrote, and saying in words how it went."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from threadline.accounts.events import record
from threadline.channels import reply_address
from threadline.channels.adapters import can_send, for_kind
from threadline.channels.contract import Endpoint, Misconfigured, Outbound, Rejected, Unavailable
from threadline.channels.models import Channel, ChannelLog
from threadline.interactions.models import Delivery, IntakeEntry, Interaction
from threadline.interactions.outgoing import enclosures
from threadline.interactions.reading import endpoint_of
from threadline.journeys.models import Membership
from threadline.lib.errors import ThreadlineError
from threadline.lib.jobs import enqueue, job, periodic

AT_ONCE = 50
LEASE = timedelta(minutes=5)  # longer than any time-out of an adapter, so that nothing is sent twice at once
WAITS = [timedelta(minutes=minutes) for minutes in (1, 3, 10, 30, 60, 180, 720)]


@periodic(cron="* * * * *")
@job(queueing_lock="deliver_due")
def deliver_due(timestamp: int = 0) -> None:
    """Send everything that is due. Each message is leased first, sent outside any transaction, then settled."""
    while claimed := claim():
        for delivery in claimed:
            deliver(delivery)


@job()
def deliver_held() -> None:
    """An answer has been held long enough. Each has a job of its own, so that none waits for the next full minute."""
    deliver_due()


def claim() -> list[Delivery]:
    """Take the next messages for this process; one that dies leaves them to be taken again after the lease."""
    now = timezone.now()
    with transaction.atomic():
        due = Delivery.objects.filter(state__in=["held", "queued"], due_at__lte=now)
        due = due.select_for_update(skip_locked=True).order_by("due_at")
        numbers = list(due.values_list("pk", flat=True)[:AT_ONCE])
        Delivery.objects.filter(pk__in=numbers).update(state=Delivery.State.QUEUED, due_at=now + LEASE)
    found = Delivery.objects.filter(pk__in=numbers).select_related("interaction__channel", "interaction__thread")
    return list(found.order_by("pk"))


def deliver(delivery: Delivery) -> None:
    touch = delivery.interaction
    try:
        number = send(touch)
    except Unavailable as error:
        _later(delivery, str(error))
    except Misconfigured as error:
        pause(touch.channel, str(error))
        _settle(delivery, Delivery.State.FAILED, str(error))
    except (Rejected, ThreadlineError) as error:
        _settle(delivery, Delivery.State.FAILED, str(error))
    else:
        _settle(delivery, Delivery.State.SENT, "", provider_id=number)


def send(touch: Interaction) -> str:
    """Hand one message to its channel; returns the provider's id."""
    channel = touch.channel
    if not channel.active:
        raise Unavailable(f"{channel} is switched off. Switch it on in its settings; the message then goes out.")
    if not can_send(channel.kind):
        raise Rejected(f"Threadline can not send over {channel.get_kind_display()} yet. Reply another way.")
    adapter: Any = for_kind(channel.kind)(endpoint_with_secrets(channel))
    return str(adapter.send(outbound(touch)))


def endpoint_with_secrets(channel: Channel) -> Endpoint:
    """Only sending needs the passwords."""
    endpoint = endpoint_of(channel)
    return Endpoint(endpoint.kind, endpoint.address, {**endpoint.settings, **channel.secrets}, endpoint.secret)


def outbound(touch: Interaction) -> Outbound:
    """The message as the adapter takes it. Where it goes stands on the thread, not on the customer."""
    channel, thread = touch.channel, touch.thread
    went = Interaction.objects.exclude(delivery__state=Delivery.State.WITHDRAWN)
    earlier = went.filter(thread=thread, at__lt=touch.at).order_by("-at", "-pk")
    names = list(reversed(earlier.values_list("external_id", flat=True)[:10]))
    answered = earlier.filter(direction="in").values_list("external_id", flat=True).first()
    return Outbound(
        key=str(touch.pk),
        to=thread.reply_address,
        text=touch.text,
        reply_address=answers_to(channel, thread.pk),
        subject=touch.subject,
        from_name=channel.name,
        message_id=touch.external_id,
        in_reply_to=answered or "",
        references=tuple(names),
        automatic=bool(touch.automatic),
        cc=tuple(touch.attributes.get("cc", ())),
        html=touch.html,
        files=enclosures(IntakeEntry.objects.get(pk=touch.pk)),
    )


def answers_to(channel: Channel, thread: int) -> str:
    """The signed address for answers by mail; other channels know their threads themselves."""
    return reply_address.make(channel.address, thread, endpoint_of(channel).secret) if channel.kind == "email" else ""


def pause(channel: Channel, why: str) -> None:
    Channel.objects.filter(pk=channel.pk).update(trouble=why)


def _later(delivery: Delivery, why: str) -> None:
    """Try again, later each time; after the last wait it has failed."""
    if delivery.attempts >= len(WAITS):
        _settle(delivery, Delivery.State.FAILED, why)
        return
    delivery.due_at = timezone.now() + WAITS[delivery.attempts]
    delivery.attempts, delivery.reason, delivery.changed_at = delivery.attempts + 1, why, timezone.now()
    delivery.save(update_fields=["due_at", "attempts", "reason", "changed_at"])
    ChannelLog.objects.create(channel=delivery.interaction.channel, direction="out", ok=False, text=why)


def _settle(delivery: Delivery, state: str, why: str, *, provider_id: str = "") -> None:
    now = timezone.now()
    delivery.state, delivery.reason, delivery.due_at, delivery.changed_at = state, why, None, now
    delivery.attempts, delivery.provider_id = delivery.attempts + 1, provider_id
    member = Membership.objects.filter(interaction=delivery.pk, superseded_at=None).values_list("journey", flat=True)
    with transaction.atomic():
        delivery.save(update_fields=["state", "reason", "due_at", "changed_at", "attempts", "provider_id"])
        text = why or f"Handed over as {provider_id}."
        ChannelLog.objects.create(channel=delivery.interaction.channel, direction="out", ok=not why, text=text)
        record(state, at=now, interaction_id=delivery.pk, journey_id=member.first(), reason=why)


@transaction.atomic
def retry(*, delivery: Delivery) -> None:
    """Send a failed message again."""
    if delivery.state != Delivery.State.FAILED:
        raise ThreadlineError("Only a message that failed can be sent again.")
    Delivery.objects.filter(pk=delivery.pk).update(
        state=Delivery.State.QUEUED, due_at=timezone.now(), attempts=0, changed_at=timezone.now()
    )
    Channel.objects.filter(pk=delivery.interaction.channel_id).update(trouble="")
    enqueue(deliver_due)
