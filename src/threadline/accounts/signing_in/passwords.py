"""Passwords: choosing a new one with the old one, or with a link."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from threadline.accounts import tries
from threadline.accounts.events import record_quietly
from threadline.accounts.models import Agent
from threadline.accounts.signing_in import second_factor, sessions
from threadline.accounts.signing_in.letters import Letter, address
from threadline.lib.errors import ThreadlineError


@transaction.atomic
def choose(*, agent: Agent, password: str, by: Agent, now: datetime, how: str) -> None:
    """Set the password. Every session of the agent ends; the one at hand is kept by the page that calls this.

    Raises:
        ThreadlineError: the password is too easy.
    """
    try:
        validate_password(password, agent)
    except ValidationError as error:
        raise ThreadlineError(" ".join(error.messages)) from error
    agent.set_password(password)
    agent.save(update_fields=["password"])
    sessions.end_all(agent)
    second_factor.settle(agent)
    tries.forget_all(email=agent.email)
    record_quietly("password_chosen", at=now, by=by, of=agent.pk, how=how)


def link_for(agent: Agent) -> str:
    """Works once, for a day, until the password changes or the agent signs in."""
    return address(f"/sign-in/new-password/{agent.pk}/{default_token_generator.make_token(agent)}")


@transaction.atomic
def hand_out_link(*, agent: Agent, by: Agent, now: datetime) -> str:
    """For an admin to pass on where no mail is set up."""
    if not agent.is_active:
        raise ThreadlineError(_("%(name)s has left and can not sign in.") % {"name": agent.name})
    record_quietly("password_link_handed_out", at=now, by=by, of=agent.pk)
    return link_for(agent)


def behind(number: int, token: str) -> Agent:
    """Whose link it is.

    Raises:
        ThreadlineError: the link was used, is older than a day, or made up.
    """
    agent = Agent.objects.filter(pk=number, is_active=True).first()
    if agent is None or not default_token_generator.check_token(agent, token):
        raise ThreadlineError(_("This link was used already or is older than a day. Ask for a new one."))
    return agent


def letter(number: int) -> Letter | None:
    agent = Agent.objects.filter(pk=number, is_active=True).first()
    if agent is None:
        return None
    text = _(
        "Hello %(name)s,\n\nsomebody, probably you, asked for a new password. Choose it here:\n\n%(link)s\n\n"
        "The link works once, for a day. If it was not you, leave it: your password stays as it is.\n"
    ) % {"name": agent.first_name, "link": link_for(agent)}
    return Letter(agent.email, agent.name, _("A new password for Threadline"), text)
