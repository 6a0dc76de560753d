"""Who sits at a chat window: our own signed session, and the shop's signed word for who signed in there.

A session is for one channel and, once the shop vouched for somebody, for that account. Nobody gets into a chat by
naming it: without the token there is no way to say which chat one means.
"""

import secrets
import time
from dataclasses import dataclass, replace
from typing import Any

import jwt
from django.core import signing

from threadline.channels.models import Channel
from threadline.lib.errors import ThreadlineError

SALT = "threadline.chat.session"
KEPT_SECONDS = 400 * 86_400
LONGEST = 4000
LEEWAY_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Session:
    channel: int
    visitor: str
    session: str
    account: str = ""

    @property
    def token(self) -> str:
        return signing.dumps([self.channel, self.visitor, self.session, self.account], salt=SALT)


@dataclass(frozen=True, slots=True)
class Proven:
    """Whom the shop's server vouches for."""

    account: str
    email: str = ""
    name: str = ""


def fresh(channel: Channel, *, visitor: str = "", account: str = "") -> Session:
    return Session(channel.pk, visitor or f"v{secrets.token_hex(16)}", secrets.token_urlsafe(18), account)


def session_in(token: object, channel: Channel) -> Session | None:
    """The session of a token that we signed for this channel; None for any other."""
    if not isinstance(token, str) or not token or len(token) > LONGEST:
        return None
    try:
        number, visitor, session, account = signing.loads(token, salt=SALT, max_age=KEPT_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Session(number, visitor, session, account) if number == channel.pk else None


def session_for(token: object, channel: Channel, proven: Proven | None) -> Session:
    """The session to go on with. Another account, or none any more, is another person at the same screen: a new one.

    Somebody who signs in while they chat stays in the chat, which is theirs from then on.
    """
    known = session_in(token, channel)
    account = proven.account if proven else ""
    if known is None or (known.account and known.account != account):
        return fresh(channel, account=account)
    return replace(known, account=account) if account else known


def proven_by(token: object, channel: Channel, *, session: Session | None = None) -> Proven | None:
    """What the shop's signed word says: a JWT (HS256) with `sub`, `aud`, `exp` and, if known, `email` and `name`.

    Args:
        session: one that we gave to this account while the word was good; with it, one that ran out does as well.

    Raises:
        ThreadlineError: it is not valid; the visitor goes on as anybody.
    """
    if not token:
        return None
    key = channel.secrets.get("identity_key", "")
    if len(key) < 32 or not isinstance(token, str) or len(token) > LONGEST:
        raise ThreadlineError("This chat knows no key of 32 characters or more for signed-in visitors.")
    try:
        said = jwt.decode(
            token,
            key,
            algorithms=["HS256"],
            audience=channel.address,
            leeway=LEEWAY_SECONDS,
            options={"require": ["sub", "exp", "aud"], "verify_exp": not (session and session.account)},
        )
    except jwt.InvalidTokenError as error:
        raise ThreadlineError(f"The shop's word for who signed in is not valid: {error}.") from error
    proven = _proven(said)
    if session and session.account and proven and proven.account != session.account and said["exp"] < time.time():
        raise ThreadlineError("The shop's word for who signed in ran out.")
    return proven


def _proven(said: dict[str, Any]) -> Proven | None:
    account = str(said["sub"]).strip()[:200]
    email = str(said.get("email") or "").strip().lower()[:254]
    return Proven(account, email if "@" in email else "", str(said.get("name") or "")[:120]) if account else None
