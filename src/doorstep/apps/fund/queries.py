"""Reads about a fund that pages and commands share."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Concat

from doorstep.apps.fund import accounts, rules
from doorstep.apps.fund.models import (
    Allocation,
    Arrival,
    AssetClass,
    DrawDown,
    Fund,
    Step,
    WaveShare,
)
from doorstep.apps.ledger.models import AccountBalance, Transfer
from doorstep.apps.ledger.queries import balances
from doorstep.apps.places.models import Place

# Entries that bring forgotten money into the pot.
RELEASES = ("fund.dormant_arrived", "fund.released")
# Entries that bring back to the fund what a place was given.
BACK = ("fund.given_back", "fund.term_ended")


@dataclass(frozen=True)
class ClassFigures:
    """One kind of money in: what came, what is kept back for owners, what could be given."""

    label: str
    arrived: int
    reserved: int

    @property
    def released(self) -> int:
        return self.arrived - self.reserved


def figures_by_class(fund: Fund) -> list[ClassFigures]:
    """Pence by asset class in the Acts' order, the match last; one SQL statement."""
    sums = {
        row["asset_class"]: row
        for row in fund.arrivals.filter(journal__reversal=None)
        .values("asset_class")
        .annotate(arrived=Sum("pence"), reserved=Sum("reserved_pence"))
    }
    labels = [(value, str(label)) for value, label in AssetClass.choices]
    labels.append(("", str(Arrival.Kind.MATCH.label)))
    return [
        ClassFigures(label, sums[value]["arrived"], sums[value]["reserved"])
        for value, label in labels
        if value in sums
    ]


def released_pence(fund: Fund) -> int:
    """What this fund keeps of the forgotten money that is not reserved, as the ledger has it."""
    pot = accounts.pot(fund.slug)
    matched = accounts.match_world(fund.slug)
    came = Transfer.objects.filter(
        credit__code=pot, journal__kind__in=RELEASES, journal__reversal=None
    )
    sums = came.exclude(debit__code=matched).aggregate(total=Sum("pence"))
    return int(sums["total"] or 0)


def backing(fund: Fund, asset_class: str) -> dict[str, int]:
    """What stands behind an owner of this class, in the order in which it is used: {account: held}.

    Its own reserve, the pot, what programmes have not promised, and the other reserves. What was
    promised to places is not touched. Two statements.
    """
    own = accounts.reserve(fund.slug, asset_class)
    programmes = fund.programmes.order_by("slug").values_list("slug", flat=True)
    codes = [
        own,
        accounts.pot(fund.slug),
        *(accounts.programme(fund.slug, slug) for slug in programmes),
        *(accounts.reserve(fund.slug, one) for one in AssetClass.values if one != asset_class),
    ]
    held = balances(codes)
    return {code: held.get(code, 0) for code in codes}


def matched_pence(fund: Fund) -> int:
    """Match money that arrived."""
    there = fund.arrivals.filter(kind=Arrival.Kind.MATCH, journal__reversal=None)
    sums = there.aggregate(total=Sum("pence"))
    return int(sums["total"] or 0)


@dataclass(frozen=True)
class FundMoney:
    """A fund's figures in pence, all from the ledger; arrived + returned is the other six, always.

    `given` counts what was promised over a term, too; `left` is neither kept back nor given yet.
    """

    arrived: int
    reserved: int
    reclaimed: int
    nations: int
    costs: int
    given: int
    returned: int
    left: int


def money_of(funds: Iterable[Fund]) -> dict[int, FundMoney]:
    """{fund: its figures}. Four statements, however many funds there are."""
    found = list(funds)
    held: dict[str, Counter[str]] = defaultdict(Counter)
    own = AccountBalance.objects.filter(account__fund__in=[one.slug for one in found])
    rows = own.exclude(account__code__startswith="place:").annotate(now=F("credits") - F("debits"))
    for fund, code, pence in rows.values_list("account__fund", "account__code", "now"):
        parts = code.split(":")
        held[fund][parts[2] if parts[0] == "world" else parts[1]] += pence
    arrived = _by_fund(Arrival.objects.filter(fund__in=found, journal__reversal=None))
    given = _by_fund(Allocation.objects.filter(fund__in=found, journal__reversal=None))
    back = Transfer.objects.filter(journal__kind__in=BACK, journal__reversal=None)
    returned = dict(back.values_list("credit__fund").annotate(pence=Sum("pence")))
    told = {}
    for one in found:
        now, came = held[one.slug], arrived.get(one.pk, 0)
        told[one.pk] = FundMoney(
            arrived=came,
            reserved=now["reserve"],
            # What came from outside and what stands there differ by what went back to its owners.
            reclaimed=came + now["dormant"] + now["match"],
            nations=now["nation"],
            costs=now["costs"],
            given=given.get(one.pk, 0),
            returned=int(returned.get(one.slug, 0)),
            left=now["pot"] + now["programme"] + now["wave"],
        )
    return told


def _by_fund(rows: QuerySet[Any]) -> dict[int, int]:
    return {pk: int(pence) for pk, pence in rows.values_list("fund").annotate(Sum("pence"))}


def allocations(fund: Fund) -> list[Allocation]:
    """What each place was given, largest first, with its place; one SQL statement."""
    return list(fund.allocations.select_related("place").order_by("-pence", "place__name", "pk"))


def allocation_of(place_id: int) -> Allocation | None:
    """The latest allocation to a place, of those that begin on one day the one made last; None when
    it has had none."""
    found = Allocation.objects.filter(place_id=place_id).select_related("fund", "place")
    return found.order_by("-begins_on", "-pk").first()


def to_come(allocation: Allocation) -> int:
    """What a place was promised over its term and has not drawn yet. One statement."""
    code = accounts.due(allocation.fund.slug, allocation.place.slug)
    return balances([code]).get(code, 0)


@dataclass(frozen=True)
class ShareStanding:
    """A share that is drawn over years, as it stands on a day; sums in pence."""

    share: WaveShare
    due: int
    drawn: int
    returned: int
    ended: bool

    @property
    def whole(self) -> int:
        return sum(self.share.yearly)

    @property
    def free(self) -> int:
        """What can be drawn now, with what was carried over."""
        return 0 if self.ended else self.due - self.drawn

    @property
    def to_come(self) -> int:
        return self.whole - self.drawn - self.returned


def shares_of(fund: Fund, on: date, place: Place | None = None) -> list[ShareStanding]:
    """Every share of a fund that is drawn over years, or those of one place. One statement."""
    shares = WaveShare.objects.filter(allocation__fund=fund).exclude(yearly=[])
    if place is not None:
        shares = shares.filter(allocation__place=place)
    drawn = DrawDown.objects.filter(share=OuterRef("pk"), journal__reversal=None).order_by()
    key = Concat(Value("term:"), Cast("allocation_id", CharField()))
    ended = Transfer.objects.filter(journal__idem_key=OuterRef("ending_key"))
    found = shares.annotate(
        ending_key=key,
        drawn_pence=Subquery(drawn.values("share").annotate(sum=Sum("pence")).values("sum")),
        ended_pence=Subquery(ended.values("pence")[:1]),
    )
    return [
        ShareStanding(
            one,
            rules.due_so_far(one.yearly, one.allocation.begins_on, on),
            int(one.drawn_pence or 0),
            int(one.ended_pence or 0),
            on > one.allocation.ends_on,
        )
        for one in found.select_related("allocation__place", "wave").order_by(
            "allocation__place__name", "-allocation__begins_on"
        )
    ]


def waiting_steps() -> QuerySet[Step]:
    """Steps that nobody has answered yet, the oldest first."""
    waits = Step.objects.filter(answer=None).select_related("fund", "words", "leaf")
    return waits.order_by("pk")
