"""Going on by e-mail: answers that nobody is there to read, and copies that visitors ask for."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from threadline.accounts.events import record_many
from threadline.accounts.models import Event
from threadline.channels.adapters import adapter
from threadline.channels.contract import Failure, Outbound, Unavailable
from threadline.channels.models import Channel
from threadline.interactions.models import Delivery, Interaction, Thread
from threadline.interactions.reading import endpoint_with_secrets
from threadline.journeys.actions.delivery import answers_to
from threadline.lib.errors import ThreadlineError
from threadline.lib.jobs import job, periodic
from threadline.portal import signals
from threadline.portal.models import Chat

log = logging.getLogger(__name__)
GRACE = timedelta(seconds=90)  # a page that is being reloaded is no visitor who left
LOOK_BACK = timedelta(days=14)
COPY_EVERY = timedelta(minutes=10)
AT_ONCE = 100
LONGEST_COPY = 500


@periodic(cron="* * * * *")
@job(queueing_lock="continue_by_mail")
def continue_by_mail(timestamp: int = 0) -> None:
    """Send by mail what visitors who left have not read. Safe to run twice or late."""
    for number in left_with_an_address(timezone.now()):
        try:
            mail_answers(number, now=timezone.now())
        except Exception:
            log.exception("the answers of chat %s could not go by mail; the others go", number)


def left_with_an_address(now: datetime) -> list[int]:
    """Chats whose visitor is gone and gave an address. Whether there is anything to send is seen one by one."""
    gone = Chat.objects.filter(here_until__lt=now - GRACE, here_until__gt=now - LOOK_BACK, trouble="")
    return list(gone.exclude(email="").order_by("pk").values_list("pk", flat=True)[: AT_ONCE * 20])


@transaction.atomic
def mail_answers(number: int, *, now: datetime) -> bool:
    """Mail this chat's unread answers. The row stays locked while our server takes the mail, so it goes out once.

    A message that was read or mailed before never goes; a mail that can not go now is tried again in a minute.
    """
    chat = Chat.objects.select_for_update(skip_locked=True, of=("self",)).select_related("channel").filter(pk=number)
    found = chat.first()
    unread = unread_answers(found) if found and not found.is_here(now) else []
    if found is None or not unread:
        return False
    try:
        send(found, unread)
    except Unavailable:
        return False
    except (Failure, ThreadlineError) as error:
        _failed(found, unread, str(error), now)
        return False
    Chat.objects.filter(pk=found.pk).update(mailed_upto=unread[-1].pk)
    _record(found, "went_by_mail", now, {"answers": len(unread)})
    return True


def unread_answers(chat: Chat) -> list[Interaction]:
    touches = Interaction.objects.filter(thread__in=signals.thread_of(chat), direction="out", kind="chat")
    return list(
        touches.filter(pk__gt=max(chat.read_upto, chat.mailed_upto)).select_related("author").order_by("pk")[:AT_ONCE]
    )


def send(chat: Chat, unread: Sequence[Interaction]) -> None:
    """One mail for all of them; who answers it answers in the chat's own thread."""
    mailbox = mailbox_of(chat.channel)
    thread = Thread.objects.get(channel=chat.channel_id, key=chat.thread_key)
    text = "\n\n".join([*(said(touch) for touch in unread), _FOOT % {"site": chat.channel.name}])
    hand_over(chat, mailbox, thread, key=f"chat-{thread.pk}-{unread[-1].pk}", text=text)


_FOOT = "--\nYou wrote to %(site)s in the chat window and had left when we answered. Answer this mail to go on."


def said(touch: Interaction) -> str:
    name = touch.author.first_name if touch.author else touch.channel.name
    return f"{name}:\n{touch.text}"


def hand_over(chat: Chat, mailbox: Channel, thread: Thread, *, key: str, text: str) -> None:
    adapter(endpoint_with_secrets(mailbox)).send(
        Outbound(
            key=key,
            to=chat.email,
            to_name=chat.name,
            text=text,
            reply_address=answers_to(mailbox, thread.pk),
            subject=_("Your chat with %(name)s") % {"name": mailbox.name or chat.channel.name},
            from_name=mailbox.name,
        )
    )


def mailbox_of(channel: Channel) -> Channel:
    """The brand's mailbox that can send; the first one."""
    able = Channel.objects.active().filter(kind="email", brand=channel.brand_id).order_by("pk")
    found = next((each for each in able if each.settings.get("smtp_host")), None) or able.first()
    if found is None:
        raise ThreadlineError("There is no mailbox of this brand. Connect one in Channels, then send it again.")
    return found


def _failed(chat: Chat, unread: Sequence[Interaction], why: str, now: datetime) -> None:
    """It never goes by itself any more: the story says so beside each answer."""
    Chat.objects.filter(pk=chat.pk).update(trouble=why, mailed_upto=unread[-1].pk)
    Delivery.objects.filter(pk__in=[touch.pk for touch in unread]).update(
        state=Delivery.State.FAILED, reason=_("They left the chat, and it could not go by mail: ") + why, changed_at=now
    )
    _record(chat, "failed", now, {"reason": why})


def _record(chat: Chat, verb: str, now: datetime, facts: Mapping[str, object]) -> None:
    journey, team = signals.standing_of(chat)
    event = Event(verb=verb, at=now, journey_id=journey, team_id=team, facts={"chat": chat.pk, **facts})
    record_many([event])


# ---- copies ----------------------------------------------------------------------------------------------------


def transcript(chat: Chat) -> str:
    """What was said, as plain text: nothing but this chat's own thread."""
    touches = Interaction.objects.filter(thread__in=signals.thread_of(chat), direction__in=("in", "out"))
    lines = [f"{chat.channel.name}\n"]
    for touch in touches.select_related("author").prefetch_related("attachments").order_by("pk")[:LONGEST_COPY]:
        us = touch.author.first_name if touch.author else chat.channel.name
        files = "".join(f"\n[{file.name}]" for file in touch.attachments.all())
        moment = timezone.localtime(touch.at).strftime("%d %b %Y %H:%M")
        lines.append(f"{moment}  {us if touch.direction == 'out' else _('You')}:\n{touch.text}{files}\n")
    return "\n".join(lines)


def send_copy(*, chat: Chat, now: datetime) -> None:
    """Mail the transcript to the address they gave: after an answer of ours, and seldom, so that nobody is pestered."""
    if not chat.email:
        raise ThreadlineError("Give your e-mail address first.")
    if not Interaction.objects.filter(thread__in=signals.thread_of(chat), direction="out").exists():
        raise ThreadlineError("A copy can be sent once we have answered. You can save one at any time.")
    free = Chat.objects.filter(pk=chat.pk).exclude(copied_at__gt=now - COPY_EVERY)
    if not free.update(copied_at=now):
        raise ThreadlineError("A copy was sent a moment ago. Wait ten minutes for the next one.")
    thread = Thread.objects.get(channel=chat.channel_id, key=chat.thread_key)
    key = f"copy-{thread.pk}-{now.timestamp():.0f}"
    hand_over(chat, mailbox_of(chat.channel), thread, key=key, text=transcript(chat))
