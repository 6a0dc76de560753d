"""What somebody may do, in one place: rights, the sets that roles give, and the scopes of API keys.

Ask with `agent.may(Right.ANSWER)`; views ask with `desk.rights.needs`. Teams say *which* stories an agent sees
(`visible_to`), rights say *what* may be seen and done there.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Right(TextChoices):
    ANSWER = "answer", _("Answer customers, write calls down, say whose turn it is")
    NOTES = "notes", _("Read and write notes")
    AMOUNTS = "amounts", _("See amounts of money that customers told us or paid")
    NUMBERS = "numbers", _("See numbers of cards and persons whole; each look is noted")
    ORGANISE = "organise", _("Move touches, join and split stories, say who is who")
    EVERY_TEAM = "every_team", _("See the stories of every team, restricted ones too")
    TEACH = "teach", _("Change what the intents mean")
    MEASURES = "measures", _("See the wallboard and the reports, and take the numbers along")
    AUDIT = "audit", _("Read the audit log and export it")
    WORK = "work", _("Set up calendars and promises, who gets what, policies and texts for everybody")
    CHANNELS = "channels", _("Set up channels and brands")
    KEYS = "keys", _("Make and revoke API keys")
    PEOPLE = "people", _("Add and change people, teams and roles")
    SIGN_IN = "sign_in", _("Say how people sign in, invite, help who lost their way in: as good as an admin")


EVERYTHING = frozenset(Right.values)
AGENT = frozenset({Right.ANSWER, Right.NOTES, Right.AMOUNTS, Right.ORGANISE})
SUPERVISOR = AGENT | {Right.EVERY_TEAM, Right.TEACH, Right.MEASURES, Right.AUDIT, Right.WORK, Right.NUMBERS}
SETTINGS = frozenset({Right.PEOPLE, Right.SIGN_IN, Right.CHANNELS, Right.KEYS, Right.AUDIT, Right.WORK})


class Scope(TextChoices):
    """What the program with a key may do."""

    WRITE = "interactions:write", _("Hand interactions in")
    READ = "interactions:read", _("Ask what became of an interaction")
    CALLS = "calls:write", _("Report calls that ring")
    FIELDS_READ = "fields:read", _("Read what stands in the fields of stories and people")
    FIELDS_WRITE = "fields:write", _("Fill in fields of stories and people")


ALL_SCOPES = tuple(Scope.values)
