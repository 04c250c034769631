"""How many wrong codes may be tried: from one network address, and by everybody together.

Only wrong codes count, so a whole library may vote behind one address. Once everybody together has
tried too many, only those are refused who tried a wrong one themselves: nobody can keep others from
voting by guessing. An address is kept as a keyed hash, for a quarter
of an hour from its first wrong code.
"""

import time

from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.limits.actions import QUARTER, Tally, count, mark_of, tally_of
from doorstep.apps.refused import TooOften
from doorstep.engine.rulebook import rule

_ALL_SECONDS = 60
_ALL = "voting.wrong.all"


def _key(address: str) -> str:
    return f"voting.wrong.{mark_of(address)}"


def _most(key: str) -> int:
    return int(rule(key, timezone.localdate()).value)


def refuse_over_budget(address: str) -> None:
    """Asked before the slow hash, and again when it fits: others may have guessed meanwhile."""
    here = tally_of(_key(address))
    if here is None:
        return
    if here.times >= _most("voting.wrong_codes_an_address"):
        raise _too_many(here)
    together = tally_of(_ALL)
    if together and together.times >= _most("voting.wrong_codes_together"):
        raise _too_many(together)


def charge(address: str) -> None:
    """Note one wrong code. Refuses one too many, as if it had not been looked at: of a hundred
    guesses at one moment, no more are answered than of a hundred in turn."""
    here = count(_key(address), QUARTER)
    together = count(_ALL, _ALL_SECONDS)
    if here.times > _most("voting.wrong_codes_an_address"):
        raise _too_many(here)
    if here.times > 1 and together.times > _most("voting.wrong_codes_together"):
        raise _too_many(together)


def _too_many(tally: Tally) -> TooOften:
    return TooOften(
        _(
            "Too many wrong codes were typed from here. Nobody’s vote is lost. Wait "
            "%(minutes)s minutes and try again, or ask at the desk."
        )
        % {"minutes": max(1, -(-(tally.until - int(time.time())) // 60))},
        until=tally.until,
        code="too_many_wrong_codes",
    )
