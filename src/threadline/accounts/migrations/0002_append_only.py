"""What happened, who looked and what was concluded is never edited or deleted. TRUNCATE, used by a replay, stays possible."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION threadline_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: %', TG_OP, TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END $$;
"""


def guard(table: str, what: str, why: str) -> str:
    name = f"{table}_{what.split()[0].lower()}_refused"
    return f"CREATE TRIGGER {name} BEFORE {what} ON {table} FOR EACH ROW EXECUTE FUNCTION threadline_refuse('{why}');"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION threadline_refuse();"),
        migrations.RunSQL(
            [
                guard("accounts_event", "UPDATE OR DELETE", "events are append-only"),
                guard("accounts_decision", "UPDATE OR DELETE", "decisions are append-only"),
                guard("accounts_sight", "UPDATE OR DELETE", "who saw what is append-only"),
            ],
            [
                "DROP TRIGGER accounts_event_update_refused ON accounts_event;",
                "DROP TRIGGER accounts_decision_update_refused ON accounts_decision;",
                "DROP TRIGGER accounts_sight_update_refused ON accounts_sight;",
            ],
        ),
    ]
