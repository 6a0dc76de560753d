"""What `threadline channel` reads and shows."""

from collections.abc import Sequence

from threadline.channels.models import Channel
from threadline.lib.errors import ThreadlineError

LISTS = ("aliases", "origins")


def settings_in(given: Sequence[str]) -> dict[str, object]:
    """KEY=VALUE, numbers as numbers, the settings that are lists separated by commas. KEY= removes a setting."""
    found: dict[str, object] = {}
    for pair in given:
        key, sign, value = pair.partition("=")
        if not sign or not key.strip():
            raise ThreadlineError(f"“{pair}” is no setting. Write KEY=VALUE, such as imap_host=imap.example.org.")
        found[key.strip()] = value_of(key.strip(), value.strip())
    return found


def value_of(key: str, text: str) -> object:
    if key in LISTS:
        return [part.strip() for part in text.split(",") if part.strip()] or None
    return int(text) if text.isdecimal() else text


def listed() -> str:
    """One line a channel; secrets are named, never shown."""
    rows = Channel.objects.select_related("brand")
    lines = [line_of(channel) for channel in rows]
    return "\n".join(lines) or "There is no channel yet. Make one: threadline channel email support@example.org"


def line_of(channel: Channel) -> str:
    state = channel.trouble or ("on" if channel.active else "off")
    settings = " ".join(f"{key}={value}" for key, value in channel.settings.items())
    secrets = " ".join(f"{key}=(sealed)" for key in channel.secrets)
    return "  ".join(filter(None, (channel.kind, channel.address, channel.name, state, settings, secrets)))
