"""Count tries, exactly, however many come at one moment; and forget them in time."""

import hmac
import ipaddress
import math
import time
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction

from doorstep.apps.chores import chore
from doorstep.apps.limits.models import Count

# One statement, so that two counts at one moment are two on either database. A count that ran out
# begins anew.
_ONE_MORE = """
    INSERT INTO limits_count (key, times, until) VALUES (%(key)s, %(by)s, %(until)s)
    ON CONFLICT (key) DO UPDATE SET
        times = CASE WHEN limits_count.until <= %(now)s THEN excluded.times
                ELSE limits_count.times + excluded.times END,
        until = CASE WHEN limits_count.until <= %(now)s THEN excluded.until
                ELSE limits_count.until END
    RETURNING times, until
"""
QUARTER = 15 * 60  # seconds that a limit looks back, and that a mark of a connection is kept


@dataclass(frozen=True)
class Tally:
    """How often something was counted, and until when (seconds since 1970) it stays counted."""

    times: int
    until: int


def count(key: str, seconds: int, by: int = 1) -> Tally:
    """Count `by` more, for `seconds` from the first; how many it is now, these among them.

    In a transaction of its own: inside another, a refusal would take the count back.
    """
    now = math.floor(time.time())
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_ONE_MORE, {"key": key, "by": by, "now": now, "until": now + seconds})
        times, until = cursor.fetchone()
    return Tally(int(times), int(until))


def count_one(key: str, seconds: int) -> int:
    """Count one more; how many it is now."""
    return count(key, seconds).times


def tally_of(key: str) -> Tally | None:
    """What was counted and is not over, without counting."""
    alive = Count.objects.filter(key=key, until__gt=math.floor(time.time()))
    found = alive.values_list("times", "until").first()
    return Tally(*found) if found else None


def mark_of(connection_address: str) -> str:
    """What a network address is counted under: a keyed hash, so that a count names nobody."""
    network = _network(connection_address).encode()
    return hmac.digest(settings.CODE_PEPPER.encode(), network, "sha256").hex()[:32]


def _network(address: str) -> str:
    """An IPv6 address stands for its /64, which one subscriber holds."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:  # whoever keys papers is charged by their account
        return address
    if parsed.version == 4:
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(parsed) >> 64 << 64, 64)))


def counted(key: str) -> int:
    """How many were counted, of those that are not over."""
    found = tally_of(key)
    return found.times if found else 0


@chore(every=timedelta(minutes=1))
def forget_what_is_over() -> None:
    Count.objects.filter(until__lte=math.floor(time.time())).delete()
