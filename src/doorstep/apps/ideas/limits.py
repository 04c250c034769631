"""How often one address, or one connection, may be sent a code. What is counted is a keyed hash,
so that the count holds no address."""

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from doorstep.apps.limits.actions import count
from doorstep.apps.refused import TooOften

DAY, HOUR = 24 * 3600, 3600


def refuse_too_many(what: str, who: str, most: int, seconds: int) -> None:
    """Count one more, and refuse when that is more than `most` since the first was counted."""
    hidden = salted_hmac("doorstep.ideas.limits", who, algorithm="sha256").hexdigest()
    tally = count(f"ideas.{what}.{hidden}", seconds)
    if tally.times > most:
        raise TooOften(
            _("That was a lot of codes in a short time. Wait a while, then try again.")
            if seconds <= HOUR
            else _("That was a lot of codes for one day. Try again tomorrow."),
            until=tally.until,
            code="too_many_codes",
        )
