"""What admins send from the page of the plan of channels, as changes of the plan."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from django.utils.translation import gettext as _

from threadline.core.calendars import minutes_of
from threadline.core.fitness import (
    Complexity,
    Manners,
    Need,
    Plan,
    Privacy,
    Standing,
    Wording,
    with_cell,
    with_level,
    with_manners,
    with_need,
    with_words,
)
from threadline.desk.queries.channel_plan import Matrix, Row
from threadline.journeys.reaching.fitting import told_of
from threadline.lib.errors import ThreadlineError

Edit = Callable[[Plan], Plan]
Choice = TypeVar("Choice", Complexity, Standing)


def grid(said: Mapping[str, str], shown: Matrix) -> Edit:
    """The rows of one group. A cell that was left as it was shown stays what it was: usual, or said by the house."""

    def edit(plan: Plan) -> Plan:
        for row in shown.rows:
            plan = _row(plan, row, said)
        return plan

    return edit


def _row(plan: Plan, row: Row, said: Mapping[str, str]) -> Plan:
    how = _one_of(Complexity, said.get(f"how:{row.intent}", row.need.complexity))
    private = _level(said.get(f"private:{row.intent}", str(int(row.need.privacy))))
    plan = with_need(plan, row.intent, Need(how, private))
    for cell in row.cells:
        wanted = _one_of(Standing, said.get(f"cell:{row.intent}:{cell.side.key}", cell.standing))
        if wanted is not cell.standing:
            plan = with_cell(plan, row.intent, cell.side.key, wanted, told_of(cell.side.key.partition("+")[0]))
    return plan


def levels(said: Mapping[str, str], shown: Matrix) -> Edit:
    """What each channel may carry. Where anyone reads along nothing else than what is for everybody."""

    def edit(plan: Plan) -> Plan:
        for side in shown.sides:
            level = _level(said.get(f"level:{side.key}", str(int(side.level))))
            if side.public and level is not Privacy.PUBLIC:
                raise ValueError(
                    _("Anyone reads along on %(name)s: nothing private may go there.") % {"name": side.name}
                )
            plan = with_level(plan, side.key, level, told_of(side.key.partition("+")[0]))
        return plan

    return edit


def manners(said: Mapping[str, str], shown: Matrix) -> Edit:
    """When we write by ourselves; an empty time or number is none."""
    since, until = (minutes_of(said[name]) if said.get(name) else None for name in ("since", "until"))
    most = said.get("most", "").strip()
    if most and not (most.isascii() and most.isdigit() and len(most) < 4):
        raise ThreadlineError(_("“%(said)s” is no number of messages a week.") % {"said": most})

    def edit(plan: Plan) -> Plan:
        return with_manners(plan, Manners(since, until, int(most) if most else None))

    return edit


def words(said: Mapping[str, str], network: str) -> Edit:
    given = [said.get(name, "").replace("\r\n", "\n").strip() for name in ("out", "private", "back")]

    def edit(plan: Plan) -> Plan:
        return with_words(plan, network, Wording(*given))

    return edit


def _one_of(choices: type[Choice], said: str) -> Choice:
    try:
        return choices(said)
    except ValueError as error:
        raise ValueError(_("“%(said)s” is none of the choices. Choose again.") % {"said": said}) from error


def _level(said: str) -> Privacy:
    if said not in {str(int(each)) for each in Privacy}:
        raise ValueError(_("“%(said)s” is no level. Choose again.") % {"said": said})
    return Privacy(int(said))
