"""How many wrong codes may be tried: from one network address, and by everybody together.

Only wrong codes count, so a whole library may vote behind one address. Once everybody together has
tried too many, only those are refused who tried a wrong one themselves: nobody can keep others from
voting by guessing. An IPv6 address stands for its /64, which one subscriber holds. An address is
kept as a keyed hash, for a quarter of an hour from its first wrong code.
"""

import hmac
import ipaddress

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.limits.actions import count_one, counted
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule

_ADDRESS_SECONDS = 15 * 60
_ALL_SECONDS = 60
_ALL = "voting.wrong.all"


def _key(address: str) -> str:
    hidden = hmac.digest(settings.CODE_PEPPER.encode(), _network(address).encode(), "sha256")
    return f"voting.wrong.{hidden.hex()[:32]}"


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:  # whoever keys papers is charged by their account
        return address
    if parsed.version == 4:
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(parsed) >> 64 << 64, 64)))


def _most(key: str) -> int:
    return int(rule(key, timezone.localdate()).value)


def refuse_over_budget(address: str) -> None:
    """Asked before the slow hash, and again when it fits: others may have guessed meanwhile."""
    here = counted(_key(address))
    if here >= _most("voting.wrong_codes_an_address"):
        raise _too_many(_ADDRESS_SECONDS)
    if here and counted(_ALL) >= _most("voting.wrong_codes_together"):
        raise _too_many(_ALL_SECONDS)


def charge(address: str) -> None:
    """Note one wrong code. Refuses one too many, as if it had not been looked at: of a hundred
    guesses at one moment, no more are answered than of a hundred in turn."""
    here = count_one(_key(address), _ADDRESS_SECONDS)
    together = count_one(_ALL, _ALL_SECONDS)
    if here > _most("voting.wrong_codes_an_address"):
        raise _too_many(_ADDRESS_SECONDS)
    if here > 1 and together > _most("voting.wrong_codes_together"):
        raise _too_many(_ALL_SECONDS)


def _too_many(seconds: int) -> Refused:
    return Refused(
        _(
            "Too many wrong codes were typed from here. Nobody’s vote is lost. Wait "
            "%(minutes)s minutes and try again, or ask at the desk."
        )
        % {"minutes": seconds // 60},
        code="too_many_wrong_codes",
    )
