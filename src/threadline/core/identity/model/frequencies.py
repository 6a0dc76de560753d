"""How common a value is: two people who share a rare name are sooner one person than two who share a common one."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Shares of values by column.

    Args:
        tables: column -> value -> share of the records that have it, in 0..1.
        unseen: column -> the share to take for a value that is not in the table; without one, no adjustment is made.
    """

    tables: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    unseen: Mapping[str, float] = field(default_factory=dict)

    def of(self, column: str, value: object) -> float | None:
        if value is None:
            return None
        return self.tables.get(column, {}).get(str(value), self.unseen.get(column))


NO_FREQUENCIES = Frequencies()
