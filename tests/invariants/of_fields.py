"""What must never be about fields of a house: rule, what, the SQL that tries it."""

from tests.invariants.world import again
from threadline.journeys.models import Field, FieldValue

FIELDS = [
    ("one_field_per_key", "two fields with one key", again(Field, name="'other'")),
    ("one_field_per_name", "two fields of one name", again(Field, key="'other'")),
    ("field_of_story_or_person", "a field of nothing", "update journeys_field set of = 'team'"),
    ("field_kind_known", "a kind that nobody knows", "update journeys_field set kind = 'colour'"),
    ("field_key_is_a_name", "a key that no condition can name", "update journeys_field set key = 'No key'"),
    ("field_has_a_name", "a field without a name", "update journeys_field set name = ''"),
    ("choice_has_choices", "a choice of nothing", "update journeys_field set kind = 'choice', choices = '{}'"),
    (
        "field_for_a_right_or_a_team",
        "a field for a right and for a team",
        "update journeys_field set \"right\" = 'notes', team_id = (select min(id) from accounts_team)",
    ),
    ("journeys_field_place_check", "a place before the first", "update journeys_field set place = -1"),
    ("one_value_where_it_was_said", "two values said of one story", again(FieldValue, journey_id="null")),
    (
        "one_value_counts_for_a_story",
        "two values that count for one story",
        again(FieldValue, on_journey_id="(select min(id) from journeys_journey)"),
    ),
    (
        "one_value_counts_for_a_person",
        "two values that count for one person",
        "".join(
            f"insert into journeys_fieldvalue (field_id, on_customer_id, customer_id, value, event_id, at)"
            f" select field.id, one.id, first.id, '', 1, now() from (select min(id) as id from journeys_field) field,"
            f" (select {which}(id) as id from customers_customer) one,"
            f" (select min(id) as id from customers_customer) first;"
            for which in ("min", "max")
        ),
    ),
    ("value_of_a_story_or_a_person", "a value of nobody", "update journeys_fieldvalue set on_journey_id = null"),
]
