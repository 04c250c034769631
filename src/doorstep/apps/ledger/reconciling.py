"""Reads that compare the bank with the ledger.

Of a line that nothing accounts for the public sees date, amount and age, and nothing else: `Open`
holds no more than that, so that no page can show more.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from doorstep.apps.organisations import strongbox

from .models import (
    BANK_LINE,
    WITH_ENTRY,
    Accounted,
    BankAccount,
    BankAssertion,
    BankLine,
    Journal,
    Match,
    Transfer,
)

_STANDING = Match.objects.filter(bank_line=OuterRef("pk"), undone=None)


@dataclass(frozen=True)
class Open:
    """What anybody may know of a line that nothing accounts for yet."""

    booked_on: date
    pence: int
    age: int
    is_late: bool


@dataclass(frozen=True)
class Held:
    """What the bank said stood in an account, beside what the ledger makes of it, in pence.

    `not_ours_yet` sums lines without an entry, `not_theirs_yet` entries without a line.
    """

    day: date
    bank: int
    ledger: int
    not_ours_yet: int
    not_theirs_yet: int

    @property
    def unexplained(self) -> int:
        return self.bank - (self.ledger + self.not_ours_yet - self.not_theirs_yet)


@dataclass(frozen=True)
class Said:
    """Who and what for, as the bank wrote it. Only for those who do the matching."""

    who: str
    reference: str


def accounts_at(place_ids: Collection[int | None]) -> QuerySet[BankAccount]:
    """Bank accounts of these places and, where None is among them, of whole funds too."""
    which = Q(place__in=[one for one in place_ids if one is not None])
    if None in place_ids:
        which |= Q(pk__isnull=False)
    return BankAccount.objects.filter(which).select_related("label", "place").order_by("slug")


def open_lines(accounts: Sequence[BankAccount] | QuerySet[BankAccount]) -> QuerySet[BankLine]:
    """Lines that nothing accounts for, oldest first."""
    lines = BankLine.objects.filter(~Exists(_STANDING), account__in=accounts)
    return lines.order_by("booked_on", "pk")


def public_lines(account: BankAccount, today: date, late_after: int) -> list[Open]:
    """What the public sees of the open lines of one account; late after so many days. One
    statement."""
    rows = open_lines([account]).values_list("booked_on", "pence")
    ages = ((day, pence, max((today - day).days, 0)) for day, pence in rows)
    return [Open(day, pence, age, age > late_after) for day, pence, age in ages]


def said_of(line: BankLine) -> Said:
    """Opens the seal. An empty answer where the secret was lost."""
    try:
        who, reference = json.loads(strongbox.open_sealed(line.sealed, BANK_LINE))
    except strongbox.SealError:
        return Said("", "")
    return Said(who, reference)


def arrivals_open(account: BankAccount) -> list[tuple[Journal, int]]:
    """(entry, pence) of what the ledger says came into this account and no line shows yet."""
    came = {seq: pence for seq, (_day, pence) in _entries(account).items() if pence > 0}
    matched = Match.objects.filter(journal=OuterRef("pk"), undone=None)
    entries = Journal.objects.filter(
        ~Exists(matched), pk__in=came, reversal=None, reverses=None
    ).order_by("effective_on", "pk")
    return [(entry, came[entry.pk]) for entry in entries]


def came_into(account: BankAccount, entry: Journal) -> bool:
    """Whether an entry brought money into what this account holds, and stands unreversed."""
    return any(found == entry for found, _pence in arrivals_open(account))


def held(account: BankAccount) -> list[Held]:
    """Each balance that the bank stated, newest first, beside the ledger's. Four statements."""
    asserted = list(
        BankAssertion.objects.filter(account=account).order_by("-day", "-pk").values_list(
            "day", "pence"
        )
    )  # fmt: skip
    if not asserted:
        return []
    lines = _lines(account)
    entries = _entries(account)
    return [_held(day, pence, lines, entries) for day, pence in dict(reversed(asserted)).items()][
        ::-1
    ]


def counts_of(account: BankAccount) -> dict[str, int]:
    """How many lines were read, and how many each kind accounts for. Two statements."""
    rows = Match.objects.filter(bank_line__account=account, undone=None).values_list("kind")
    found = dict(rows.annotate(n=Count("pk")).values_list("kind", "n"))
    return {
        "read": BankLine.objects.filter(account=account).count(),
        **{str(kind): found.get(str(kind), 0) for kind in Accounted},
    }


def _held(
    day: date,
    pence: int,
    lines: Sequence[tuple[date, int, int | None]],
    entries: dict[int, tuple[date, int]],
) -> Held:
    ledger = sum(moved for on, moved in entries.values() if on <= day)
    proven = {entry for on, _pence, entry in lines if entry is not None and on <= day}
    return Held(
        day=day,
        bank=pence,
        ledger=ledger,
        not_ours_yet=sum(
            moved
            for on, moved, entry in lines
            if on <= day and (entry is None or entry not in entries or entries[entry][0] > day)
        ),
        not_theirs_yet=sum(
            moved for seq, (on, moved) in entries.items() if on <= day and seq not in proven
        ),
    )


def _lines(account: BankAccount) -> list[tuple[date, int, int | None]]:
    """(day, pence, the entry it proves) of every line of an account."""
    proven = dict(
        Match.objects.filter(
            bank_line__account=account, undone=None, kind__in=WITH_ENTRY
        ).values_list("bank_line_id", "journal_id")
    )
    rows = BankLine.objects.filter(account=account).values_list("pk", "booked_on", "pence")
    return [(day, pence, proven.get(pk)) for pk, day, pence in rows]


def _entries(account: BankAccount) -> dict[int, tuple[date, int]]:
    """{entry: (day, pence)} of every entry that changed what this account should hold."""
    came, went = _inside(account, "credit__code"), _inside(account, "debit__code")
    found: dict[int, tuple[date, int]] = {}
    for which, sign in ((came & ~went, 1), (went & ~came, -1)):
        rows = (
            Transfer.objects.filter(which, debit__fund=account.fund)
            .values_list("journal_id", "journal__effective_on")
            .annotate(moved=Sum(F("pence")))
        )
        for seq, day, moved in rows:
            found[seq] = (day, found.get(seq, (day, 0))[1] + sign * int(moved))
    return found


def _inside(account: BankAccount, field: str) -> Q:
    """Which of the ledger's accounts this bank account holds: a place's; or the whole fund's, but
    for the places that have one of their own, and for the outside."""
    if account.place is not None:
        return Q(**{f"{field}__startswith": f"place:{account.place.slug}:"})
    own = BankAccount.objects.filter(fund=account.fund, place__isnull=False)
    held_elsewhere = Q(**{f"{field}__startswith": "world:"})
    for slug in own.values_list("place__slug", flat=True):
        held_elsewhere |= Q(**{f"{field}__startswith": f"place:{slug}:"})
    return ~held_elsewhere
