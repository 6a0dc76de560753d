"""How much one visitor, or one place, may do: stores that fill again with time, counted for all processes together."""

import ipaddress
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from threadline.accounts.models import Allowance
from threadline.lib.jobs import job, periodic

KEPT = timedelta(days=1)
NOWHERE = "0.0.0.0"  # requests that carry no source


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` at once, then `a_minute`. Cost: one statement; the refused ones write nothing."""

    name: str
    burst: int
    a_minute: float

    def allows(self, key: str) -> bool:
        full, a_second = float(self.burst), self.a_minute / 60
        with connection.cursor() as cursor:
            cursor.execute(TAKE, {"key": f"{self.name} {key}"[:120], "full": full, "rate": a_second})
            return cursor.fetchone() is not None


_FILLED = "least(%(full)s::float8, had.left + extract(epoch from clock_timestamp() - had.at) * %(rate)s::float8)"
TAKE = f"""
    insert into {Allowance._meta.db_table} as had (key, "left", at)
    values (%(key)s, %(full)s::float8 - 1, clock_timestamp())
    on conflict (key) do update set "left" = {_FILLED} - 1, at = clock_timestamp() where {_FILLED} >= 1
    returning key
"""


def place(source: str) -> str:
    """What one person has: an IPv4 address, or all of one IPv6 line (/64). What is none counts as one place."""
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return NOWHERE
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


@periodic(cron="23 4 * * *")
@job(queueing_lock="forget_allowances")
def forget_allowances(timestamp: int = 0) -> None:
    """A store that nobody touched for a day is full again. Safe to run twice."""
    Allowance.objects.filter(at__lt=timezone.now() - KEPT).delete()
