"""Which payment a line of the bank is likely to be, with the reasons in words. Pure.

Only the very same sum is ever suggested; the rest says how sure to be. A person decides.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorstep.apps.awards.rules import invoice_key
from doorstep.apps.refused import Refused

_SMALL_WORDS = {"the", "and", "ltd", "limited", "cic", "cio", "plc", "group", "trust", "for", "of"}


@dataclass(frozen=True)
class Waiting:
    """A payment that is on its way, as the matching sees it."""

    payment: int
    slug: str
    pence: int
    released_on: date
    released_by: int | None
    invoice_key: str
    payee: str


@dataclass(frozen=True)
class Suggestion:
    """A payment that a line may be, how likely, and why."""

    waiting: Waiting
    points: int
    reasons: tuple[str, ...]


def suggestions(
    pence: int, booked_on: date, who: str, reference: str, waiting: Iterable[Waiting], days: int
) -> list[Suggestion]:
    """Likely payments for a line of money out, the likeliest first. `pence` is as the bank has
    it, negative for money out. A line from before a payment was released is never that payment."""
    found = [
        _weighed(one, booked_on, who, reference, days)
        for one in waiting
        if one.pence == -pence and one.released_on <= booked_on
    ]
    return sorted(found, key=lambda one: (-one.points, one.waiting.released_on, one.waiting.slug))


def _weighed(one: Waiting, booked_on: date, who: str, reference: str, days: int) -> Suggestion:
    points, reasons = 1, [_("The sum is the same.")]
    if one.slug.casefold() in reference.casefold():
        points += 4
        reasons.append(_("The bank’s reference names the payment."))
    if _names_invoice(one.invoice_key, f"{reference} {who}"):
        points += 4
        reasons.append(_("The bank’s reference names the invoice."))
    if _same_name(one.payee, f"{who} {reference}"):
        points += 2
        reasons.append(_("The name is the payee’s."))
    after = (booked_on - one.released_on).days
    if timedelta(days=after) <= timedelta(days=days):
        points += 1
        reasons.append(
            ngettext(
                "It was booked %(n)s day after the payment was sent.",
                "It was booked %(n)s days after the payment was sent.",
                after,
            )
            % {"n": after}
        )
    return Suggestion(one, points, tuple(reasons))


def _names_invoice(key: str, text: str) -> bool:
    """Whether the text holds the invoice's number, compared as two invoices are."""
    if len(key) < 3 or not text.strip():
        return False
    try:
        return key in invoice_key(text[:60])
    except Refused:
        return False


def _same_name(payee: str, text: str) -> bool:
    """Whether the first telling words of a payee's name stand in what the bank wrote (banks cut
    names at eighteen characters)."""
    words = [w for w in re.findall(r"[^\W\d_]{3,}", payee.casefold()) if w not in _SMALL_WORDS]
    written = text.casefold()
    return bool(words) and all(word in written for word in words[:2])
