"""Reads about a fund that pages and commands share."""

from dataclasses import dataclass

from django.db.models import F, Sum

from doorstep.apps.fund.models import Allocation, Arrival, AssetClass, Fund


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
        for row in fund.arrivals.values("asset_class").annotate(
            arrived=Sum("pence"), reserved=Sum("reserved_pence")
        )
    }
    labels = [(value, str(label)) for value, label in AssetClass.choices]
    labels.append(("", str(Arrival.Kind.MATCH.label)))
    return [
        ClassFigures(label, sums[value]["arrived"], sums[value]["reserved"])
        for value, label in labels
        if value in sums
    ]


def released_pence(fund: Fund) -> int:
    """Forgotten money that arrived and is not reserved."""
    released = F("pence") - F("reserved_pence")
    sums = fund.arrivals.filter(kind=Arrival.Kind.DORMANT).aggregate(total=Sum(released))
    return int(sums["total"] or 0)


def matched_pence(fund: Fund) -> int:
    """Match money that arrived."""
    sums = fund.arrivals.filter(kind=Arrival.Kind.MATCH).aggregate(total=Sum("pence"))
    return int(sums["total"] or 0)


def allocations(fund: Fund) -> list[Allocation]:
    """What each place was given, largest first, with its place; one SQL statement."""
    return list(fund.allocations.select_related("place").order_by("-pence", "place__name"))


def allocation_of(place_id: int) -> Allocation | None:
    """The latest allocation to a place, or None when it has had none."""
    found = Allocation.objects.filter(place_id=place_id).select_related("fund")
    return found.order_by("-begins_on").first()
