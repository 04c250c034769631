"""Money: funds, what arrived, what places were given, accounts, and every line of the ledger."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_noop
from ninja import Field, Router

from doorstep.apps.fund.models import Allocation, Arrival, AssetClass, Fund
from doorstep.apps.fund.queries import money_of
from doorstep.apps.ledger.models import Account, Guard
from doorstep.apps.ledger.queries import Entry, entries_from, money_by_place, place_prefix
from doorstep.apps.ledger.rules import is_example
from doorstep.apps.ledger.telling import account_words, kind_words, names_in
from doorstep.apps.places.models import Place

from .links import page
from .listing import Piece, Row, lists, of_fund, of_place
from .places import MoneyFigures, figures

router = Router(tags=["money"])


class Direction(StrEnum):
    """Which way money went, seen from what was asked about: a place, or else the fund."""

    IN = "in"
    OUT = "out"
    WITHIN = "within"


class Side(StrEnum):
    """On which side an account's balance stands. Accounts of the outside world stand in debit:
    that is where money comes from."""

    CREDIT = "credit"
    DEBIT = "debit"


class FundRow(Row):
    fund: str = Field(description="Its id; it never changes.")
    name: str
    arrived_pence: int
    reserved_pence: int = Field(description="Kept back, now, for owners who come forward.")
    reclaimed_pence: int = Field(description="Paid back to owners who came forward.")
    nations_pence: int = Field(description="The other nations' part of what was released.")
    costs_pence: int = Field(description="Paid for running the fund.")
    given_pence: int = Field(description="Given to places, over their whole term.")
    returned_pence: int = Field(description="What places gave back, or had not drawn at the end.")
    left_pence: int = Field(
        description="Neither kept back nor given yet: what arrived and was returned, "
        "less the other figures."
    )


class ArrivalRow(Row):
    fund: str
    kind: Arrival.Kind
    asset_class: AssetClass | None = Field(description="null for match money.")
    pence: int
    reserved_pence: int
    arrived_on: date
    entry: int = Field(description="Its entry in the ledger.")
    leaf: int = Field(description="Its line in the public record.")


class AllocationRow(Row):
    fund: str
    place: str
    pence: int
    begins_on: date
    ends_on: date
    entry: int
    leaf: int = Field(description="The decision's line in the public record.")


class NamedPlace(Row):
    place: str
    name: str


class PlaceMoneyRow(MoneyFigures, NamedPlace):
    """Where the money of one place stands."""


class AccountRow(Row):
    account: str
    name: str = Field(description="What the account is called, in words.")
    fund: str
    guard: Guard = Field(description="Which side may never go below nothing.")
    debits_pence: int
    credits_pence: int
    balance_pence: int = Field(description="Never negative: direction says on which side.")
    direction: Side
    is_example: bool
    leaf: int = Field(description="The line in the public record that opened it.")


class EntryRow(Row):
    entry: int = Field(description="Lines of one entry happened together.")
    effective_on: date
    kind: str
    kind_in_words: str
    from_account: str
    to_account: str
    pence: int
    direction: Direction
    reverses: int | None = Field(description="The entry that this one takes back.")
    reversed_by: int | None
    is_example: bool = Field(description="Whether this is pretend money.")
    leaf: int
    page: str


@lists(router, "/funds", FundRow, gettext_noop("Funds"))
def funds(piece: Piece) -> list[FundRow]:
    """What arrived, what is kept back for owners, what was given to places, and what is left."""
    found = list(Fund.objects.filter(pk__gte=piece.start).order_by("pk")[: piece.limit])
    told = money_of(found)
    return [
        FundRow(
            sequence=fund.pk,
            fund=fund.slug,
            name=fund.name,
            arrived_pence=told[fund.pk].arrived,
            reserved_pence=told[fund.pk].reserved,
            reclaimed_pence=told[fund.pk].reclaimed,
            nations_pence=told[fund.pk].nations,
            costs_pence=told[fund.pk].costs,
            given_pence=told[fund.pk].given,
            returned_pence=told[fund.pk].returned,
            left_pence=told[fund.pk].left,
        )
        for fund in found
    ]


@lists(router, "/arrivals", ArrivalRow, gettext_noop("Money that arrived"))
def arrivals(piece: Piece, fund: str = of_fund()) -> list[ArrivalRow]:
    """Forgotten money by its class, and money that matches it. Who gave it is not said here."""
    found = Arrival.objects.filter(pk__gte=piece.start).order_by("pk")
    if fund:
        found = found.filter(fund__slug=fund)
    return [
        ArrivalRow(
            sequence=one.pk,
            fund=one.fund.slug,
            kind=Arrival.Kind(one.kind),
            asset_class=AssetClass(one.asset_class) if one.asset_class else None,
            pence=one.pence,
            reserved_pence=one.reserved_pence,
            arrived_on=one.arrived_on,
            entry=one.journal.seq,
            leaf=one.journal.leaf.idx,
        )
        for one in found.select_related("fund", "journal__leaf")[: piece.limit]
    ]


@lists(router, "/allocations", AllocationRow, gettext_noop("What places were given"))
def allocations(
    piece: Piece, fund: str = of_fund(), place: str = of_place()
) -> list[AllocationRow]:
    """A place's share of a fund, from when until when."""
    found = Allocation.objects.filter(pk__gte=piece.start).order_by("pk")
    if fund:
        found = found.filter(fund__slug=fund)
    if place:
        found = found.filter(place__slug=place)
    return [
        AllocationRow(
            sequence=one.pk,
            fund=one.fund.slug,
            place=one.place.slug,
            pence=one.pence,
            begins_on=one.begins_on,
            ends_on=one.ends_on,
            entry=one.journal_id,
            leaf=one.decision.idx,
        )
        for one in found.select_related("fund", "place", "decision")[: piece.limit]
    ]


@lists(router, "/money", PlaceMoneyRow, gettext_noop("Money by place"))
def money(piece: Piece) -> list[PlaceMoneyRow]:
    """Of every place that was given money: what came in, and where it stands. No pretend money."""
    found = Place.objects.filter(pk__gte=piece.start).order_by("pk")
    stands = money_by_place()
    given = [one for one in found.iterator() if one.slug in stands][: piece.limit]
    return [
        PlaceMoneyRow(
            sequence=one.pk,
            place=one.slug,
            name=one.name,
            **figures(stands[one.slug]).model_dump(),
        )
        for one in given
    ]


@lists(router, "/accounts", AccountRow, gettext_noop("Accounts and their balances"))
def accounts(piece: Piece, fund: str = of_fund(), place: str = of_place()) -> list[AccountRow]:
    """Where money stands. What a place has paid stands outside it, in accounts that name it."""
    found = Account.objects.filter(pk__gte=piece.start).order_by("pk")
    if fund:
        found = found.filter(fund=fund)
    if place:
        found = found.filter(_of_place(place))
    rows = list(
        found.values_list(
            "pk", "code", "fund", "guard", "balance__debits", "balance__credits", "leaf__idx"
        )[: piece.limit]
    )
    names = names_in(row[1] for row in rows)
    return [_account(row, names) for row in rows]


@lists(router, "/entries", EntryRow, gettext_noop("Lines of the ledger"))
def entries(piece: Piece, fund: str = of_fund(), place: str = of_place()) -> list[EntryRow]:
    """Every movement of money that was ever entered; none is edited, and a mistake is taken back
    by another entry. With `place`, also what went in and out of its example budget."""
    found = entries_from(piece.start, piece.limit, place=place, fund=fund)
    return [_entry(one) for one in found]


def _of_place(slug: str) -> Q:
    return (
        Q(code__startswith=place_prefix(slug))
        | Q(code__startswith=place_prefix(slug, example=True))
        | Q(code__startswith="world:", code__contains=f":paid:{slug}:")
    )


def _account(row: Iterable[Any], names: Any) -> AccountRow:
    pk, code, fund, guard, debits, credits_, leaf = row
    return AccountRow(
        sequence=pk,
        account=code,
        name=account_words(code, names),
        fund=fund,
        guard=Guard(guard),
        debits_pence=debits,
        credits_pence=credits_,
        balance_pence=abs(credits_ - debits),
        direction=Side.CREDIT if credits_ >= debits else Side.DEBIT,
        is_example=is_example(code),
        leaf=leaf,
    )


def _entry(one: Entry) -> EntryRow:
    return EntryRow(
        sequence=one.transfer,
        entry=one.seq,
        effective_on=one.effective_on,
        kind=one.kind,
        kind_in_words=kind_words(one.kind),
        from_account=one.debit,
        to_account=one.credit,
        pence=one.pence,
        direction=Direction.IN
        if one.inward
        else Direction.OUT
        if one.outward
        else Direction.WITHIN,
        reverses=one.reverses,
        reversed_by=one.reversed_by,
        is_example=is_example(one.debit) or is_example(one.credit),
        leaf=one.leaf_idx,
        page=page("ledger:entry", one.seq),
    )
