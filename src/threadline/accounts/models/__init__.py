"""Who serves and when (people), how they sign in, which programs may write to us (keys), and what was decided, done
and seen (audit, sights).
"""

from threadline.accounts.models.allowances import Allowance
from threadline.accounts.models.audit import Decision, Event
from threadline.accounts.models.invitations import Invitation
from threadline.accounts.models.keys import ApiKey
from threadline.accounts.models.people import Agent, Presence, Role, Team
from threadline.accounts.models.serving import Availability, Skill
from threadline.accounts.models.sights import Sight
from threadline.accounts.models.signing_in import Provider, Remembered, SignInRules
from threadline.accounts.models.tries import WrongTry

__all__ = [
    "Agent",
    "Allowance",
    "ApiKey",
    "Availability",
    "Decision",
    "Event",
    "Invitation",
    "Presence",
    "Provider",
    "Remembered",
    "Role",
    "Sight",
    "SignInRules",
    "Skill",
    "Team",
    "WrongTry",
]
