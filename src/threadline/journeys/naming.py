"""What a story is about keeps its name in step with the tree of intents."""

from collections.abc import Mapping

from django.db import connection

from threadline.accounts.models import Event

RENAMED = "intents_renamed"
STATEMENTS = (
    "update journeys_journey row set intent = pair.now {pairs} where row.intent = pair.was",
    "update journeys_meaning row set intent = pair.now {pairs} where row.intent = pair.was",
    "update journeys_journey row set memory = jsonb_set(row.memory, '{{intent}}', to_jsonb(pair.now)) {pairs}"
    " where row.memory ->> 'intent' = pair.was",
)
PAIRS = "from unnest(%s::text[], %s::text[]) as pair (was, now)"


def rename_in_stories(became: Mapping[str, str]) -> None:
    """All names at once, so that two intents may swap theirs. Cost: three passes over the stories."""
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement.format(pairs=PAIRS), [list(became), list(became.values())])


class Renames:
    """Every renaming so far. Cost: one query."""

    def __init__(self) -> None:
        events = Event.objects.filter(verb=RENAMED).order_by("pk")
        self.told = [(event.pk, event.facts["became"]) for event in events]

    def today(self, name: str, *, since: int) -> str:
        """What an intent is called now that was called `name` when event `since` happened."""
        for number, became in self.told:
            if number > since:
                name = became.get(name, name)
        return name
