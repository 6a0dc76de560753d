"""What must never be about views that are kept and work on many stories: rule, what, the SQL that tries it."""

from tests.invariants.world import again
from threadline.journeys.models import BulkRun, SavedView, ViewPlace

BACK = again(BulkRun, what="'undo'", undoes_id="id")
VIEWS = [
    ("one_view_per_name", "two views of one name for everybody", again(SavedView)),
    (
        "view_of_one_or_of_a_team",
        "a view of an agent and of a team",
        "update journeys_savedview set owner_id = (select min(id) from accounts_agent),"
        " team_id = (select min(id) from accounts_team)",
    ),
    ("view_has_a_name", "a view without a name", again(SavedView, name="''")),
    ("one_place_of_a_view", "one view at two places of a list", again(ViewPlace)),
    ("bulk_run_known", "something unknown done to many stories", again(BulkRun, what="'explode'")),
    ("journeys_bulkrun_handled_check", "less than nothing done", "update journeys_bulkrun set handled = -1"),
    ("journeys_bulkrun_undoes_id_key", "one run taken back twice", f"{BACK}; {BACK}"),
    ("journeys_viewplace_place_check", "a place before the first", "update journeys_viewplace set place = -1"),
    ("bulk_undo_names_a_run", "an undo of nothing", again(BulkRun, what="'undo'")),
]
