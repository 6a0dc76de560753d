"""The ledger keeps what came in, word for word; an interaction has its entry; a thread keeps its reply address."""

from django.db import migrations

GUARDS = """
ALTER TABLE interactions_interaction ADD CONSTRAINT interaction_has_an_entry
    FOREIGN KEY (id) REFERENCES interactions_intakeentry (id) DEFERRABLE INITIALLY DEFERRED;
CREATE TRIGGER entry_fixed BEFORE UPDATE OF id, channel_id, source, external_id, payload, raw, headers, received_at
    ON interactions_intakeentry FOR EACH ROW
    EXECUTE FUNCTION threadline_refuse('the ledger keeps what came in, word for word');
CREATE TRIGGER entry_kept BEFORE DELETE ON interactions_intakeentry FOR EACH ROW
    EXECUTE FUNCTION threadline_refuse('nothing leaves the ledger');
CREATE TRIGGER thread_reply_address_fixed BEFORE UPDATE OF reply_address ON interactions_thread FOR EACH ROW
    EXECUTE FUNCTION threadline_refuse('the reply address is fixed on the thread');
"""
DROPS = """
ALTER TABLE interactions_interaction DROP CONSTRAINT interaction_has_an_entry;
DROP TRIGGER entry_fixed ON interactions_intakeentry;
DROP TRIGGER entry_kept ON interactions_intakeentry;
DROP TRIGGER thread_reply_address_fixed ON interactions_thread;
"""


class Migration(migrations.Migration):
    dependencies = [("interactions", "0001_initial"), ("accounts", "0002_append_only")]
    operations = [migrations.RunSQL(GUARDS, DROPS)]
