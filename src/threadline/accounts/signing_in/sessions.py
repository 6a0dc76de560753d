"""Where somebody is signed in, and ending it there."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from threadline.accounts.events import record_quietly
from threadline.accounts.models import Agent

SEEN = "seen_at"
SEEN_EVERY = timedelta(minutes=10)


def open_for(agent: Agent, *, now: datetime) -> "QuerySet[UserSession]":
    """Those that still hold, the last one used first."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now)
    return UserSession.objects.filter(Exists(alive), user=agent).order_by("-last_seen_at", "-pk")


@transaction.atomic
def end(*, session: UserSession, by: Agent, now: datetime) -> None:
    _end([session])
    record_quietly("session_ended", at=now, by=by, of=session.user_id, source=session.ip)


@transaction.atomic
def end_others(*, agent: Agent, but: str, now: datetime) -> int:
    """Everywhere but here; how many there were."""
    others = list(UserSession.objects.filter(user=agent).exclude(session_key=but))
    _end(others)
    record_quietly("other_sessions_ended", at=now, by=agent, count=len(others))
    return len(others)


def end_all(agent: Agent) -> None:
    _end(UserSession.objects.filter(user=agent))


def _end(sessions: Iterable[UserSession]) -> None:
    keys = [session.session_key for session in sessions]
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()


def begin(request: HttpRequest, *, now: datetime) -> None:
    """From now on it is known when this session was last used."""
    request.session[SEEN] = int(now.timestamp())


def seen(request: HttpRequest, *, now: datetime) -> None:
    """Costs nothing but every ten minutes."""
    before = request.session.get(SEEN)
    if before is None or now.timestamp() - before < SEEN_EVERY.total_seconds():
        return
    request.session[SEEN] = int(now.timestamp())
    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=now)
