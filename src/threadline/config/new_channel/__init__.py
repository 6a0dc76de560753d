"""`threadline new-channel`: the skeleton of an adapter, its stand-in and its test. It passes the contract as it is."""

import re
from pathlib import Path
from string import Template

from threadline.channels.adapters import adapters
from threadline.channels.house import HOUSE
from threadline.config.settings import CHECKOUT
from threadline.lib.errors import ThreadlineError

HERE = Path(__file__).parent
FILES = {
    "adapter": "src/threadline/channels/adapters/{module}.py",
    "stand_in": "tests/providers/{module}.py",
    "test": "tests/channels/adapters/test_{module}.py",
}


def write(kind: str, *, provider: str = "", label: str = "", into: Path = CHECKOUT) -> list[Path]:
    """Write three files; returns where.

    Raises:
        ThreadlineError: the name is no word, it is there already, or this is no checkout of Threadline.
    """
    check(kind, provider, into)
    module = f"{kind}_{provider}" if provider else kind
    words = {
        "kind": kind,
        "provider": provider,
        "module": module,
        "label": label or kind.capitalize(),
        "name": "".join(part.capitalize() for part in module.split("_")),
    }
    places = {name: into / path.format(module=module) for name, path in FILES.items()}
    there = [place for place in places.values() if place.exists()]
    if there:
        raise ThreadlineError(f"{there[0]} is there already. Choose another name, or go on with that one.")
    for name, place in places.items():
        place.write_text(Template((HERE / f"{name}.txt").read_text()).substitute(words))
    return list(places.values())


def check(kind: str, provider: str, into: Path) -> None:
    for word in filter(None, (kind, provider)):
        if not re.fullmatch(r"[a-z][a-z0-9_]{1,19}", word):
            raise ThreadlineError(
                f"“{word}” is no name for it. Take 2 to 20 small letters and digits, such as mastodon."
            )
    if kind in HOUSE and not provider:
        raise ThreadlineError(f"“{kind}” comes through the API already. Say who carries it: --provider NAME.")
    name = f"{kind}.{provider}" if provider else kind
    if name in adapters():
        raise ThreadlineError(f"There is an adapter {name} already: {adapters()[name].__module__}.")
    if not (into / "tests/providers").is_dir():
        raise ThreadlineError(f"{into} is no checkout of Threadline with its tests. Clone it, and run this there.")
