"""Every write to journeys by a person: keyword-only, one transaction, one Event."""

from threadline.journeys.actions.bulk import do_to_many
from threadline.journeys.actions.drafts import (
    add_file,
    add_to_draft,
    drop_draft,
    remove_file,
    save_draft,
    schedule,
    unschedule,
)
from threadline.journeys.actions.fields import set_field
from threadline.journeys.actions.handing import demand_supervisor, hand_over
from threadline.journeys.actions.macros import withdraw_macro, write_macro
from threadline.journeys.actions.mentions import saw
from threadline.journeys.actions.naming import go_back_to_intents, use_intents
from threadline.journeys.actions.onlookers import gone, here
from threadline.journeys.actions.outbox import answer, elsewhere, keep_note, send_scheduled, take_back
from threadline.journeys.actions.people import keep_apart, merge_customers
from threadline.journeys.actions.policies import withdraw_policy, write_policy
from threadline.journeys.actions.reply import log_call, note, reply
from threadline.journeys.actions.status import assign, finish, reopen, set_intent, snooze, wait, wake_snoozed
from threadline.journeys.actions.structure import join, move, split, undo
from threadline.journeys.actions.suggestions import accept_suggestion, keep_here
from threadline.journeys.actions.views import order_views, save_view, withdraw_view

__all__ = [
    "accept_suggestion",
    "add_file",
    "add_to_draft",
    "answer",
    "assign",
    "demand_supervisor",
    "do_to_many",
    "drop_draft",
    "elsewhere",
    "finish",
    "go_back_to_intents",
    "gone",
    "hand_over",
    "here",
    "join",
    "keep_apart",
    "keep_here",
    "keep_note",
    "log_call",
    "merge_customers",
    "move",
    "note",
    "order_views",
    "remove_file",
    "reopen",
    "reply",
    "save_draft",
    "save_view",
    "saw",
    "schedule",
    "send_scheduled",
    "set_field",
    "set_intent",
    "snooze",
    "split",
    "take_back",
    "undo",
    "unschedule",
    "use_intents",
    "wait",
    "wake_snoozed",
    "withdraw_macro",
    "withdraw_policy",
    "withdraw_view",
    "write_macro",
    "write_policy",
]
