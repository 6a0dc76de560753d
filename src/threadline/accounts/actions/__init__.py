"""Every write about agents, teams, roles and keys."""

from threadline.accounts.actions.keys import create_api_key, revoke_api_key
from threadline.accounts.actions.people import change_agent, create_agent, deactivate, reactivate, set_password
from threadline.accounts.actions.roles import change_role, create_role, drop_role, first_roles
from threadline.accounts.actions.teams import change_team, create_team
from threadline.accounts.actions.undo import can_undo, undo

__all__ = [
    "can_undo",
    "change_agent",
    "change_role",
    "change_team",
    "create_agent",
    "create_api_key",
    "create_role",
    "create_team",
    "deactivate",
    "drop_role",
    "first_roles",
    "reactivate",
    "revoke_api_key",
    "set_password",
    "undo",
]
