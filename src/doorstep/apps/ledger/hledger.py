"""A fund's ledger as an hledger journal, so that an auditor can use a tool that we did not write.

Accounts are declared, every entry is one transaction, and the last one asserts every balance:
`hledger -f FUND.journal check --strict` must pass. https://hledger.org/hledger.html#journal
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from .queries import Entry


def journal_of(entries: Iterable[Entry]) -> Iterator[str]:
    """Lines of the journal. `entries` are the transfers of one fund, the oldest first."""
    entries = list(entries)
    held: dict[str, int] = {}
    yield "; pounds and pence; a minus means that the account gave"
    yield "commodity £1000.00"
    for code in sorted({code for entry in entries for code in (entry.debit, entry.credit)}):
        yield f"account {code}"
    last = ""
    for (seq, day, kind), lines in groupby(
        entries, key=lambda one: (one.seq, one.effective_on.isoformat(), one.kind)
    ):
        yield ""
        yield f"{day} * ({seq}) {kind}"
        last = max(last, day)
        for entry in lines:
            for code, pence in ((entry.debit, -entry.pence), (entry.credit, entry.pence)):
                held[code] = held.get(code, 0) + pence
                yield f"    {code}  {_amount(pence)}"
    if held:
        yield ""
        yield f"{last} * balances"
        for code in sorted(held):
            yield f"    {code}  £0.00 = {_amount(held[code])}"


def _amount(pence: int) -> str:
    sign = "-" if pence < 0 else ""
    return f"£{sign}{abs(pence) // 100}.{abs(pence) % 100:02}"
