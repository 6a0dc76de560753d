"""docs/reference/settings.md, from the table in config/settings.py."""

from threadline.config.settings import CHECKOUT, SETTINGS

ABOVE = """
# Settings

Every setting is an environment variable. `THREADLINE_NAME` gives the value; `THREADLINE_NAME_FILE` names a file that
holds it, for passwords and keys. A named file that can not be read stops the start with a sentence that says so.

| Variable | Default | Meaning |
|---|---|---|
"""
BELOW = """
What belongs to one channel (mail servers, aliases, passwords) is kept with the channel, not here: see
[Connect a mailbox](../how-to/connect-a-mailbox.md).
"""


def page() -> str:
    rows = (f"| `THREADLINE_{name}` | {default(each.default)} | {each.meaning} |" for name, each in SETTINGS.items())
    return ABOVE + "\n".join(rows) + "\n" + BELOW


def default(value: str) -> str:
    """The default, without where this checkout happens to lie."""
    shown = value.replace(f"{CHECKOUT}/", "")
    return f"`{shown}`" + (" in the checkout" if shown != value else "") if shown else "empty"
