"""Letters of the house to its own people: invitations, links for a new password. They leave by our e-mail channel.

A job knows only what kind of letter it is and for whom; the link with its secret is made when the mail is.
"""

from collections.abc import Callable
from uuid import uuid4

from django.utils import timezone

from threadline.accounts.events import record_quietly
from threadline.accounts.signing_in import invitations, passwords
from threadline.accounts.signing_in.letters import Letter
from threadline.channels.adapters.email import Email
from threadline.channels.contract import Endpoint, Misconfigured, Outbound, Rejected, Unavailable
from threadline.channels.models import Channel
from threadline.lib.jobs import enqueue, job

KINDS: dict[str, Callable[[int], Letter | None]] = {
    "invitation": invitations.letter,
    "new_password": passwords.letter,
}
# What is told of each try, by those who want to know: the trouble, and whether it was the last try.
SETTLES: dict[str, Callable[..., None]] = {
    "invitation": lambda number, trouble, final: invitations.posted(number, trouble=trouble),
}


def way_out() -> Channel | None:
    """The e-mail channel that letters leave by: the first that can send."""
    channels = Channel.objects.active().filter(kind="email", trouble="").order_by("pk")
    return next((channel for channel in channels if channel.settings.get("smtp_host")), None)


def post(kind: str, number: int) -> bool:
    """Have a letter sent soon; False where no mail is set up, so that somebody must pass the link on."""
    if way_out() is None:
        return False
    enqueue(send, kind=kind, number=number)
    return True


@job()
def send(*, kind: str, number: int) -> None:
    """Tried again while the mail server can not be reached. Sent twice at worst, never lost silently."""
    letter, channel = KINDS[kind](number), way_out()
    if letter is None or channel is None:
        return
    try:
        _hand_over(letter, channel)
    except Unavailable as error:
        _settle(kind, number, str(error), final=False)
        raise
    except (Rejected, Misconfigured) as error:
        _settle(kind, number, str(error))
        record_quietly("letter_failed", at=timezone.now(), kind=kind, to=letter.to, reason=str(error))
    else:
        _settle(kind, number, "")


def _hand_over(letter: Letter, channel: Channel) -> None:
    endpoint = Endpoint(channel.kind, channel.address, {**channel.settings, **channel.secrets})
    message = Outbound(
        key=uuid4().hex,
        to=letter.to,
        to_name=letter.name,
        text=letter.text,
        reply_address="",
        subject=letter.subject,
        from_name="Threadline",
        message_id=f"{uuid4().hex}@{channel.address.rpartition('@')[2]}",
    )
    Email(endpoint).send(message)


def _settle(kind: str, number: int, trouble: str, *, final: bool = True) -> None:
    if kind in SETTLES:
        SETTLES[kind](number, trouble, final=final)
