"""Re-checks the ledger: rebuilds it from the leaves' bytes alone, then compares every row."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby, zip_longest
from typing import Any

from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import PIECE, Finding, body_of

from .actions.posting import HASHED, request_hash
from .models import MAX_LINES, MAX_PENCE, Account, AccountBalance, Guard, Journal, Transfer
from .rules import EXAMPLE, Line, is_example


@dataclass
class _Account:
    fund: str
    guard: str
    leaf: int
    debits: int = 0
    credits: int = 0
    last_transfer: int = 0

    @property
    def overdrawn(self) -> bool:
        held = self.credits - self.debits
        return (self.guard == Guard.CREDIT_NONNEG and held < 0) or (
            self.guard == Guard.DEBIT_NONNEG and held > 0
        )


@dataclass
class _Books:
    """What the leaves say, as far as they have been read."""

    accounts: dict[str, _Account] = field(default_factory=dict)
    entries: list[dict[str, Any]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    reversed: set[int] = field(default_factory=set)
    transfers: int = 0


def verify_ledger() -> Iterator[Finding]:
    """Every fault in accounts, entries and balances; nothing when all is sound."""
    books = _Books()
    leaves = Leaf.objects.filter(log="public", kind__in=["ledger.account", "ledger.journal"])
    for leaf in leaves.order_by("idx").iterator(chunk_size=PIECE):
        body = body_of(leaf)
        if body is None:
            continue  # the record's own check says so
        told = _open(books, leaf, body) if leaf.kind == "ledger.account" else _post(books, body)
        yield from (Finding(f"Leaf {leaf.idx} of the public log", fault) for fault in told)
    yield from _compare_accounts(books)
    yield from _compare_entries(books)


def _open(books: _Books, leaf: Leaf, body: dict[str, Any]) -> Iterator[str]:
    code, fund, guard = str(body.get("code")), str(body.get("fund")), str(body.get("guard"))
    if code in books.accounts:
        yield f"it opens the account {code} a second time."
        return
    if guard not in Guard.values or (guard == Guard.NONE) != code.startswith("world:"):
        yield f"it opens {code} with the guard “{guard}”, which it may not have."
    if (fund == EXAMPLE) != is_example(code):
        yield f"it opens {code} in the fund “{fund}”: example and live money must stay apart."
    books.accounts[code] = _Account(fund, guard, leaf.pk)


def _post(books: _Books, body: dict[str, Any]) -> Iterator[str]:
    lines = body.get("lines")
    expected = len(books.entries) + 1
    if body.get("seq") != expected or body.get("first_transfer") != books.transfers + 1:
        yield f"it is not entry {expected} with transfers from {books.transfers + 1}."
    if not isinstance(lines, list) or not 1 <= len(lines) <= MAX_LINES:
        yield "it has no lines that can be read."
        lines = []
    key = str(body.get("idem"))
    if key in books.keys:
        yield "its key was used before: the same request was posted twice."
    books.keys.add(key)
    books.entries.append(body)
    for line in lines:
        yield from _move(books, line)
    if "reverses" in body:
        yield from _check_reversal(books, body["reverses"], lines)


def _move(books: _Books, line: Any) -> Iterator[str]:
    books.transfers += 1
    if not (isinstance(line, list) and [type(part) for part in line] == [str, str, int]):
        yield "a line is not two accounts and a whole number of pence."
        return
    debit, credit, pence = books.accounts.get(line[0]), books.accounts.get(line[1]), line[2]
    if debit is None or credit is None or debit is credit or not 0 < pence <= MAX_PENCE:
        yield f"a line cannot be: {line}."
        return
    debit.debits += pence
    credit.credits += pence
    debit.last_transfer = credit.last_transfer = books.transfers
    if debit.fund != credit.fund:
        yield f"a line moves money between two funds: {line}."
    for code, account in ((line[0], debit), (line[1], credit)):
        if account.overdrawn:
            yield f"a line takes more from {code} than stood there: {line}."


def _check_reversal(books: _Books, original: Any, lines: list[Any]) -> Iterator[str]:
    if type(original) is not int or not 0 < original < len(books.entries):
        yield f"it reverses entry {original}, which is not an earlier one."
        return
    if original in books.reversed:
        yield f"it reverses entry {original} a second time."
    books.reversed.add(original)
    first = books.entries[original - 1]
    if "reverses" in first:
        yield f"it reverses entry {original}, which is a reversal itself."
    if lines != [[credit, debit, pence] for debit, credit, pence in reversed(first["lines"])]:
        yield f"it does not move back exactly what entry {original} moved."


def _compare_accounts(books: _Books) -> Iterator[Finding]:
    balances = {balance.account_id: balance for balance in AccountBalance.objects.all()}
    seen = set()
    for account in Account.objects.order_by("pk").iterator(chunk_size=PIECE):
        seen.add(account.code)
        where, told = f"Account {account.code}", books.accounts.get(account.code)
        balance = balances.pop(account.pk, None)
        if told is None:
            yield Finding(where, "no leaf opened it.")
        elif (account.fund, account.guard, account.leaf_id) != (told.fund, told.guard, told.leaf):
            yield Finding(where, "its fund, guard or leaf is not what its leaf says.")
        elif balance is None:
            yield Finding(where, "it has no balance.")
        elif (
            balance.guard, balance.debits, balance.credits, balance.last_transfer
        ) != (told.guard, told.debits, told.credits, told.last_transfer):  # fmt: skip
            yield Finding(
                where,
                f"its balance says {balance.held} pence; its entries add up to "
                f"{told.credits - told.debits}, or its guard or last transfer was changed.",
            )
    for code in sorted(books.accounts.keys() - seen):
        yield Finding(f"Account {code}", "a leaf opened it, but it is gone.")


def _compare_entries(books: _Books) -> Iterator[Finding]:
    rows = Journal.objects.select_related("memo").order_by("pk").iterator(chunk_size=PIECE)
    lines = _lines_by_entry()
    numbers = (list(numbers) for _seq, numbers in lines)
    for expected, (told, row, moved) in enumerate(
        zip_longest(books.entries, rows, numbers), start=1
    ):
        where = f"Entry {expected}"
        if row is None or told is None or moved is None:
            yield Finding(where, "its row, its lines and its leaf are not all there.")
            continue
        stands = {
            "seq": row.pk,
            "first_transfer": moved[0][1],
            "entry": row.kind,
            "effective_on": row.effective_on.isoformat(),
            "lines": [list(line[3:]) for line in moved],
            "memo": row.memo.commitment if row.memo else None,
            "reverses": row.reverses_id,
            "idem": _hash_of_key(row.idem_key),
        }
        wrong = [name for name, value in stands.items() if told.get(name) != value]
        asked = [Line(*line[3:]) for line in moved]
        if bytes(row.request_hash) != request_hash(
            row.kind, asked, row.effective_on, row.reverses_id
        ):
            wrong.append("hash of its request")
        if moved[0][0] != row.pk:
            wrong.append("entry that its lines name")
        if row.n_lines != len(moved) or [line[2] for line in moved] != list(
            range(1, len(moved) + 1)
        ):
            wrong.append("number of lines")
        if wrong:
            yield Finding(where, f"its row is not what its leaf says: {', '.join(wrong)}.")


def _hash_of_key(key: str) -> str:
    if key.startswith(HASHED):
        return key.removeprefix(HASHED)  # recovered from its leaf, which has no more of it
    return sha256(key.encode()).hexdigest()


def _lines_by_entry() -> Iterator[tuple[int, Iterator[tuple]]]:
    rows = Transfer.objects.order_by("journal_id", "line").values_list(
        "journal_id", "pk", "line", "debit__code", "credit__code", "pence"
    )
    return groupby(rows.iterator(chunk_size=PIECE), key=lambda row: row[0])
