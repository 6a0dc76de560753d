"""The navigation of the settings: a page stands here for who has its right."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from threadline.accounts.models import Agent
from threadline.accounts.rights import Right


@dataclass(frozen=True, slots=True)
class Entry:
    """`name` is the name of the page's address; any of the `rights` opens it."""

    name: str
    words: str | Promise
    rights: tuple[Right, ...]


MENU: tuple[tuple[str | Promise, tuple[Entry, ...]], ...] = (
    (_("Start"), (Entry("settings", _("Set-up"), (Right.PEOPLE, Right.CHANNELS)),)),
    (
        _("Who serves"),
        (
            Entry("settings-people", _("People"), (Right.PEOPLE,)),
            Entry("settings-teams", _("Teams"), (Right.PEOPLE,)),
            Entry("settings-roles", _("Roles"), (Right.PEOPLE,)),
            Entry("settings-sign-in", _("Sign-in"), (Right.SIGN_IN,)),
        ),
    ),
    (
        _("Where customers reach us"),
        (
            Entry("settings-channels", _("Channels"), (Right.CHANNELS,)),
            Entry("settings-intake", _("Is everything coming in?"), (Right.CHANNELS,)),
            Entry("settings-brands", _("Brands"), (Right.CHANNELS,)),
            Entry("channel-matrix", _("Which channel for what"), (Right.WORK,)),
        ),
    ),
    (
        _("How we work"),
        (
            Entry("settings-calendars", _("Calendars and promises"), (Right.WORK,)),
            Entry("routing", _("Who gets what"), (Right.WORK,)),
            Entry("rules", _("Rules"), (Right.WORK,)),
            Entry("settings-fields", _("Fields"), (Right.WORK,)),
            Entry("settings-views", _("Kept views"), (Right.ANSWER, Right.NOTES)),
            Entry("settings-macros", _("Texts kept ready"), (Right.ANSWER, Right.NOTES)),
            Entry("settings-policies", _("What we may promise"), (Right.ANSWER, Right.NOTES, Right.WORK)),
        ),
    ),
    (
        _("Safety"),
        (
            Entry("settings-keys", _("API keys"), (Right.KEYS,)),
            Entry("settings-audit", _("Audit log"), (Right.AUDIT,)),
            Entry("settings-notices", _("Notices sent"), (Right.AUDIT,)),
        ),
    ),
)


def menu(agent: Agent) -> list[tuple[str | Promise, list[Entry]]]:
    """What this agent may open, in its groups."""
    groups = [(words, [entry for entry in entries if agent.rights & set(entry.rights)]) for words, entries in MENU]
    return [(words, entries) for words, entries in groups if entries]
