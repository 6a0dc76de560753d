"""Keys for programs."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from threadline.accounts.events import record
from threadline.accounts.models import Agent, ApiKey
from threadline.accounts.rights import ALL_SCOPES
from threadline.lib.errors import ThreadlineError


@transaction.atomic
def create_api_key(
    *,
    name: str,
    scopes: Sequence[str] = ALL_SCOPES,
    expires_at: datetime | None = None,
    by: Agent | None = None,
    now: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a key for a program. The key itself is returned once and never stored; `by` nobody: the command line.

    Raises:
        ThreadlineError: no name, no scope or one that there is not, or an end that lies in the past.
    """
    now = now or timezone.now()
    if not name.strip():
        raise ThreadlineError("The key has no name. Name the program that will use it.")
    if not scopes:
        raise ThreadlineError("The key is good for nothing. Choose at least one thing that it may do.")
    if strange := set(scopes) - set(ALL_SCOPES):
        raise ThreadlineError(f"There is no scope “{sorted(strange)[0]}”. Choose from {', '.join(ALL_SCOPES)}.")
    if expires_at is not None and expires_at <= now:
        raise ThreadlineError(f"The key would end on {expires_at:%d %b %Y}, which is over. Choose a later day.")
    secret = ApiKey.make()
    key = ApiKey.objects.create(
        name=name.strip()[:80],
        prefix=secret[:8],
        digest=ApiKey.digest_of(secret),
        scopes=list(scopes),
        expires_at=expires_at,
        made_by=by,
    )
    ends = expires_at.isoformat() if expires_at else None
    record("key_made", at=now, by=by, key=key.pk, name=key.name, scopes=key.scopes, expires_at=ends)
    return key, secret


@transaction.atomic
def revoke_api_key(*, key: ApiKey, now: datetime, by: Agent | None = None) -> None:
    """The key stops working within seconds, for good."""
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
        record("key_revoked", at=now, by=by, key=key.pk, name=key.name)
