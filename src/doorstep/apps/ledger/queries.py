"""Reads of the ledger that pages, exports and other rooms share.

Each costs the same number of SQL statements whatever the number of rows; the count is said.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import F, Q

from .models import Account, AccountBalance, Journal, Transfer

PAGE = 200
# Accounts that hold one round's or one award's money: what passes through them is one story.
TRAIL = ("round", "committed", "in_transit", "paid")
_HELD = F("credits") - F("debits")
# What a place has paid stands outside it, in accounts that name it (`world:<fund>:paid:<place>:…`).
_STEP = "sum(CASE WHEN code LIKE %s ESCAPE '\\' THEN credits - debits ELSE 0 END)"
_PLACE_MONEY = (
    f"SELECT sum(credits - debits), {', '.join([_STEP] * 4)}"  # noqa: S608 (no values in it)
    " FROM ledger_accountbalance JOIN ledger_account ON ledger_account.id = account_id"
    " WHERE code LIKE %s ESCAPE '\\' OR code LIKE %s ESCAPE '\\'"
)


@dataclass(frozen=True)
class PlaceMoney:
    """A place's money in pence; came_in = paid + on_its_way + promised + left, always.

    `set_aside` is the part of `left` that waits in the pots of rounds.
    """

    came_in: int
    promised: int
    on_its_way: int
    paid: int
    left: int
    set_aside: int


@dataclass(frozen=True)
class Entry:
    """One line of the ledger as a page shows it. `inward`: whether it added to what is shown."""

    transfer: int
    seq: int
    kind: str
    effective_on: date
    debit: str
    credit: str
    pence: int
    inward: bool
    outward: bool
    reverses: int | None
    reversed_by: int | None
    leaf_idx: int


def balances(codes: Iterable[str]) -> dict[str, int]:
    """Pence held by each of these accounts that is open. One statement."""
    rows = AccountBalance.objects.filter(account__code__in=list(codes))
    standing = rows.values_list("account__code", "credits", "debits")
    return {code: credited - debited for code, credited, debited in standing}


def place_prefix(slug: str, *, example: bool = False) -> str:
    """What the codes of a place's accounts begin with."""
    return f"{'example' if example else 'place'}:{slug}:"


def place_money(slug: str, *, example: bool = False) -> PlaceMoney | None:
    """A place's figures, or None where no account was ever opened for it. One statement.

    Every figure is a sum of balances, so a reversal is in it the moment it is posted.
    """
    prefix = place_prefix(slug, example=example)
    inside = connection.ops.prep_for_like_query(prefix)
    outside = "example" if example else "%"
    paid_outside = f"world:{outside}:paid:{connection.ops.prep_for_like_query(slug)}:%"
    # Written out because the ORM spends three milliseconds on composing it.
    with connection.cursor() as cursor:
        cursor.execute(
            _PLACE_MONEY,
            [
                f"{inside}committed:%",
                f"{inside}in\\_transit:%",
                paid_outside,
                f"{inside}round:%",
                f"{inside}%",
                paid_outside,
            ],
        )
        came_in, promised, on_its_way, paid, set_aside = cursor.fetchone()
    if came_in is None:
        return None
    moved_on = int(promised) + int(on_its_way) + int(paid)
    return PlaceMoney(
        came_in=int(came_in),
        promised=int(promised),
        on_its_way=int(on_its_way),
        paid=int(paid),
        left=int(came_in) - moved_on,
        set_aside=int(set_aside),
    )


def money_by_place() -> dict[str, PlaceMoney]:
    """{place: its figures} of every place that was given money; one statement.

    Sums balances by what their accounts' codes say, as `place_money` does for one place.
    """
    sums: dict[str, Counter[str]] = {}
    inside = Q(account__code__startswith="place:")
    paid = Q(account__code__startswith="world:", account__code__contains=":paid:")
    held = AccountBalance.objects.filter(inside | paid).annotate(held_now=_HELD)
    for code, pence in held.values_list("account__code", "held_now").iterator():
        parts = code.split(":")
        if parts[0] == "place":
            sums.setdefault(parts[1], Counter())[parts[2]] += pence
        elif len(parts) == 5 and parts[1] != "example":
            sums.setdefault(parts[3], Counter())["paid"] += pence
    return {slug: figures_of(steps) for slug, steps in sums.items()}


def figures_of(steps: Counter[str]) -> PlaceMoney:
    came_in = steps.total()
    moved_on = steps["committed"] + steps["in_transit"] + steps["paid"]
    return PlaceMoney(
        came_in=came_in,
        promised=steps["committed"],
        on_its_way=steps["in_transit"],
        paid=steps["paid"],
        left=came_in - moved_on,
        set_aside=steps["round"],
    )


def has_money(slug: str, *, example: bool = False) -> bool:
    """Whether a place ever had an account of this money. One statement."""
    return Account.objects.filter(code=f"{place_prefix(slug, example=example)}available").exists()


def entries_of_place(
    slug: str, *, example: bool = False, before: int | None = None, limit: int = PAGE
) -> list[Entry]:
    """The newest `limit` lines that touched a place, older than transfer `before`. Two statements.

    `inward` and `outward` say whether the money crossed the place's boundary; a line inside it
    (from the pot to an award) is neither.
    """
    prefix = place_prefix(slug, example=example)
    inside = list(Account.objects.filter(code__startswith=prefix).values_list("pk", flat=True))
    return _entries(Q(debit__in=inside) | Q(credit__in=inside), prefix, before, limit)


def entries_of_fund(fund: str, *, before: int | None = None, limit: int = PAGE) -> list[Entry]:
    """The newest `limit` lines of a whole fund; inward is money from the outside. One statement."""
    found = _rows(Q(debit__fund=fund), before, limit)
    return [
        _entry(row, not row[4].startswith("world:"), not row[5].startswith("world:"))
        for row in found
    ]


def entries_from(start: int, limit: int, *, place: str = "", fund: str = "") -> list[Entry]:
    """At most `limit` lines from transfer `start` on, oldest first; of one place, its example
    budget included, or of one fund. Inward is what crossed into the place, or else into the fund.

    At most two statements.
    """
    found = Transfer.objects.filter(pk__gte=start)
    if fund:
        found = found.filter(debit__fund=fund)
    if not place:
        rows = _fields(found.order_by("pk"))[:limit]
        return [
            _entry(row, not row[4].startswith("world:"), not row[5].startswith("world:"))
            for row in rows
        ]
    prefixes = (place_prefix(place), place_prefix(place, example=True))
    codes = Q(code__startswith=prefixes[0]) | Q(code__startswith=prefixes[1])
    inside = list(Account.objects.filter(codes).values_list("pk", flat=True))
    found = found.filter(Q(debit__in=inside) | Q(credit__in=inside))
    return [
        _entry(row, row[4].startswith(prefixes), row[5].startswith(prefixes))
        for row in _fields(found.order_by("pk"))[:limit]
    ]


def entry_lines(journal: Journal) -> list[tuple[str, str, int]]:
    """(debit code, credit code, pence) of one entry, in order. One statement."""
    return list(
        journal.transfers.order_by("line").values_list("debit__code", "credit__code", "pence")
    )


def thread_of(
    journal: Journal, lines: Iterable[tuple[str, str, int]], limit: int = PAGE
) -> list[Entry]:
    """The same story: other lines that this entry's money came through or went on by, oldest first.

    The trail runs through accounts that hold one round's or one award's money and nothing else; a
    reversal and its original always belong to it. Two statements.
    """
    taken = {debit for debit, _credit, _pence in lines if _is_trail(debit)}
    given = {credit for _debit, credit, _pence in lines if _is_trail(credit)}
    # Numbers rather than names: with them the database looks up an index for each side.
    keys = dict(Account.objects.filter(code__in=taken | given).values_list("code", "pk"))
    reversal: Journal | None = getattr(journal, "reversal", None)
    beside = [journal.reverses_id, reversal.pk if reversal else None]
    same = (
        Q(journal__in=[seq for seq in beside if seq is not None])
        | Q(credit__in=keys.values())
        | Q(debit__in=[keys[code] for code in given])
    )
    found = _rows(same & ~Q(journal=journal.pk), None, limit)
    return [_entry(row, False, False) for row in reversed(found)]


def _is_trail(code: str) -> bool:
    parts = code.split(":")
    return len(parts) > 3 and parts[2] in TRAIL


def statement(slug: str, *, example: bool = False) -> Iterator[Entry]:
    """Every line of a place, oldest first, read in pieces so that memory stays small."""
    prefix = place_prefix(slug, example=example)
    which = Q(debit__code__startswith=prefix) | Q(credit__code__startswith=prefix)
    for row in _fields(Transfer.objects.filter(which).order_by("pk")).iterator(chunk_size=1000):
        yield _crossing(row, prefix)


def _entries(which: Q, prefix: str, before: int | None, limit: int) -> list[Entry]:
    return [_crossing(row, prefix) for row in _rows(which, before, limit)]


def _crossing(row: tuple, prefix: str) -> Entry:
    return _entry(row, row[4].startswith(prefix), row[5].startswith(prefix))


def _rows(which: Q, before: int | None, limit: int) -> list[tuple]:
    found = Transfer.objects.filter(which)
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(_fields(found.order_by("-pk"))[:limit])


def _fields(transfers):
    return transfers.values_list(
        "pk", "journal_id", "journal__kind", "journal__effective_on",
        "debit__code", "credit__code", "pence",
        "journal__reverses_id", "journal__reversal__leaf_id", "journal__leaf__idx",
    )  # fmt: skip


def _entry(row: tuple, from_inside: bool, to_inside: bool) -> Entry:
    pk, seq, kind, effective_on, debit, credit, pence, reverses, reversed_by, leaf_idx = row
    return Entry(
        transfer=pk,
        seq=seq,
        kind=kind,
        effective_on=effective_on,
        debit=debit,
        credit=credit,
        pence=pence,
        inward=to_inside and not from_inside,
        outward=from_inside and not to_inside,
        reverses=reverses,
        reversed_by=reversed_by,
        leaf_idx=leaf_idx,
    )
