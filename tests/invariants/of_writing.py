"""What must never be about drafts, onlookers, mentions, macros and policies: rule, what, the SQL that tries it."""

from tests.invariants.world import again
from threadline.journeys.models import Draft, Macro, Mention, Onlooker, Policy

WRITING = [
    ("one_draft_each", "two drafts of one agent in one story", again(Draft)),
    ("one_onlooker_each", "one agent at one story twice", again(Onlooker)),
    ("one_mention_each", "one agent named twice in one note", again(Mention)),
    ("one_macro_per_name", "two macros of one name for everybody", again(Macro)),
    ("macro_says_or_does", "a macro of nothing", again(Macro, name="'other'", text="''", actions="'{}'")),
    (
        "macro_of_one_or_of_a_team",
        "a macro of an agent and of a team",
        "update journeys_macro set owner_id = (select min(id) from accounts_agent),"
        " team_id = (select min(id) from accounts_team)",
    ),
    ("one_policy_per_name", "two policies of one name", again(Policy)),
    ("policy_standing_known", "neither can nor won't", again(Policy, name="'other'", standing="'hm'")),
    ("may_has_a_limit_and_a_decider", "may without a limit", again(Policy, name="'other'", limit="''")),
    ("may_has_a_limit_and_a_decider", "nobody decides beyond", again(Policy, name="'other'", decides="''")),
]
