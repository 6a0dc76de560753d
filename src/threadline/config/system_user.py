"""Who the embedded PostgreSQL runs as. It refuses to run as root, so root lends it an unprivileged system user."""

import functools
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import TypedDict

PREFERRED, FALLBACK = "threadline", "nobody"
SHARED = Path("/var/lib/threadline")
"""Where root keeps what the system user can not reach elsewhere."""


class AsUser(TypedDict, total=False):
    """Keywords of `subprocess.run` that drop root's rights."""

    user: str
    group: int
    extra_groups: list[int]


@functools.cache
def name() -> str | None:
    """The system user for the server, created when missing; None when we are not root and simply stay who we are."""
    if os.geteuid() != 0:
        return None
    if not _exists(PREFERRED) and shutil.which("useradd"):
        home = ["--no-create-home", "--home-dir", str(SHARED), "--shell", "/usr/sbin/nologin"]
        subprocess.run(["useradd", "--system", *home, PREFERRED], check=False, capture_output=True)
    return PREFERRED if _exists(PREFERRED) else FALLBACK


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def owner_of(data: Path) -> str | None:
    """Who must run the server of this data folder: its owner if it has one already, else the system user."""
    if name() is None or not data.exists() or data.stat().st_uid == 0:
        return name()
    return pwd.getpwuid(data.stat().st_uid).pw_name


def as_user(user: str | None) -> AsUser:
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def give(path: Path, user: str | None) -> None:
    if user is not None:
        os.chown(path, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)


def can_enter(folder: Path) -> bool:
    """Asked as the system user itself, so that every kind of permission counts."""
    asked = subprocess.run(["test", "-x", str(folder)], cwd="/", check=False, **as_user(name()))
    return asked.returncode == 0


def shared() -> Path:
    """The shared folder, created when missing."""
    SHARED.mkdir(mode=0o755, parents=True, exist_ok=True)
    return SHARED
