"""Every write to journeys by a person: keyword-only, one transaction, one Event."""

from threadline.journeys.actions.handing import demand_supervisor, hand_over
from threadline.journeys.actions.naming import go_back_to_intents, use_intents
from threadline.journeys.actions.people import keep_apart, merge_customers
from threadline.journeys.actions.reply import log_call, note, reply
from threadline.journeys.actions.status import assign, finish, reopen, set_intent, snooze, wait, wake_snoozed
from threadline.journeys.actions.structure import join, move, split, undo
from threadline.journeys.actions.suggestions import accept_suggestion, keep_here

__all__ = [
    "accept_suggestion",
    "assign",
    "demand_supervisor",
    "finish",
    "go_back_to_intents",
    "hand_over",
    "join",
    "keep_apart",
    "keep_here",
    "log_call",
    "merge_customers",
    "move",
    "note",
    "reopen",
    "reply",
    "set_intent",
    "snooze",
    "split",
    "undo",
    "use_intents",
    "wait",
    "wake_snoozed",
]
