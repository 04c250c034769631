"""Which organisation holds what of a place's money, from what was confirmed and what was paid."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet, Sum

from doorstep.apps.awards.models import (
    CloseOut,
    Funding,
    Move,
    MoveKind,
    MoveState,
    PaidFrom,
    Part,
    PaymentState,
    SpendReport,
)
from doorstep.apps.fund import accounts
from doorstep.apps.fund.models import Fund
from doorstep.apps.ledger.models import Journal
from doorstep.apps.ledger.queries import balances, place_money
from doorstep.apps.places.models import Place
from doorstep.apps.rows import row, together

CAME_BACK = "payment.came_back"


@dataclass
class Held:
    """What one agreement was paid, sent back, passed on and paid out, in pence. What is said to
    leave counts as gone at once; what is said to come counts once it is confirmed."""

    funding: Funding
    replaced: bool = False  # another took over, and what was still to come is that one's
    released: int = 0
    returned: int = 0
    fees: int = 0
    came: int = 0
    passed_on: int = 0
    paid: int = 0
    in_flight: int = 0
    back: int = 0
    parts: list[Part] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    reports: list[SpendReport] = field(default_factory=list)

    @property
    def free(self) -> int:
        """In its account, and not on its way to anybody."""
        came = self.released + self.came + self.back
        return came - self.returned - self.passed_on - self.paid - self.in_flight

    @property
    def spent(self) -> int:
        return self.paid - self.back

    @property
    def to_come(self) -> list[Part]:
        """Parts that are not paid to it yet, nor ever will be once another took over, or once the
        draft was withdrawn."""
        if self.replaced or self.withdrawn:
            return []
        return [one for one in self.parts if one.pk not in self.done]

    @property
    def done(self) -> dict[int, Move]:
        """{part: its release that was not declined}."""
        return {
            one.part_id: one
            for one in self.moves
            if one.part_id is not None and one.state != MoveState.DECLINED
        }

    @property
    def dropped(self) -> set[int]:
        """Bridging parts that the fund said no to."""
        declined = {
            one.part_id
            for one in self.moves
            if one.part_id and one.state == MoveState.DECLINED and one.part and one.part.bridging
        }
        return {pk for pk in declined if pk not in self.done}

    @property
    def open_parts(self) -> list[Part]:
        return [one for one in self.to_come if one.pk not in self.dropped]

    @property
    def waiting(self) -> list[Move]:
        return [one for one in self.moves if one.state == MoveState.WAITING]

    @property
    def withdrawn(self) -> bool:
        return self.funding.withdrawn_id is not None

    @property
    def is_draft(self) -> bool:
        return self.funding.accepted_id is None and not self.withdrawn

    @property
    def stands(self) -> bool:
        return self.funding.accepted_id is not None and not self.replaced


def fundings(place: Place) -> QuerySet[Funding]:
    here = Funding.objects.filter(host__partnership__place=place)
    return here.select_related(
        "host__organisation", "host__partnership__place__close_out__begun",
        "host__partnership__place__close_out__closed", "fund", "drafted", "accepted",
        "takes_over__host__organisation",
    ).order_by("pk")  # fmt: skip


def held(place: Place) -> dict[int, Held]:
    """{agreement: what it holds} of a place, in the order they were made. Five statements."""
    made = list(fundings(place))
    replaced = {one.takes_over_id for one in made if one.accepted_id is not None}
    found = {one.pk: Held(one, one.pk in replaced) for one in made}
    if not found:
        return found
    for part in Part.objects.filter(funding__in=found).select_related("why", "leaf"):
        found[part.funding_id].parts.append(part)
    reports = SpendReport.objects.filter(funding__in=found).select_related("words", "leaf")
    for report in reports:
        found[report.funding_id].reports.append(report)
    moves = Move.objects.filter(funding__in=found).select_related(
        "part", "report", "reason", "said", "ended", "to__host__organisation"
    )
    for move in moves:
        _count(found, move)
    _paid(found, place)
    return found


def _count(found: dict[int, Held], move: Move) -> None:
    one = found[move.funding_id]
    one.moves.append(move)
    if move.state == MoveState.DECLINED:
        return
    confirmed = move.state == MoveState.CONFIRMED
    if move.kind == MoveKind.RELEASED and confirmed:
        one.released += move.pence
        one.fees += move.fee_pence
    if move.kind == MoveKind.RETURNED:
        one.returned += move.pence
        one.fees -= move.fee_pence if confirmed else 0
    if move.kind == MoveKind.PASSED_ON:
        one.passed_on += move.pence
        if confirmed and move.to_id in found:
            found[move.to_id].came += move.pence


def _paid(found: dict[int, Held], place: Place) -> None:
    """What payments from each agreement did to it, and what came back to the place of them; one
    statement."""
    home = accounts.available(place.slug)
    back = Journal.objects.filter(kind=CAME_BACK, reversal=None, transfers__credit__code=home)
    asked = {
        "left": row(
            PaidFrom.objects.filter(funding__in=found), funding="funding",
            slug="payment__slug", state="payment__state", pence="payment__pence",
        ),
        "back": row(back, key="idem_key"),
    }  # fmt: skip
    whose: dict[str, tuple[int, int]] = {}
    came_back = []
    for what, one in together(asked):
        if what == "back":
            came_back.append(one["key"].partition("payment:")[2].partition(":")[0])
            continue
        pk, pence = one["funding"], one["pence"]
        whose[one["slug"]] = (pk, pence)
        if one["state"] == PaymentState.RELEASED:
            found[pk].in_flight += pence
        elif one["state"] == PaymentState.CLEARED:
            found[pk].paid += pence
    for slug in came_back:
        if slug in whose:
            pk, pence = whose[slug]
            found[pk].back += pence


def closing_of(place: Place, standing: Collection[Held]) -> CloseOut | None:
    """How far a place's funding has come to its end, read with its agreements."""
    if not standing:
        return CloseOut.objects.filter(place=place).select_related("begun", "closed").first()
    there = next(iter(standing)).funding.host.partnership.place
    return getattr(there, "close_out", None)


def share_of(place: Place) -> int:
    """What a place was given in all: what came to it, and what of its term it has not drawn yet."""
    money = place_money(place.slug)
    funds = Fund.objects.order_by("pk").values_list("slug", flat=True)
    undrawn = balances([accounts.due(fund, place.slug) for fund in funds])
    return (money.came_in if money else 0) + sum(undrawn.values())


def net_of(place: Place) -> int:
    """What the fund has paid to a place's organisations, less what came back."""
    moves = Move.objects.filter(funding__host__partnership__place=place, state=MoveState.CONFIRMED)
    sums = moves.aggregate(
        out=Sum("pence", filter=Q(kind=MoveKind.RELEASED)),
        back=Sum("pence", filter=Q(kind=MoveKind.RETURNED)),
    )
    return int(sums["out"] or 0) - int(sums["back"] or 0)


def payer_of(place: Place, pence: int, on: date) -> Funding | None:
    """The organisation that a payment of so much leaves from: the first that hosts the place that
    day, has a standing agreement and holds enough. None where none does."""
    for one in held(place).values():
        host = one.funding.host
        holds = host.since <= on and (host.until is None or on < host.until)
        if one.stands and holds and one.free >= pence:
            return one.funding
    return None


def is_funded(place: Place) -> bool:
    """Whether anybody holds this place's money by an accepted agreement."""
    return Funding.objects.filter(
        host__partnership__place=place, accepted__isnull=False
    ).exists()  # fmt: skip
