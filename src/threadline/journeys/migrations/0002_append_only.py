"""Memberships are superseded, never edited or deleted; a joined journey stays and redirects."""

from django.db import migrations

GUARDS = """
CREATE TRIGGER membership_fixed BEFORE UPDATE OF interaction_id, journey_id, decision_id, at
    ON journeys_membership FOR EACH ROW EXECUTE FUNCTION threadline_refuse('memberships are superseded, never edited');
CREATE TRIGGER membership_superseded_once BEFORE UPDATE OF superseded_at ON journeys_membership FOR EACH ROW
    WHEN (OLD.superseded_at IS NOT NULL) EXECUTE FUNCTION threadline_refuse('a superseded membership stays so');
CREATE TRIGGER membership_kept BEFORE DELETE ON journeys_membership FOR EACH ROW
    EXECUTE FUNCTION threadline_refuse('memberships are never deleted');
CREATE TRIGGER journey_kept BEFORE DELETE ON journeys_journey FOR EACH ROW
    EXECUTE FUNCTION threadline_refuse('old ids redirect for ever');
"""
DROPS = """
DROP TRIGGER membership_fixed ON journeys_membership;
DROP TRIGGER membership_superseded_once ON journeys_membership;
DROP TRIGGER membership_kept ON journeys_membership;
DROP TRIGGER journey_kept ON journeys_journey;
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0001_initial"), ("accounts", "0002_append_only")]
    operations = [migrations.RunSQL(GUARDS, DROPS)]
