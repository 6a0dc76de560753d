"""Links between handles are superseded, never edited or deleted."""

from django.db import migrations

GUARDS = """
CREATE TRIGGER identitylink_fixed BEFORE UPDATE OF left_id, right_id, standing, bits, decision_id, at
    ON customers_identitylink FOR EACH ROW EXECUTE FUNCTION threadline_refuse('links are superseded, never edited');
CREATE TRIGGER identitylink_superseded_once BEFORE UPDATE OF superseded_at ON customers_identitylink FOR EACH ROW
    WHEN (OLD.superseded_at IS NOT NULL) EXECUTE FUNCTION threadline_refuse('a superseded link stays superseded');
CREATE TRIGGER identitylink_kept BEFORE DELETE ON customers_identitylink FOR EACH ROW
    EXECUTE FUNCTION threadline_refuse('links are never deleted');
CREATE TRIGGER customer_kept BEFORE DELETE ON customers_customer FOR EACH ROW
    EXECUTE FUNCTION threadline_refuse('a merged customer stays and redirects');
"""
DROPS = """
DROP TRIGGER identitylink_fixed ON customers_identitylink;
DROP TRIGGER identitylink_superseded_once ON customers_identitylink;
DROP TRIGGER identitylink_kept ON customers_identitylink;
DROP TRIGGER customer_kept ON customers_customer;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial"), ("accounts", "0002_append_only")]
    operations = [migrations.RunSQL(GUARDS, DROPS)]
