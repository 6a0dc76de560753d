"""`threadline doctor`: what is well, what is not, and what to do about it."""

import io
import json
import shutil
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from django.db import Error, connection
from django.utils import timezone

from threadline.config import migrating, settings
from threadline.lib.errors import ThreadlineError

if TYPE_CHECKING:
    from threadline.channels.models import Channel

Level = Literal["ok", "warn", "fail"]
OLDEST_POSTGRESQL = 15
LOW_DISK, FULL_DISK = 5 * 2**30, 2**29
SLOW_CLOCK, WRONG_CLOCK = 2.0, 30.0
"""Seconds our clock and the database's may differ before waits and promises are counted wrongly."""
PATIENCE = 3.0
USUAL_PORTS = {"imap": 993, "smtp": 587}


@dataclass(frozen=True, kw_only=True)
class Finding:
    about: str
    level: Level
    text: str
    advice: str = ""


def examine() -> list[Finding]:
    """Every check in turn. What needs the database is left out when it does not answer."""
    found = [database()]
    if found[0].level != "fail":
        found += [migrations()]
    if found[-1].level != "fail":
        found += [*channels(), clock()]
    return [*found, disk(), static_files(), secret_key()]


def is_well(found: list[Finding]) -> bool:
    return all(finding.level != "fail" for finding in found)


def database() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "select current_setting('server_version'), current_setting('server_version_num')::int / 10000"
            )
            version, major = cursor.fetchone()
    except Error as error:
        text = str(error).strip().split("\n")[0]
        return Finding(about="database", level="fail", text=text, advice=_how_to_start())
    place = f"PostgreSQL {version} at {connection.settings_dict['HOST']}:{connection.settings_dict['PORT']}"
    if major < OLDEST_POSTGRESQL:
        return Finding(about="database", level="fail", text=place, advice=f"Use version {OLDEST_POSTGRESQL} or newer.")
    return Finding(about="database", level="ok", text=place)


def _how_to_start() -> str:
    if settings.DATABASE_URL:
        return "Start that server, or correct THREADLINE_DATABASE_URL."
    return "Start it with `make up` or `threadline up`."


def migrations() -> Finding:
    waiting = migrating.pending()
    if waiting:
        text = f"{len(waiting)} not applied, first {waiting[0]}"
        return Finding(about="migrations", level="fail", text=text, advice="Run `threadline migrate`.")
    return Finding(about="migrations", level="ok", text="all applied")


def channels() -> Iterator[Finding]:
    """One finding per active channel, or a remark that there is none."""
    from threadline.channels.models import Channel

    try:
        active = list(Channel.objects.active())
    except ThreadlineError as error:  # the stored passwords do not open
        yield Finding(about="channels", level="fail", text=str(error))
        return
    if not active:
        yield Finding(about="channels", level="warn", text="none is active", advice="Add one under Settings, Channels.")
    for channel in active:
        yield _reach(str(channel), channel.trouble, channel.settings)
        if words := _not_coming_in(channel):
            advice = "Look under Settings, Is everything coming in?"
            yield Finding(about=f"channel {channel}", level="warn", text=words, advice=advice)


def _not_coming_in(channel: "Channel") -> str:
    """What the watch over intake noticed, in words; nothing while all is well."""
    from threadline.interactions.actions.looking import unseen_since

    if channel.missing:
        return f"its provider had {channel.missing} more of the last day than came in"
    if channel.silent_since:
        return f"silent since {channel.silent_since:%Y-%m-%d %H:%M} UTC, against its own rhythm"
    seen = unseen_since(channel, timezone.now())
    return f"last looked at {seen:%Y-%m-%d %H:%M} UTC: do the workers run?" if seen else ""


def _reach(name: str, trouble: str, values: dict[str, Any]) -> Finding:
    """Try to open a connection to each server the channel's settings name (`imap_host`, `smtp_host` …)."""
    about = f"channel {name}"
    if trouble:
        return Finding(about=about, level="fail", text=trouble, advice="Mend it under Settings, Channels.")
    reached = []
    for host, port in _servers(values):
        try:
            socket.create_connection((host, port), timeout=PATIENCE).close()
        except OSError as error:
            text = f"{host}:{port} does not answer: {error}"
            return Finding(about=about, level="fail", text=text, advice="Check host, port and firewall.")
        reached.append(f"{host}:{port}")
    return Finding(about=about, level="ok", text=f"reached {', '.join(reached)}" if reached else "nothing to reach")


def _servers(values: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for key, host in values.items():
        protocol, _, rest = key.partition("_")
        if rest == "host" and host:
            yield str(host), int(values.get(f"{protocol}_port") or USUAL_PORTS.get(protocol, 443))


def clock() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        (theirs,) = cursor.fetchone()
    apart = abs((timezone.now() - theirs).total_seconds())
    level: Level = "fail" if apart > WRONG_CLOCK else "warn" if apart > SLOW_CLOCK else "ok"
    advice = "" if level == "ok" else "Switch on time synchronisation (NTP) here and on the database's machine."
    text = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC, {apart:.1f} s from the database's"
    return Finding(about="clock", level=level, text=text, advice=advice)


def disk() -> Finding:
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.DATA_DIR).free
    level: Level = "fail" if free < FULL_DISK else "warn" if free < LOW_DISK else "ok"
    advice = "" if level == "ok" else "Make room, or move the data with THREADLINE_DATA_DIR."
    return Finding(about="disk", level=level, text=f"{free / 2**30:.1f} GiB free in {settings.DATA_DIR}", advice=advice)


def static_files() -> Finding:
    built = settings.CHECKOUT / "src/threadline/desk/static/desk/built"
    if built.is_dir() and any(built.iterdir()):
        return Finding(about="front end", level="ok", text="built")
    return Finding(about="front end", level="warn", text=f"{built} is empty", advice="Run `make build`.")


def secret_key() -> Finding:
    if len(settings.SECRET_KEY) >= 32:
        return Finding(about="secret key", level="ok", text="set")
    text = f"only {len(settings.SECRET_KEY)} characters long"
    advice = "Set THREADLINE_SECRET_KEY to 50 random characters, or leave it empty to have one made."
    return Finding(about="secret key", level="fail", text=text, advice=advice)


def as_json(found: list[Finding]) -> str:
    return json.dumps([asdict(finding) for finding in found], indent=2)


def as_table(found: list[Finding]) -> str:
    from rich.console import Console
    from rich.table import Table

    colours: dict[Level, str] = {"ok": "green", "warn": "yellow", "fail": "bold red"}
    table = Table("", "checked", "found", "what to do", box=None, pad_edge=False)
    for finding in found:
        mark = f"[{colours[finding.level]}]{finding.level}[/]"
        table.add_row(mark, *(_plain(text) for text in (finding.about, finding.text, finding.advice)))
    page = io.StringIO()
    Console(file=page, width=shutil.get_terminal_size((140, 40)).columns).print(table)
    return page.getvalue().rstrip()


def _plain(text: str) -> str:
    """Square brackets in what others wrote are text here, not markup."""
    return text.replace("[", r"\[")
