"""Asking people in: a link that works once and runs out."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.signing import Signer
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from threadline.accounts.events import record_quietly
from threadline.accounts.models import Agent, Invitation, Team
from threadline.accounts.models.invitations import fresh
from threadline.accounts.signing_in import second_factor
from threadline.accounts.signing_in.letters import Letter, address
from threadline.lib.errors import ThreadlineError

HOLDS_FOR = timedelta(days=7)


@transaction.atomic
def invite(
    *, email: str, name: str = "", is_admin: bool = False, teams: Iterable[Team] = (), by: Agent, now: datetime
) -> Invitation:
    """Ask somebody in. The mail is another matter: `channels.letters.post("invitation", …)`.

    Raises:
        ThreadlineError: no address, an agent who is here already, or an invitation that still waits.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise ThreadlineError(_("“%(email)s” is no e-mail address. Mend it.") % {"email": email}) from error
    if Agent.objects.filter(email=email).exists():
        raise ThreadlineError(_("%(email)s is here already.") % {"email": email})
    if Invitation.objects.pending().filter(email=email).exists():
        raise ThreadlineError(_("%(email)s is invited already. Send that invitation again.") % {"email": email})
    invitation = Invitation.objects.create(
        email=email, name=name.strip(), is_admin=is_admin, by=by, made_at=now, expires_at=now + HOLDS_FOR
    )
    invitation.teams.set(teams)
    record_quietly("invited", at=now, by=by, invitation=invitation.pk, email=email, admin=is_admin)
    return invitation


@transaction.atomic
def renew(*, invitation: Invitation, by: Agent, now: datetime) -> None:
    """A fresh link for a week; the old one works no longer."""
    _require_pending(invitation)
    invitation.mark, invitation.expires_at = fresh(), now + HOLDS_FOR
    invitation.sent_at, invitation.trouble = None, ""
    invitation.save(update_fields=["mark", "expires_at", "sent_at", "trouble"])
    record_quietly("invited_again", at=now, by=by, invitation=invitation.pk, email=invitation.email)


@transaction.atomic
def withdraw(*, invitation: Invitation, by: Agent, now: datetime) -> None:
    _require_pending(invitation)
    invitation.withdrawn_at = now
    invitation.save(update_fields=["withdrawn_at"])
    record_quietly("invitation_withdrawn", at=now, by=by, invitation=invitation.pk, email=invitation.email)


def _require_pending(invitation: Invitation) -> None:
    if invitation.accepted_at or invitation.withdrawn_at:
        raise ThreadlineError(_("This invitation was taken or withdrawn already."))


def key_of(invitation: Invitation) -> str:
    """Stands in the link. Signed over the mark, so that a renewed invitation has another."""
    return f"{invitation.pk}-{_signature(invitation)}"


def link_of(invitation: Invitation) -> str:
    return address(f"/invitations/{key_of(invitation)}")


def _signature(invitation: Invitation) -> str:
    return Signer(salt="threadline.invitation").signature(f"{invitation.pk}:{invitation.mark}")


def behind(key: str, *, now: datetime) -> Invitation:
    """The invitation that a link stands for.

    Raises:
        ThreadlineError: the link is made up, or was used, withdrawn or left lying too long.
    """
    number, _dash, signature = key.partition("-")
    known = number.isascii() and number.isdigit() and len(number) < 19
    invitation = Invitation.objects.filter(pk=number).first() if known else None
    if invitation is None or not constant_time_compare(signature, _signature(invitation)):
        raise ThreadlineError(_("This link is not complete, or a newer one was sent. Look for the newest mail."))
    if invitation.accepted_at:
        raise ThreadlineError(_("This invitation was used already. Sign in with the password you chose."))
    if invitation.withdrawn_at:
        raise ThreadlineError(_("This invitation was withdrawn. Ask whoever invited you."))
    if invitation.expires_at <= now:
        raise ThreadlineError(_("This invitation has run out. Ask whoever invited you to send it again."))
    return invitation


@transaction.atomic
def accept(*, invitation: Invitation, name: str, password: str | None, now: datetime) -> Agent:
    """Become an agent. Without a password, a provider that vouches for the address lets them in.

    Raises:
        ThreadlineError: it was used or withdrawn a moment ago, the name is empty, the password too easy.
    """
    held = Invitation.objects.select_for_update().get(pk=invitation.pk)
    _require_pending(held)
    if held.expires_at <= now:
        raise ThreadlineError(_("This invitation has run out. Ask whoever invited you to send it again."))
    if not name.strip():
        raise ThreadlineError(_("Tell your colleagues your name."))
    if password is not None:
        _require_good(password)
    agent = Agent.objects.create_user(held.email, name[:120], password, is_admin=held.is_admin)
    agent.teams.set(held.teams.all())
    held.accepted_at = now
    held.save(update_fields=["accepted_at"])
    second_factor.settle(agent)
    record_quietly("invitation_accepted", at=now, by=agent, invitation=held.pk, email=held.email)
    return agent


def _require_good(password: str) -> None:
    try:
        validate_password(password)
    except ValidationError as error:
        raise ThreadlineError(" ".join(error.messages)) from error


def letter(number: int) -> Letter | None:
    """None when there is nothing to send any more."""
    invitation = Invitation.objects.pending().select_related("by").filter(pk=number, sent_at=None).first()
    if invitation is None or invitation.expires_at <= timezone.now():
        return None
    until = timezone.localtime(invitation.expires_at)
    text = _(
        "Hello,\n\n%(by)s invites you to work with them in Threadline, where one customer has one story.\n\n"
        "Choose your password here:\n\n%(link)s\n\nThe link works once, until %(until)s. "
        "If you did not expect this, leave it: nothing happens.\n"
    ) % {"by": invitation.by.name, "link": link_of(invitation), "until": f"{until:%d %B %Y, %H:%M}"}
    subject = _("%(by)s invites you to Threadline") % {"by": invitation.by.name}
    return Letter(invitation.email, invitation.name, subject, text)


def posted(number: int, *, trouble: str = "") -> None:
    """How sending it went."""
    sent = None if trouble else timezone.now()
    Invitation.objects.filter(pk=number).update(sent_at=sent, trouble=trouble)
