"""What the sample company wants to know of every person and story beside what they say, and some of it filled in."""

from datetime import datetime, timedelta

from threadline.accounts.models import Agent
from threadline.accounts.rights import Right
from threadline.journeys.actions import set_field
from threadline.journeys.models import Field, Journey

FIELDS: tuple[tuple[str, str, str, str, str, list[str], bool, str], ...] = (
    (
        "person",
        "contract",
        "Contract",
        "choice",
        "What they agreed with us.",
        ["Household", "Trade", "Hotel"],
        True,
        "",
    ),
    ("person", "newsletter", "Newsletter", "yes_no", "Only if they said so themselves.", [], False, ""),
    ("story", "warranty_until", "Warranty until", "date", "As it stands on the receipt.", [], True, ""),
    ("story", "batch", "Batch", "text", "Below the bar code, such as B-2231.", [], True, ""),
    ("story", "goodwill", "Goodwill in £", "number", "What was given beyond the warranty.", [], False, Right.AMOUNTS),
)
FILLED = 24


def build(agents: dict[str, Agent], *, now: datetime) -> None:
    """The fields, and values in the newest open stories; fields that are there already stay as they are."""
    for place, (of, key, name, kind, help_, choices, in_brief, right) in enumerate(FIELDS, 1):
        values = {"name": name, "kind": kind, "help": help_, "choices": choices, "in_brief": in_brief, "right": right}
        Field.objects.get_or_create(of=of, key=key, defaults={**values, "place": place})
    fields = {field.key: field for field in Field.objects.all()}
    by = agents["bo"]
    newest = (
        Journey.objects.standing().filter(status=Journey.Status.OPEN).order_by("-last_at").select_related("customer")
    )
    for number, journey in enumerate(newest[:FILLED]):
        if number % 2:
            until = (now + timedelta(days=37 * number - 200)).date().isoformat()
            set_field(field=fields["warranty_until"], value=until, journey=journey, by=by, now=now)
        if number % 3 == 0:
            batch = f"B-{2200 + 7 * number}"
            set_field(field=fields["batch"], value=batch, journey=journey, by=by, now=now)
        if number % 4 == 0 and journey.customer.merged_into_id is None:
            contract = FIELDS[0][5][number // 4 % 3]
            set_field(field=fields["contract"], value=contract, customer=journey.customer, by=by, now=now)
