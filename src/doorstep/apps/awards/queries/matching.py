"""Reads about which payment a line of the bank may be."""

from collections.abc import Iterable
from dataclasses import dataclass

from doorstep.apps.awards.matching import Suggestion, Waiting, suggestions
from doorstep.apps.awards.models import Payment, PaymentState
from doorstep.apps.ledger.models import BankAccount, BankLine, Journal
from doorstep.apps.ledger.reconciling import Said, arrivals_open, said_of
from doorstep.apps.record.verify import body_of
from doorstep.engine.rulebook import rule


@dataclass(frozen=True)
class OpenLine:
    """A line to be accounted for, opened for those who do it, with what it may be."""

    line: BankLine
    said: Said
    suggestions: list[Suggestion]
    arrivals: list[tuple[Journal, int]]
    returned: list[Payment]


def released_by(payment: Payment) -> int | None:
    """The number of the account that sent a payment to the bank, as its leaf says."""
    body = (body_of(payment.released) if payment.released else None) or {}
    actor = body.get("actor")
    found = actor.get("id") if isinstance(actor, dict) else None
    return found if type(found) is int else None


def waiting_at(account: BankAccount) -> list[Waiting]:
    """Payments that were sent and that no statement shows yet. One statement."""
    payments = Payment.objects.filter(state=PaymentState.RELEASED).select_related(
        "payee_organisation", "mandate", "released"
    )
    if account.place_id is not None:
        payments = payments.filter(award__place=account.place_id)
    return [
        Waiting(
            payment=one.pk,
            slug=one.slug,
            pence=one.pence,
            released_on=one.released_on,
            released_by=released_by(one),
            invoice_key=one.invoice_key,
            payee=one.payee_organisation.name
            if one.payee_organisation
            else one.mandate.account_name,
        )
        for one in payments
        if one.released_on is not None
    ]


def opened(account: BankAccount, lines: Iterable[BankLine]) -> list[OpenLine]:
    """Each line with what it may be. A constant number of statements."""
    waiting, arrivals = waiting_at(account), arrivals_open(account)
    paid = Payment.objects.filter(state=PaymentState.CLEARED).order_by("-pk")
    if account.place_id is not None:
        paid = paid.filter(award__place=account.place_id)
    cleared = list(paid[:500])
    place = account.place.slug if account.place else None
    return [_opened(line, place, waiting, arrivals, cleared) for line in lines]


def _opened(
    line: BankLine,
    place: str | None,
    waiting: list[Waiting],
    arrivals: list[tuple[Journal, int]],
    cleared: list[Payment],
) -> OpenLine:
    said = said_of(line)
    days = int(rule("bank.match_within", line.booked_on, place).value)
    return OpenLine(
        line=line,
        said=said,
        suggestions=suggestions(
            line.pence, line.booked_on, said.who, said.reference, waiting, days
        ),
        arrivals=[one for one in arrivals if one[1] == line.pence],
        returned=[one for one in cleared if one.pence == line.pence],
    )
