"""Numbers of cards, accounts and persons are hidden in what people write where the channel may not carry them.

The touch has dots in their place, and with it everything that is made of it: titles, search, notices, facts. The whole
stays in the ledger alone, unless the channel takes such numbers out before (`interactions.taking_out`).
"""

from collections.abc import Sequence
from dataclasses import replace

from threadline.core.fitness import Plan, Privacy
from threadline.core.sensitive import masked
from threadline.core.touch import Direction
from threadline.interactions import reading
from threadline.interactions.models import IntakeEntry, Interaction
from threadline.interactions.reading import Reading
from threadline.journeys.reaching.fitting import side, told_of
from threadline.journeys.reaching.plans import in_force
from threadline.lib.errors import ThreadlineError

MARK = "hidden"


def read(entries: Sequence[IntakeEntry]) -> list[Reading]:
    """Parse every entry, and hide. Cost: one query for the plan, only where there is something to hide."""
    readings = reading.read(entries)
    plan: Plan | None = None
    for each in readings:
        found = _numbers_in(each)
        if found:
            plan = plan or in_force()
            _hide(each, plan)
    return readings


def whole(touch: Interaction) -> str:
    """What they wrote, as the ledger has it.

    Raises:
        ThreadlineError: it can not be read any more.
    """
    entry = IntakeEntry.objects.select_related("channel").get(pk=touch.pk)
    found = reading.parse(entry)
    if found.inbound is None:
        raise ThreadlineError(f"The ledger's item can not be read any more: {found.reason}")
    return "\n\n".join(part for part in (found.item.text, found.item.quoted) if part)


def _numbers_in(each: Reading) -> bool:
    if each.inbound is None or each.verdict != "pending":
        return False
    item = each.item
    if item.direction != Direction.IN or each.entry.source == "desk":
        return False
    return any(masked(text)[1] for text in (item.subject, item.text, item.quoted, item.signature))


def _hide(each: Reading, plan: Plan) -> None:
    item = each.item
    if plan.level(side(item.kind, item.public), told_of(item.kind)) >= Privacy.VERY_PRIVATE:
        return
    subject, text, quoted, signature = map(masked, (item.subject, item.text, item.quoted, item.signature))
    found = {what for _text, hidden in (subject, text, quoted, signature) for what in hidden}
    each.inbound = replace(
        item,
        subject=subject[0],
        text=text[0],
        quoted=quoted[0],
        signature=signature[0],
        html=masked(item.html)[0],
        attributes={**item.attributes, MARK: sorted(found)},
    )
