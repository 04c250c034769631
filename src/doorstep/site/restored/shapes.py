"""What a leaf must say for pages to be made of it.

That a log is whole and signed says nothing of this: whoever signs a log of their own writes into
its leaves what they like, the name of a folder as well as the age of a place.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from doorstep.apps.places.rules import is_slug
from doorstep.apps.refused import Refused
from doorstep.engine.seal.alone.plain import is_whole, told

Says = dict[str, Any]
LONGEST_SLUG = 80  # of any room's
STEPS = ("frozen", "closed", "counted", "decided", "settled", "called_off")


def _is_address(value: object) -> bool:
    return isinstance(value, str) and is_slug(value, LONGEST_SLUG)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_moment(value: object) -> bool:
    try:
        timezone.localtime(datetime.fromisoformat(str(value)))
    except (ValueError, OverflowError):  # no time of day, of no zone, or before the year 1 here
        return False
    return True


# Of each kind of leaf that pages are made of: what it must say. An address names a page.
_NEEDED: dict[str, dict[str, Callable[[object], bool]]] = {
    "place.opened": {
        "place": _is_address, "name": _is_text, "council": _is_text, "population": is_whole,
    },
    "fund.opened": {"fund": _is_text, "name": _is_text},
    "organisation.opened": {"organisation": _is_text, "name": _is_text},
    "award.made": {"award": _is_text, "place": _is_text, "pence": is_whole},
    "payment.raised": {"payment": _is_text, "award": _is_text},
    **{f"round.{step}": {"round": _is_address} for step in STEPS},
    "round.frozen": {"round": _is_address, "place": _is_address},
}  # fmt: skip


def refuse_unreadable(leaves: Sequence[Says]) -> None:
    """Raises Refused for the first leaf that no page can be made of."""
    if not leaves:
        raise Refused(
            "The record in this bundle has no leaf yet, so there is nothing to make pages of.",
            code="bundle-empty",
        )
    for number, says in enumerate(leaves):
        for name in _faults(says):
            said = told(says[name])[:90] if name in says else "nothing"
            raise Refused(
                f"Leaf {number} ({says['kind'][:90]}) says “{said}” under “{name}”, and no page "
                "can be made of that. Doorstep writes no such leaf: ask whoever gave you the "
                "bundle. Nothing was written.",
                code="bundle-leaf",
            )


def _faults(says: Says) -> Iterator[str]:
    for name, is_right in {**_NEEDED.get(says["kind"], {}), "time": _is_moment}.items():
        if not is_right(says.get(name)):
            yield name
