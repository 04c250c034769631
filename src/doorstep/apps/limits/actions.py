"""Count tries, exactly, however many come at one moment; and forget them in time."""

import math
import time
from datetime import timedelta

from django.db import connection, transaction

from doorstep.apps.chores import chore
from doorstep.apps.limits.models import Count

# One statement, so that two counts at one moment are two on either database. A count that ran out
# begins anew.
_ONE_MORE = """
    INSERT INTO limits_count (key, times, until) VALUES (%(key)s, 1, %(until)s)
    ON CONFLICT (key) DO UPDATE SET
        times = CASE WHEN limits_count.until <= %(now)s THEN 1 ELSE limits_count.times + 1 END,
        until = CASE WHEN limits_count.until <= %(now)s THEN excluded.until
                ELSE limits_count.until END
    RETURNING times
"""


def count_one(key: str, seconds: int) -> int:
    """Count one more, for `seconds` from the first; how many it is now, this one among them.

    In a transaction of its own: inside another, a refusal would take the count back.
    """
    now = math.floor(time.time())
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_ONE_MORE, {"key": key, "now": now, "until": now + seconds})
        [times] = cursor.fetchone()
    return int(times)


def counted(key: str) -> int:
    """How many were counted, of those that are not over."""
    alive = Count.objects.filter(key=key, until__gt=math.floor(time.time()))
    return alive.values_list("times", flat=True).first() or 0


@chore(every=timedelta(minutes=1))
def forget_what_is_over() -> None:
    Count.objects.filter(until__lte=math.floor(time.time())).delete()
