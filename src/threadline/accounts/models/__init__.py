"""Who serves and when (people), which programs may write to us (keys), and what was decided and done (audit)."""

from threadline.accounts.models.audit import Decision, Event
from threadline.accounts.models.keys import ApiKey
from threadline.accounts.models.people import Agent, Presence, Team
from threadline.accounts.models.serving import Availability, Skill
from threadline.accounts.models.tries import WrongTry

__all__ = ["Agent", "ApiKey", "Availability", "Decision", "Event", "Presence", "Skill", "Team", "WrongTry"]
