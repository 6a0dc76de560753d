"""What must never be about rules: rule, what, the SQL that tries it."""

from tests.invariants.world import again
from threadline.journeys.models import RuleBook, RuleFinding, RulePlace, RuleRun, RuleTimer, RuleTrial

RULING = [
    ("one_draft_of_rules", "two drafts of rules", again(RuleBook)),
    ("no_rule_twice_on_one_thing", "a rule that looks twice at one thing", again(RuleRun)),
    ("verdict_of_rule_known", "a verdict nobody knows", again(RuleRun, cause="'other'", verdict="'hm'")),
    ("rule_run_has_a_reason", "a look without a reason", again(RuleRun, cause="'other'", reason="''")),
    ("one_span_of_rule_and_story", "one span of a rule twice in a story", again(RuleTimer)),
    ("span_of_rule_takes_time", "a span over before it begins", again(RuleTimer, rule="'other'", due_at='"since"')),
    ("one_place_of_rules", "two places in the log", again(RulePlace, id="2")),
    ("trial_of_1_to_90_days", "a dry run of a year", again(RuleTrial, days="365")),
    ("finding_ran_or_failed", "a finding of nothing", again(RuleFinding, verdict="'passes'")),
    (
        "note_by_an_agent_or_a_rule",
        "a note by an agent and by a rule",
        "update journeys_note set rule = 'A rule'",
    ),
]
