"""The oldest question, "will a local community really waste the money?", from the ledger alone. The
other fear, skills, is counted in `skills`, and fixed with it.

Each measure is one list of rows, one for each case it counts, so that its figure can be counted
again from its CSV. `DEFINITIONS` are the words that were fixed before any figure was shown: change
one, and no figure is shown until the new words are fixed.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta

from doorstep.apps.awards.intervals import Share, middle
from doorstep.apps.awards.models import Award, Outcome, Payment, PaymentState, QuestionsFixed
from doorstep.apps.awards.models.reports import ReceiptState
from doorstep.apps.awards.queries import skills
from doorstep.apps.awards.queries.applying import assessments_of
from doorstep.apps.ledger.models import Transfer
from doorstep.engine.proportion import schedule
from doorstep.engine.rulebook import rule

SMALL = 250_000
DEFINITIONS = {
    "accounted": "Cases: payments that the bank cleared, of awards that are not unrestricted and "
    "no example, once the days of rule report.receipts_within have gone by. Yes: public receipts "
    "of the payment come to its sum or more. Share of cases, Wilson interval at 95 %.",
    "days": "Cases: the payments of `accounted` that have a public receipt. Value: whole days from "
    "the day the bank paid to the day on which the first receipt became public. Median, exact "
    "interval from order statistics at 95 %.",
    "returned": "Cases: awards that are closed, and no example. Yes: money of it went back to the "
    "place when it closed. Share of cases, Wilson interval at 95 %.",
    "stopped": "Cases: awards that are no example. Yes: called off, or told as stopped. Share of "
    "cases, Wilson interval at 95 %. What was learned is on the award’s page.",
    "burden": "Cases: awards that are no example. Value: what asking and checking costs both "
    "sides, by the table of proportion of the day the money was promised, in thousandths of the "
    "award. Median for each size, exact interval from order statistics at 95 %.",
    **skills.DEFINITIONS,
}
COMPARISONS = {
    "small_and_large": "`accounted`, awards of at most 2,500 pounds against larger ones. "
    "Difference of the shares, Newcombe interval at 95 %. A difference is said only where the "
    "interval leaves out nought.",
}


def fingerprint() -> str:
    """SHA-256 of the words above, as canonical JSON."""
    words = json.dumps([DEFINITIONS, COMPARISONS], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(words.encode()).hexdigest()


def fixed() -> QuestionsFixed | None:
    """When these very words were fixed; None while they were not."""
    return QuestionsFixed.objects.select_related("leaf").filter(sha256=fingerprint()).first()


@dataclass(frozen=True)
class Case:
    """One row that is counted. `value` is 1 or 0 of a share, days, or thousandths."""

    award: str
    group: str
    pence: int
    on: date
    value: int
    other_pence: int = 0


Counted = Case | skills.Row


def rows_of(key: str, today: date) -> Sequence[Counted]:
    """The rows behind any measure, in their order."""
    return skills.rows_of(key, today) if key in skills.DEFINITIONS else cases_of(key, today)


def headings_of(key: str) -> list[str]:
    """The columns of those rows, as their CSV names them."""
    return [one.name for one in fields(skills.Row if key in skills.DEFINITIONS else Case)]


def cases_of(key: str, today: date) -> list[Case]:
    """The rows behind one measure of the money, by award."""
    return cases_by_measure([key], today)[key]


def cases_by_measure(keys: Collection[str], today: date) -> dict[str, list[Case]]:
    """{measure of the money: its rows, by award}; what two of them count is read once."""
    found = {key: _OF_AWARDS[key]() for key in keys if key in _OF_AWARDS}
    if of_payments := [key for key in keys if key in _OF_PAYMENTS]:
        payments = _payments(today)
        found |= {key: _OF_PAYMENTS[key](payments) for key in of_payments}
    return {key: sorted(found[key], key=lambda case: (case.award, case.on)) for key in keys}


def share_of(cases: Iterable[Counted]) -> Share:
    cases = list(cases)
    return Share(sum(case.value for case in cases), len(cases))


def median_of(cases: Iterable[Counted]) -> tuple[float, tuple[int, int] | None] | None:
    return middle([case.value for case in cases])


def size_of(pence: int) -> str:
    return "small" if pence <= SMALL else "large"


def _payments(today: date) -> list[Payment]:
    """Payments that could be accounted for by now, with their receipts; three statements."""
    found = (
        Payment.objects.filter(state=PaymentState.CLEARED, award__is_example=False)
        .exclude(award__kind="unrestricted")
        .select_related("award__place", "clear_entry")
        .prefetch_related("receipts__checked")
    )
    return [one for one in found if _cleared_on(one) + _within(one) <= today]


def _cleared_on(one: Payment) -> date:
    assert one.clear_entry is not None  # the constraint payment_state_has_its_leaves keeps it
    return one.clear_entry.effective_on


def _within(one: Payment) -> timedelta:
    place = one.award.place.slug
    return timedelta(days=int(rule("report.receipts_within", _cleared_on(one), place).value))


def _accounted(payments: Iterable[Payment]) -> list[Case]:
    cases = []
    for one in payments:
        shown = sum(r.pence for r in one.receipts.all() if r.state == ReceiptState.SHOWN)
        cases.append(
            Case(
                one.award.slug, size_of(one.award.pence), one.pence, _cleared_on(one),
                int(shown >= one.pence), shown,
            )
        )  # fmt: skip
    return cases


def _days(payments: Iterable[Payment]) -> list[Case]:
    cases = []
    for one in payments:
        days = [
            r.checked.recorded_at.date()
            for r in one.receipts.all()
            if r.state == ReceiptState.SHOWN and r.checked is not None
        ]
        if days:
            took = max((min(days) - _cleared_on(one)).days, 0)
            cases.append(Case(one.award.slug, size_of(one.award.pence), one.pence, min(days), took))
    return cases


def _returned() -> list[Case]:
    closed = Award.objects.filter(state=Award.State.CLOSED, is_example=False)
    awards = {one.slug: one for one in closed.select_related("place", "commitment")}
    back = _back(awards)
    return [
        Case(
            slug, size_of(one.pence), one.pence, one.commitment.effective_on,
            int(back.get(slug, 0) > 0), back.get(slug, 0),
        )
        for slug, one in awards.items()
    ]  # fmt: skip


def _back(slugs: Iterable[str]) -> dict[str, int]:
    """{award: pence that went back when it closed}, from the ledger's own transfers."""
    keys = {f"award:{slug}:returned": slug for slug in slugs}
    moved = Transfer.objects.filter(
        journal__kind="award.returned", journal__idem_key__in=keys
    ).values_list("journal__idem_key", "pence")
    back: dict[str, int] = {}
    for key, pence in moved:
        back[keys[key]] = back.get(keys[key], 0) + pence
    return back


def _stopped() -> list[Case]:
    awards = (
        Award.objects.filter(is_example=False)
        .select_related("commitment")
        .prefetch_related("results")
    )
    return [
        Case(
            one.slug, size_of(one.pence), one.pence, one.commitment.effective_on,
            int(
                one.state == Award.State.CANCELLED
                or any(r.outcome == Outcome.STOPPED and r.shown_id for r in one.results.all())
            ),
        )
        for one in awards
    ]  # fmt: skip


def _burden() -> list[Case]:
    awards = list(
        Award.objects.filter(is_example=False).select_related("commitment", "application__form")
    )
    asked = assessments_of(awards)
    return [
        Case(
            one.slug, asked[one.pk].tier.key, one.pence, one.commitment.effective_on,
            asked[one.pk].assurance_permille, asked[one.pk].assurance_pence,
        )
        for one in awards
    ]  # fmt: skip


_OF_PAYMENTS = {"accounted": _accounted, "days": _days}
_OF_AWARDS = {"returned": _returned, "stopped": _stopped, "burden": _burden}


def tiers_on(today: date) -> list[str]:
    """The sizes in their order."""
    return [tier.key for tier in schedule(today).tiers]
