"""Re-checks the bank: statements, lines and matches against their leaves, and each balance."""

from collections.abc import Collection, Iterator, Mapping
from itertools import groupby

from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import PIECE, Finding, body_of

from .actions.bank import lines_digest
from .models import BankAccount, BankLine, BankStatement, Match
from .reconciling import held
from .rules import pounds


def verify_bank() -> Iterator[Finding]:
    """Every fault in bank accounts, statements, lines and matches, and money nothing explains."""
    yield from _accounts()
    yield from _statements()
    yield from _matches()


def _accounts() -> Iterator[Finding]:
    seen = set()
    for account in BankAccount.objects.select_related("label", "place", "leaf").order_by("pk"):
        where = f"Bank account {account.slug}"
        seen.add(account.leaf_id)
        stands = {
            "bank_account": account.slug,
            "fund": account.fund,
            "place": account.place.slug if account.place else None,
            "label": account.label.commitment,
        }
        yield from _compared(where, account.leaf, "bank.account", stands)
        for one in held(account):
            if one.unexplained:
                yield Finding(
                    where,
                    f"on {one.day} the bank held {pounds(one.unexplained)} that neither the "
                    "ledger nor any line of the bank explains.",
                )
    yield from _without_row("bank.account", seen)


def _statements() -> Iterator[Finding]:
    rows = BankLine.objects.order_by("statement_id", "number").iterator(chunk_size=PIECE)
    lines = {pk: list(own) for pk, own in groupby(rows, key=lambda line: line.statement_id)}
    seen = set()
    for one in BankStatement.objects.select_related("account", "leaf", "assertion").order_by("pk"):
        seen.add(one.leaf_id)
        own = lines.get(one.pk, [])
        closing = getattr(one, "assertion", None)
        stands = {
            "bank_account": one.account.slug,
            "sha256": one.sha256,
            "format": one.format,
            "first_day": one.first_day.isoformat(),
            "last_day": one.last_day.isoformat(),
            "n_lines": len(own),
            "n_known": one.n_known,
            "in_pence": sum(line.pence for line in own if line.pence > 0),
            "out_pence": -sum(line.pence for line in own if line.pence < 0),
            "closing": [closing.day.isoformat(), closing.pence] if closing else None,
            "lines_sha256": lines_digest(own),
        }
        where = f"Bank statement {one.pk}"
        yield from _compared(where, one.leaf, "bank.statement", stands)
        if (one.n_lines, one.in_pence, one.out_pence) != (
            stands["n_lines"], stands["in_pence"], stands["out_pence"],
        ):  # fmt: skip
            yield Finding(where, "its own sums are not those of its lines.")
        if any(line.account_id != one.account_id for line in own):
            yield Finding(where, "a line of it stands under another account.")
    yield from _without_row("bank.statement", seen)


def _matches() -> Iterator[Finding]:
    seen: set[int] = set()
    undone: set[int | None] = set()
    rows = Match.objects.select_related("bank_line__account", "reason", "leaf", "undone")
    for match in rows.order_by("pk").iterator(chunk_size=PIECE):
        seen.add(match.leaf_id)
        where, line = f"Match {match.pk}", match.bank_line
        stands = {
            "bank_account": line.account.slug,
            "line": line.pk,
            "entry": match.journal_id,
            "pence": line.pence,
            "booked_on": line.booked_on.isoformat(),
        }
        said = {"as": match.kind, "reason": match.reason.commitment if match.reason else None}
        yield from _compared(where, match.leaf, "bank.matched", stands | said)
        actor = (body_of(match.leaf) or {}).get("actor")
        by = actor.get("id") if isinstance(actor, dict) else None
        if isinstance(by, int) and by != match.confirmed_by_id:
            yield Finding(where, "the record names another person who confirmed it.")
        if match.undone is not None:
            undone.add(match.undone_id)
            yield from _compared(where, match.undone, "bank.unmatched", stands)
        if match.journal is not None and match.undone is None:
            moved = sum(match.journal.transfers.values_list("pence", flat=True))
            if moved != abs(line.pence):
                yield Finding(where, "its line and its entry are not of the same sum.")
    yield from _without_row("bank.matched", seen)
    yield from _without_row("bank.unmatched", undone)


def _compared(where: str, leaf: Leaf, kind: str, stands: Mapping[str, object]) -> Iterator[Finding]:
    said = body_of(leaf) or {}
    wrong = [name for name, value in {"kind": kind, **stands}.items() if said.get(name) != value]
    if wrong:
        yield Finding(where, f"its line in the record says another {', '.join(wrong)}.")


def _without_row(kind: str, seen: Collection[int | None]) -> Iterator[Finding]:
    for leaf in Leaf.objects.filter(log="public", kind=kind).order_by("idx"):
        if leaf.pk not in seen:
            yield Finding(f"Leaf {leaf.idx} of the public log", "what it tells of is gone.")
