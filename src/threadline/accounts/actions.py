"""Writes about agents and keys."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from threadline.accounts.models import Agent, ApiKey
from threadline.lib.errors import ThreadlineError


@transaction.atomic
def create_agent(*, email: str, name: str, password: str, is_admin: bool = False, handle: str | None = None) -> Agent:
    """Let somebody sign in.

    Raises:
        ThreadlineError: the address is taken or none, the name is empty, or the password is too easy.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
        validate_password(password)
    except ValidationError as error:
        raise ThreadlineError(f"{email}: {' '.join(error.messages)}") from error
    if not name.strip():
        raise ThreadlineError("The agent has no name. Give the name that colleagues know.")
    if Agent.objects.filter(email=email).exists():
        raise ThreadlineError(f"There is an agent with the address {email} already. Use another address.")
    agent = Agent.objects.create_user(email, name, password, is_admin=is_admin)
    if handle:
        agent.handle = handle
        agent.save(update_fields=["handle"])
    return agent


@transaction.atomic
def create_api_key(*, name: str) -> tuple[ApiKey, str]:
    """Make a key for a program. The key itself is returned once and never stored."""
    if not name.strip():
        raise ThreadlineError("The key has no name. Name the program that will use it.")
    secret = ApiKey.make()
    key = ApiKey.objects.create(name=name.strip(), prefix=secret[:8], digest=ApiKey.digest_of(secret))
    return key, secret


@transaction.atomic
def revoke_api_key(*, key: ApiKey, now: datetime) -> None:
    """The key stops working at once."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now)
