"""What is still owed on an award, and by when. Less for less money. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from doorstep.apps.ledger.rules import pounds
from doorstep.engine.rulebook import rule


@dataclass(frozen=True)
class Standing:
    """An award as this room's questions see it. Days are those on which the bank paid, and `place`
    is whose own rules hold.

    `handed_in` is the pence of receipts that were not sent back, `shown` of those that are public.
    """

    place: str
    kind: str
    state: str
    pence: int
    paid_on: Sequence[date]
    paid: int
    on_its_way: Sequence[date]
    asked_for: bool
    signed: bool
    handed_in: int
    shown: int
    waiting: int
    told: bool
    told_waiting: bool
    years: int
    instalment_due: date | None


@dataclass(frozen=True)
class Next:
    """One thing that comes next. `due` is the last day on which it is in time; `begins` is the
    first on which it can be done, where nothing is late."""

    words: str
    due: date | None = None
    kind: str = ""
    begins: date | None = None


def year_after(day: date, years: int) -> date:
    """The last day of the so-manieth year that began on `day`."""
    return years_on(day, years) - timedelta(days=1)


def years_on(day: date, years: int) -> date:
    """The same day so many years on; 1 March for 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def next_steps(one: Standing, today: date) -> list[Next]:
    """Everything that comes next, soonest first; empty once all is told."""
    found = [*_before_payment(one, today), *_after_payment(one, today)]
    return sorted(found, key=lambda step: step.due or step.begins or date.max)


def _before_payment(one: Standing, today: date) -> list[Next]:
    if one.state in {"closed", "cancelled"}:
        return []
    steps = []
    if not one.signed:
        steps.append(Next(_("Both sides sign the agreement."), kind="sign"))
    elif one.asked_for:
        steps.append(Next(_("Whoever must agree to the payment decides."), kind="approve"))
    elif one.paid + (1 if one.on_its_way else 0) == 0 or one.instalment_due is not None:
        steps.append(
            Next(_("Somebody asks for the next payment."), kind="ask", begins=one.instalment_due)
        )
    elif one.paid < one.pence and not one.on_its_way:
        left = pounds(one.pence - one.paid)
        steps.append(
            Next(
                _("The rest, %(sum)s, is asked for, or goes back to the place.") % {"sum": left},
                kind="ask",
            )
        )
    days = int(rule("bank.public_after", today, one.place).value)
    for sent in one.on_its_way:
        steps.append(
            Next(_("The bank’s statement shows the payment."), sent + timedelta(days=days), "bank")
        )
    return steps


def _after_payment(one: Standing, today: date) -> list[Next]:
    if not one.paid_on or one.state == "cancelled":
        return []
    last = max(one.paid_on)
    if one.kind == "unrestricted":
        ends = year_after(min(one.paid_on), one.years + 1)
        within = int(rule("report.year_within", last, one.place).value)
        return [
            Next(
                _("The year closes with the group’s accounts and a page of story."),
                ends + timedelta(days=within),
                "year",
            )
        ]
    small = one.pence <= int(rule("report.small_award", last, one.place).value)
    steps = []
    missing = one.paid - one.handed_in
    if missing > 0 and not (small and one.handed_in):
        within = int(rule("report.receipts_within", last, one.place).value)
        steps.append(
            Next(
                _("Receipts for %(sum)s are handed in.") % {"sum": pounds(missing)},
                last + timedelta(days=within),
                "receipts",
            )
        )
    if one.waiting or one.told_waiting:
        steps.append(
            Next(_("Somebody looks at what was handed in, then it is public."), kind="check")
        )
    if not one.told and not one.told_waiting:
        key = "report.result_within_small" if small else "report.result_within"
        within = int(rule(key, last, one.place).value)
        steps.append(
            Next(
                _("Whoever did it tells what happened, in their own words."),
                last + timedelta(days=within),
                "result",
            )
        )
    return steps
