"""Short videos: made for one story, sent as a link, looked at without signing in, answered, withdrawn."""

import re
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from threadline.accounts.events import record
from threadline.accounts.models import Agent, Event
from threadline.channels.models import Channel
from threadline.core.captions import webvtt
from threadline.interactions.actions.intake import Item, clean, receive
from threadline.interactions.actions.uploads import attach
from threadline.interactions.models import Delivery, Interaction, Upload
from threadline.journeys.actions.reply import session_of
from threadline.journeys.models import Journey, Membership
from threadline.lib.errors import ThreadlineError
from threadline.lib.jobs import job, periodic
from threadline.portal.models import Film, Viewing

LONGEST_SECONDS = 120
MOST_VIEWINGS = 500
LONGEST_REPLY = 4000
KINDS = ("video/webm", "video/mp4", "video/quicktime")
SENDERS = {
    "email": "email",
    "chat": "visitor_id",
    "sms": "number",
    "whatsapp": "number",
    "x": "handle",
    "facebook": "psid",
}
ONCE = re.compile(r"[\w-]{8,40}", re.ASCII)
FORGOTTEN_AFTER = timedelta(days=30)
NOT_OUT = (Delivery.State.HELD, Delivery.State.WITHDRAWN)


@transaction.atomic
def make_film(*, journey: Journey, name: str, data: bytes, seconds: int, by: Agent, now: datetime) -> Film:
    """Keep a video for this story. What it is tells its bytes. Raises ThreadlineError for what is none."""
    if seconds > LONGEST_SECONDS + 5:
        raise ThreadlineError(f"The video lasts {seconds} seconds; {LONGEST_SECONDS} go. Make a shorter one.")
    upload = attach(name=name, data=data, by=by, now=now)
    if upload.content_type not in KINDS:
        raise ThreadlineError(f"“{name}” is no video. WebM, MP4 and MOV go.")
    Upload.objects.filter(pk=upload.pk).update(sent=True)  # forgotten by `forget_films`, not as a file never sent
    return Film.objects.create(
        key=secrets.token_urlsafe(12),
        upload=upload,
        journey=journey.pk,
        by=by,
        made_at=now,
        seconds=max(0, min(seconds, LONGEST_SECONDS)),
        ends_at=now + timedelta(days=settings.FILM_DAYS),
    )


def caption(*, film: Film, written: str) -> None:
    """Give it captions: a WebVTT file, or plain sentences; nothing takes them away."""
    try:
        film.captions = webvtt(clean(written), seconds=film.seconds or LONGEST_SECONDS)
    except ValueError as error:
        raise ThreadlineError(str(error)) from error
    film.save(update_fields=["captions"])


@transaction.atomic
def withdraw(*, film: Film, by: Agent, now: datetime) -> Event | None:
    """Its page closes at once. One that never went out is thrown away."""
    if touch_of(film) is None:
        film.delete()
        Upload.objects.filter(pk=film.upload_id).delete()
        return None
    Film.objects.filter(pk=film.pk).update(withdrawn_at=now)
    return _note(film, "film_withdrawn", now, by=by)


@transaction.atomic
def put_back(*, film: Film, by: Agent, now: datetime) -> Event | None:
    if not Film.objects.filter(pk=film.pk, withdrawn_at__isnull=False).update(withdrawn_at=None):
        return None
    return _note(film, "film_put_back", now, by=by)


def touch_of(film: Film) -> Interaction | None:
    """The answer that its link went out with; none while it is a draft, is held, or was taken back."""
    out = Interaction.objects.select_related("thread", "channel").exclude(delivery__state__in=NOT_OUT)
    known = out.filter(pk=film.touch).first() if film.touch else None
    if known is not None:
        return known
    customer = Journey.objects.filter(pk=film.journey).values("customer")
    here = Membership.objects.filter(journey__customer__in=customer, superseded_at=None).values("interaction")
    written = out.filter(pk__in=here, direction="out", author=film.by_id, at__gte=film.made_at)
    found = written.filter(text__contains=film.key).order_by("-pk").first()
    if found is not None:
        Film.objects.filter(pk=film.pk).update(touch=found.pk)
    return found


def open_film(token: str, *, now: datetime) -> tuple[Film, Interaction] | None:
    """The video behind a link while its page is open, with the answer that brought it. None for anything else."""
    film = Film.objects.by_token(token).select_related("upload", "by").defer("upload__data").first()
    if film is None or film.withdrawn_at is not None or film.is_over(now):
        return None
    touch = touch_of(film)
    return (film, touch) if touch is not None else None


@transaction.atomic
def viewed(*, film: Film, touch: Interaction, once: str, now: datetime) -> bool:
    """Somebody plays it. Told once for each time that the page was opened; of who or where nothing is known."""
    if not ONCE.fullmatch(once) or film.viewings.count() >= MOST_VIEWINGS:
        return False
    try:
        with transaction.atomic():
            Viewing.objects.create(film=film, once=once, at=now)
    except IntegrityError:
        return False
    _note(film, "film_viewed", now, touch=touch)
    return True


def reply(*, film: Film, touch: Interaction, text: str, once: str, now: datetime) -> int:
    """What they wrote below the video: a touch of theirs in the thread that brought it. Returns its number.

    Whoever has the link may write; that is as good as the From line of a mail, and no better.
    """
    text = clean(text).replace("\r\n", "\n").strip()
    if not text:
        raise ThreadlineError(_("Nothing is written yet. Write something first."))
    if len(text) > LONGEST_REPLY:
        raise ThreadlineError(_("This has %(n)d characters; 4,000 go. Shorten it.") % {"n": len(text)})
    if touch.channel.kind not in SENDERS or not ONCE.fullmatch(once):
        raise ThreadlineError(_("It can not be answered here. Answer where you got the link."))
    own = f"film-{film.key}-{once}"
    (number,) = receive(
        [Item(_said(film, touch, text, own, now), external_id=own)], source="film", channel=touch.channel
    )
    return number


def _said(film: Film, touch: Interaction, text: str, own: str, now: datetime) -> dict[str, object]:
    channel: Channel = touch.channel
    references = {"message_id": own, "in_reply_to": touch.external_id, "references": [touch.external_id]}
    return {
        "id": own,
        "at": now.isoformat(),
        "channel": channel.kind,
        "direction": "in",
        "endpoint": channel.address,
        "public": False,
        "sender": {SENDERS[channel.kind]: touch.thread.reply_address},
        "thread": references if channel.kind == "email" else session_of(touch.thread),
        "subject": touch.subject,
        "text": text,
        "attributes": {"film": film.pk},
    }


def _note(
    film: Film, verb: str, now: datetime, *, by: Agent | None = None, touch: Interaction | None = None
) -> Event | None:
    number = touch.pk if touch else film.touch
    home = Membership.objects.filter(interaction=number, superseded_at=None).select_related("journey__team").first()
    if home is None:
        return None
    team = home.journey.team_id if home.journey.team and home.journey.team.restricted else None
    return record(
        verb,
        at=now,
        by=by,
        journey_id=home.journey_id,
        customer_id=home.journey.customer_id,
        interaction_id=number,
        team_id=team,
        film=film.pk,
    )


@periodic(cron="47 3 * * *")
@job(queueing_lock="forget_films")
def forget_films(timestamp: int = 0) -> None:
    """Delete videos that were made and never sent. Safe to run twice or late."""
    for film in Film.objects.filter(touch=None, made_at__lt=timezone.now() - FORGOTTEN_AFTER).order_by("pk")[:100]:
        if touch_of(film) is None:
            with transaction.atomic():
                film.delete()
                Upload.objects.filter(pk=film.upload_id).delete()
