"""The whole way of a fund's money as streams between posts, read from the ledger alone.

An entry's line becomes a stream between two posts by what its accounts are; money that goes back
(to an owner, or from a place) gets posts of its own, so that no stream runs in a circle.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.fund import accounts
from doorstep.apps.fund.models import AssetClass, Fund
from doorstep.apps.ledger.models import Transfer
from doorstep.apps.ledger.telling import names_in

MOST_PLACES = 12
ENTRIES_SHOWN = 100

# What a post is called, and in a picture with little room.
NAMES: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "dormant-bank": (AssetClass.BANK.label, gettext_lazy("Bank accounts")),
    "dormant-insurance": (AssetClass.INSURANCE.label, gettext_lazy("Insurance")),
    "dormant-investment": (AssetClass.INVESTMENT.label, gettext_lazy("Funds")),
    "dormant-securities": (AssetClass.SECURITIES.label, gettext_lazy("Shares")),
    "match": (gettext_lazy("Match"), gettext_lazy("Match")),
    "reserve": (gettext_lazy("Kept for owners"), gettext_lazy("For owners")),
    "owners": (gettext_lazy("Owners who came forward"), gettext_lazy("Owners")),
    "released": (gettext_lazy("Released"), gettext_lazy("Released")),
    "nations": (gettext_lazy("Scotland, Wales and Northern Ireland"), gettext_lazy("Nations")),
    "pot": (gettext_lazy("The fund’s pot"), gettext_lazy("Pot")),
    "costs": (gettext_lazy("Running the fund"), gettext_lazy("Costs")),
    "host_fees": (gettext_lazy("Fees for holding places’ money"), gettext_lazy("Fees")),
    "back": (gettext_lazy("Given back by places"), gettext_lazy("Given back")),
    "left": (gettext_lazy("Not yet given"), gettext_lazy("Left")),
    "places": (gettext_lazy("Other places"), gettext_lazy("Other places")),
}

# Whether a line belongs to an entry that takes another back.
_BACK = ExpressionWrapper(Q(journal__reverses__isnull=False), output_field=BooleanField())


class Walked(NamedTuple):
    """A stream of pence from one post to another, both by their keys."""

    source: str
    target: str
    pence: int


def streams(fund: Fund) -> list[Walked]:
    """Every stream of a fund's money, in the order of its walk. One statement."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    rows = _crossings(fund).values_list("debit__code", "credit__code", _BACK)
    for debit, credit, reverses, pence in rows.annotate(n=Sum("pence")):
        one, other, sign = _walked(debit, credit, reverses)
        sums[one, other] += sign * pence
    found = [Walked(one, other, pence) for (one, other), pence in sums.items() if pence > 0]
    found.sort(key=lambda stream: (_order(stream.source), _order(stream.target), stream.target))
    return _with_the_rest(_gathered(found))


def entries(fund: Fund, source: str, target: str) -> list[Transfer]:
    """The newest lines of one stream, newest first."""
    pairs = {
        (debit, credit)
        for debit, credit, reverses in _crossings(fund)
        .values_list("debit__code", "credit__code", _BACK)
        .distinct()
        if _walked(debit, credit, reverses)[:2] == (source, target)
    }
    if not pairs:
        return []
    either = Q()
    for debit, credit in pairs:
        either |= Q(debit__code=debit, credit__code=credit)
    found = _crossings(fund).filter(either).select_related("journal", "debit", "credit")
    return list(found.order_by("-pk")[:ENTRIES_SHOWN])


def called(fund: Fund, keys: Iterable[str]) -> dict[str, tuple[str, str]]:
    """{key: (its name, its name where there is little room)}. Three statements at most."""
    wanted = set(keys)
    places = names_in(
        [f"place:{one.split('-', 1)[1]}:available" for one in wanted if one.startswith("place-")],
        ("place",),
    )["place"]
    programmes = dict(fund.programmes.values_list("slug", "name"))
    told = {}
    for key in wanted:
        kind, _dash, rest = key.partition("-")
        if key in NAMES:
            long, short = NAMES[key]
            told[key] = (str(long), str(short))
        elif kind == "place":
            told[key] = (places.get(rest, rest), places.get(rest, rest))
        elif kind == "programme":
            told[key] = (programmes.get(rest, rest), programmes.get(rest, rest))
        else:
            told[key] = (_wave(rest, programmes), _("Wave"))
    return told


def _wave(key: str, programmes: dict[str, str]) -> str:
    """The account of a wave is called after its programme and itself, with a dash between."""
    own = [slug for slug in programmes if key.startswith(f"{slug}-")]
    if not own:
        return key
    programme = max(own, key=len)
    name = key.removeprefix(f"{programme}-")
    return _("%(programme)s, wave %(name)s") % {"programme": programmes[programme], "name": name}


def _crossings(fund: Fund) -> QuerySet[Transfer]:
    """Lines that carry the money from post to post; what happens inside a place is its own."""
    pot = accounts.pot(fund.slug)
    inside = Q(debit__code__startswith="place:") & ~Q(credit__code=pot)
    inside &= ~Q(journal__reverses__kind="fund.drawn_down")
    paid = Q(debit__code__startswith=f"world:{fund.slug}:paid:")
    return Transfer.objects.filter(debit__fund=fund.slug).exclude(inside | paid)


def _walked(debit: str, credit: str, reverses: bool) -> tuple[str, str, int]:
    """The two posts of a line, and whether it adds to what went between them or takes from it."""
    if not reverses:
        return _posts(debit, credit)
    one, other, sign = _posts(credit, debit)
    return one, other, -sign


def _posts(debit: str, credit: str) -> tuple[str, str, int]:
    """The two posts of a line, and 1; or those of the line that it takes back, and -1."""
    if credit.startswith("world:") and ":dormant:" in credit:
        return _post(debit), "owners", 1
    one, other = _post(debit), _post(credit)
    if one.startswith("place-"):
        return ("back", "pot", 1) if other == "pot" else (other, one, -1)
    if _order(one) > _order(other) and other not in ("costs", "nations"):
        return other, one, -1
    return one, other, 1


def _post(code: str) -> str:
    """The post that an account belongs to."""
    parts = code.split(":")
    if parts[0] == "world":
        word = parts[2]
        if word == "dormant":
            return f"dormant-{parts[3]}"
        return "nations" if word == "nation" else word
    if parts[0] == "place":
        return f"place-{parts[1]}"
    if parts[1] == "due":
        return f"place-{parts[2]}"
    return parts[1] if len(parts) == 2 or parts[1] == "reserve" else f"{parts[1]}-{parts[2]}"


_WALK = (
    "dormant-bank", "dormant-insurance", "dormant-investment", "dormant-securities", "match",
    "back", "reserve", "released", "pot", "programme", "wave", "place", "left", "places",
    "costs", "host_fees", "nations", "owners",
)  # fmt: skip


def _order(key: str) -> int:
    return _WALK.index(key if key in _WALK else key.partition("-")[0])


def _gathered(found: list[Walked]) -> list[Walked]:
    """Of very many places the largest by name, and the others together."""
    given: dict[str, int] = defaultdict(int)
    for one in found:
        if one.target.startswith("place-"):
            given[one.target] += one.pence
    if len(given) <= MOST_PLACES:
        return found
    shown = set(sorted(given, key=lambda key: (-given[key], key))[: MOST_PLACES - 1])
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for one in found:
        small = one.target.startswith("place-") and one.target not in shown
        sums[one.source, "places" if small else one.target] += one.pence
    return [Walked(source, target, pence) for (source, target), pence in sums.items()]


def _with_the_rest(found: list[Walked]) -> list[Walked]:
    """What the pot and the programmes still hold, as a stream of its own."""
    held: dict[str, int] = defaultdict(int)
    for one in found:
        held[one.target] += one.pence
        held[one.source] -= one.pence
    return found + [
        Walked(key, "left", pence)
        for key, pence in held.items()
        if pence > 0 and (key == "pot" or key.startswith("programme-"))
    ]
