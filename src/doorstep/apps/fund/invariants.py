"""What must always hold of a fund: what owners may reclaim is there, and so are all shares."""

from collections.abc import Iterator

from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from doorstep.apps.invariants import Fault, holds
from doorstep.apps.ledger.models import AccountBalance, Transfer
from doorstep.apps.ledger.queries import balances, place_money
from doorstep.apps.places.models import Place
from doorstep.apps.refused import Refused

from . import accounts
from .actions import decided_places
from .models import Allocation, Arrival, AssetClass, DecidedShare, Decision, Fund, Proposal, Wave
from .queries import BACK
from .verify import verify_fund
from .verify_deciding import verify_deciding

holds(
    "fund.told",
    _("Every arrival and every place’s share is what the record says, by the rules of its day."),
    lambda: Arrival.objects.count() + Allocation.objects.count(),
)(verify_fund)


@holds(
    "fund.reserve",
    _("What is kept for owners who come forward is there, and no more than was set aside."),
    lambda: Fund.objects.count() * len(AssetClass),
)
def reserves_are_whole() -> Iterator[Fault]:
    for fund in Fund.objects.order_by("pk"):
        for asset_class in AssetClass.values:
            code = accounts.reserve(fund.slug, asset_class)
            balance = AccountBalance.objects.filter(account__code=code).first()
            kept = Arrival.objects.filter(
                fund=fund, asset_class=asset_class, journal__reversal=None
            ).aggregate(pence=Sum("reserved_pence"))["pence"]
            if balance and not 0 <= balance.held <= (kept or 0):
                yield f"Account {code}", "it holds more than was ever kept for owners, or less."


@holds(
    "fund.shares",
    _("What a place was given is all there: to be drawn, paid, on its way, promised or left."),
    Place.objects.count,
)
def shares_are_whole() -> Iterator[Fault]:
    for place in Place.objects.order_by("pk"):
        given = (
            Allocation.objects.filter(place=place, journal__reversal=None).aggregate(
                pence=Sum("pence")
            )["pence"]
            or 0
        )
        money = place_money(place.slug)
        parts = (money.paid, money.on_its_way, money.promised, money.left) if money else (0,)
        if sum(parts) + _not_here(place) < given or min(parts) < 0:
            yield f"Place {place.slug}", "its money is less than the shares that it was given."


@holds(
    "fund.decisions",
    _(
        "Every decision’s shares come to its pot, and follow again from the figures and files "
        "that were frozen with it."
    ),
    lambda: Proposal.objects.count() + DecidedShare.objects.count(),
)
def decisions_stand() -> Iterator[Fault]:
    yield from verify_deciding()
    sums = Decision.objects.annotate(given=Sum("shares__pence"))
    for decision in sums.exclude(given=F("proposal__pot_pence")).select_related("proposal"):
        yield f"Decision on {decision.proposal.slug}", "its shares do not come to its pot."


@holds(
    "fund.waves",
    _("Every wave gives its places what was decided, all of it, over the years that were said."),
    Wave.objects.count,
)
def waves_are_kept() -> Iterator[Fault]:
    waves = Wave.objects.select_related("programme__fund", "decision__proposal")
    for wave in waves.prefetch_related("shares__allocation"):
        where = f"Wave {wave.slug} of {wave.programme.slug}"
        given = [one.allocation for one in wave.shares.all()]
        if sum(one.pence for one in given) != wave.pence:
            yield where, "its shares do not come to what it promised."
        if any(one.yearly and sum(one.yearly) != one.allocation.pence for one in wave.shares.all()):
            yield where, "the years of a share do not come to it."
        account = accounts.wave(wave.programme.fund.slug, f"{wave.programme.slug}-{wave.slug}")
        if sum(balances([account]).values()):
            yield where, "it still holds money that its places were promised."
        if wave.decision is not None and _other_sums(given, wave.decision):
            yield where, "a place was given another sum than was decided."


def _other_sums(given: list[Allocation], decision: Decision) -> bool:
    """Whether a decision's sums, or its places where each is joined to its area, are others."""
    decided = sorted(decision.shares.values_list("pence", flat=True))
    if decided != sorted(one.pence for one in given):
        return True
    try:
        places = {place.pk: pence for place, pence in decided_places(decision).items()}
    except Refused:
        return False  # an area is no place here any more: the sums are all that can be compared
    return places != {one.place_id: one.pence for one in given}


def _not_here(place: Place) -> int:
    """What of a place's shares is still to be drawn, or went back to the fund."""
    funds = Fund.objects.order_by("pk").values_list("slug", flat=True)
    due = [accounts.due(fund, place.slug) for fund in funds]
    back = Transfer.objects.filter(
        journal__kind__in=BACK,
        journal__reversal=None,
        debit__code__in=[accounts.available(place.slug), *due],
    ).aggregate(pence=Sum("pence"))["pence"]
    return sum(balances(due).values()) + int(back or 0)
