"""The browsers that an agent lets us push to, and the key by which push services know us."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from threadline.accounts.events import record_quietly
from threadline.accounts.models import Agent
from threadline.channels import push
from threadline.channels.contract import Misconfigured, Rejected, Unavailable
from threadline.journeys.models import PushBrowser, PushKey
from threadline.lib.errors import ThreadlineError
from threadline.lib.sealed import Secrets

MOST = 20


def public_key() -> str:
    """What browsers are told. Made once, at the first question."""
    return _key().public


def sender() -> push.Sender:
    return push.Sender(_key().secret["private"], contact())


def contact() -> str:
    """Where people of a push service find us: the desk's own address, if they can reach it."""
    return settings.PUBLIC_URL if settings.PUBLIC_URL.startswith("https://") else "mailto:threadline@example.com"


def _key() -> PushKey:
    found = PushKey.objects.first()
    if found is None:
        public, private = push.make_keys()
        fresh = PushKey(public=public, secret=Secrets(private=private), made_at=timezone.now())  # type: ignore[misc]
        PushKey.objects.bulk_create([fresh], ignore_conflicts=True)  # of two processes, the first one's counts
        found = PushKey.objects.get()
    return found


def reach(browser: PushBrowser) -> push.Browser:
    return push.Browser(browser.endpoint, browser.keys.get("p256dh", ""), browser.keys.get("auth", ""))


@transaction.atomic
def let_push(*, endpoint: str, p256dh: str, auth: str, device: str, by: Agent, now: datetime) -> PushBrowser:
    """Push to this browser from now on. A browser belongs to whoever said so last.

    Raises:
        ThreadlineError: its push service may not be called, its keys are damaged, or there are too many.
    """
    push.check(push.Browser(endpoint, p256dh, auth), settings.PUSH_HOSTS)
    if PushBrowser.objects.filter(agent=by).exclude(endpoint=endpoint).count() >= MOST:
        raise ThreadlineError(_("You push to %(n)s browsers already. Remove one first.") % {"n": MOST})
    keys = {"p256dh": p256dh, "auth": auth}
    values = {"agent": by, "keys": keys, "device": device[:80], "made_at": now}
    browser, fresh = PushBrowser.objects.update_or_create(endpoint=endpoint, defaults=values)
    if fresh:
        record_quietly("push_allowed", at=now, by=by, browser=browser.pk, device=browser.device)
    return browser


@transaction.atomic
def stop_pushing(*, browser: PushBrowser, by: Agent | None, now: datetime, why: str) -> None:
    """Push there no more; what was on its way is settled with the reason."""
    from threadline.journeys.notices.pushing import leave

    leave(browser, why, now)
    record_quietly("push_stopped", at=now, by=by, browser=browser.pk, device=browser.device, why=why)
    browser.delete()


def try_out(*, browser: PushBrowser, now: datetime) -> None:
    """Send a test at once.

    Raises:
        ThreadlineError: why it did not go out; a browser that is gone is removed.
    """
    from threadline.journeys.notices.pushing import client

    content = {"title": _("It works"), "body": _("Threadline can reach you here."), "url": "/notices", "tag": "test"}
    try:
        with client() as line:
            push.send(reach(browser), push.Message(content), sender(), allowed=settings.PUSH_HOSTS, client=line)
    except push.Gone as error:
        stop_pushing(browser=browser, by=None, now=now, why=str(error))
        raise
    except (Rejected, Unavailable, Misconfigured) as error:
        raise ThreadlineError(str(error)) from error
    PushBrowser.objects.filter(pk=browser.pk).update(used_at=now)
