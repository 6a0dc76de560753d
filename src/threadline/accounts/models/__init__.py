"""Who serves (people), which programs may write to us (keys), how people sign in, and what was decided and
done (audit).
"""

from threadline.accounts.models.audit import Decision, Event
from threadline.accounts.models.invitations import Invitation
from threadline.accounts.models.keys import ApiKey
from threadline.accounts.models.people import Agent, Team
from threadline.accounts.models.signing_in import Provider, Remembered, SignInRules
from threadline.accounts.models.tries import WrongTry

__all__ = [
    "Agent",
    "ApiKey",
    "Decision",
    "Event",
    "Invitation",
    "Provider",
    "Remembered",
    "SignInRules",
    "Team",
    "WrongTry",
]
