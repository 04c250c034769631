"""How many wrong codes may be tried: from one network address, and by everybody together.

Only wrong codes count, so a whole library may vote behind one address. Once everybody together has
tried too many, only those are refused who tried a wrong one themselves: nobody can keep others from
voting by guessing. An IPv6 address stands for its /64, which one subscriber holds. Counts live
in the counters cache; an address is kept there as a keyed hash, for a quarter of an hour.
"""

import hmac
import ipaddress

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule

_ADDRESS_SECONDS = 15 * 60
_ALL_SECONDS = 60


def _keys(address: str) -> list[tuple[str, int, int]]:
    """(cache key, seconds, how many) of each budget that a wrong code is charged to."""
    today = timezone.localdate()
    hidden = hmac.digest(settings.CODE_PEPPER.encode(), _network(address).encode(), "sha256").hex()[
        :32
    ]
    return [
        (
            f"voting.wrong.{hidden}",
            _ADDRESS_SECONDS,
            int(rule("voting.wrong_codes_an_address", today).value),
        ),
        ("voting.wrong.all", _ALL_SECONDS, int(rule("voting.wrong_codes_together", today).value)),
    ]


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


def refuse_over_budget(address: str) -> None:
    keys = _keys(address)
    guessed_here = bool(cache.get(keys[0][0], 0))
    for key, seconds, most in keys:
        if guessed_here and cache.get(key, 0) >= most:
            raise Refused(
                _(
                    "Too many wrong codes were typed from here. Nobody’s vote is lost. Wait "
                    "%(minutes)s minutes and try again, or ask at the desk."
                )
                % {"minutes": seconds // 60},
                code="too_many_wrong_codes",
            )


def charge(address: str) -> None:
    """Note one wrong code."""
    for key, seconds, _most in _keys(address):
        cache.add(key, 0, seconds)
        try:
            cache.incr(key)
        except ValueError:  # it ran out in between
            cache.set(key, 1, seconds)
