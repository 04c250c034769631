"""Re-checks what became of payments: each has its bank line, each receipt and result its leaves."""

from collections.abc import Iterator, Mapping

from doorstep.apps.awards.models import Payment, PaymentState
from doorstep.apps.awards.models.reports import Receipt, ResultNote, YearReport
from doorstep.apps.ledger.models import Match
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import PIECE, Finding, body_of


def verify_reports() -> Iterator[Finding]:
    """Every fault in the bank lines of payments, in receipts, results and closed years."""
    yield from _bank_lines()
    yield from _receipts()
    yield from _results()
    yield from _years()


def _bank_lines() -> Iterator[Finding]:
    proven: dict[int | None, int] = dict(
        Match.objects.filter(undone=None, kind="payment").values_list("journal_id", "bank_line_id")
    )
    paid = Payment.objects.filter(state=PaymentState.CLEARED).order_by("pk")
    for payment in paid.iterator(chunk_size=PIECE):
        line = proven.pop(payment.clear_entry_id, None)
        if line is None:
            yield Finding(f"Payment {payment.slug}", "no line of the bank shows that it was paid.")
        elif line != payment.bank_line:
            yield Finding(f"Payment {payment.slug}", "it names another line of the bank.")
    for entry in sorted(one for one in proven if one is not None):
        yield Finding(f"Entry {entry}", "a line of the bank proves it, but no payment is its own.")


def _receipts() -> Iterator[Finding]:
    seen: set[int | None] = set()
    rows = Receipt.objects.select_related(
        "award", "payment", "file", "shown", "reason", "handed_in", "checked"
    )
    for one in rows.order_by("pk").iterator(chunk_size=PIECE):
        seen |= {one.handed_in_id, one.checked_id}
        where = f"Receipt {one.pk}"
        about = {"award": one.award.slug, "payment": one.payment.slug, "pence": one.pence}
        yield from _compared(
            where, one.handed_in, "receipt.handed_in",
            about | {"fingerprint": one.file.fingerprint,
                     "looks_like_another": one.looks_like_id is not None},
        )  # fmt: skip
        if one.payment.award_id != one.award_id:
            yield Finding(where, "it is of a payment of another award.")
        if one.checked is not None:
            more: dict[str, object] = {"receipt": one.pk}
            if one.shown is not None:
                more["fingerprint"] = one.shown.fingerprint
            elif one.reason is not None:
                more["reason"] = one.reason.commitment
            yield from _compared(where, one.checked, f"receipt.{one.state}", about | more)
    yield from _without_row(["receipt.handed_in", "receipt.shown", "receipt.sent_back"], seen)


def _results() -> Iterator[Finding]:
    seen: set[int | None] = set()
    rows = ResultNote.objects.select_related(
        "award", "words", "photo", "public_photo", "told", "shown"
    )
    for one in rows.order_by("pk").iterator(chunk_size=PIECE):
        seen |= {one.told_id, one.shown_id}
        where = f"Result {one.pk}"
        about = {"award": one.award.slug, "outcome": one.outcome}
        yield from _compared(
            where, one.told, "result.told",
            about | {"photo": one.photo.fingerprint if one.photo else None},
        )  # fmt: skip
        if one.shown is not None:
            photo = one.public_photo.fingerprint if one.public_photo else None
            yield from _compared(
                where,
                one.shown,
                "result.shown",
                about | {"words": one.words.commitment, "photo": photo},
            )
    yield from _without_row(["result.told", "result.shown"], seen)


def _years() -> Iterator[Finding]:
    seen: set[int | None] = set()
    for one in YearReport.objects.select_related("award", "accounts", "story", "leaf"):
        seen.add(one.leaf_id)
        stands = {
            "award": one.award.slug,
            "number": one.number,
            "ends_on": one.ends_on.isoformat(),
            "accounts": one.accounts.fingerprint,
            "story": one.story.commitment,
        }
        yield from _compared(f"Year report {one.pk}", one.leaf, "award.year_closed", stands)
    yield from _without_row(["award.year_closed"], seen)


def _compared(where: str, leaf: Leaf, kind: str, stands: Mapping[str, object]) -> Iterator[Finding]:
    said = body_of(leaf) or {}
    wrong = [name for name, value in {"kind": kind, **stands}.items() if said.get(name) != value]
    if wrong:
        yield Finding(where, f"its line in the record says another {', '.join(wrong)}.")


def _without_row(kinds: list[str], seen: set[int | None]) -> Iterator[Finding]:
    for leaf in Leaf.objects.filter(log="public", kind__in=kinds).order_by("idx"):
        if leaf.pk not in seen:
            yield Finding(f"Leaf {leaf.idx} of the public log", "what it tells of is gone.")
