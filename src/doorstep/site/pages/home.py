"""The first page: five stops that tell the whole idea in five minutes, without signing in."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doorstep.apps.awards import rules as award_rules
from doorstep.apps.awards.models import Award, Payment, PaymentState
from doorstep.apps.awards.models.reports import Receipt, ReceiptState
from doorstep.apps.fund.queries import allocation_of, figures_by_class
from doorstep.apps.people.guards import public
from doorstep.apps.rounds.models import Round, RoundState
from doorstep.apps.rounds.queries import featured_round, verdict_on
from doorstep.apps.voting.models import PollState

VOTES_SHOWN = 5


@dataclass(frozen=True)
class Paid:
    """A payment that the bank's statement shows: who agreed, by role, and on which day it left."""

    payment: Payment
    people: str
    day: date


@public
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/home.html", told())


def told() -> dict[str, object]:
    """The newest decided round of the place first in line, and its smallest award.

    The smallest, because the small sums are the ones that people doubt can be followed.
    """
    round_ = featured_round()
    if round_ is None:
        return {"round": None, "votes": open_votes()}
    allocation = allocation_of(round_.place.pk)
    classes = figures_by_class(allocation.fund) if allocation else []
    awards = Award.objects.filter(project__round=round_).select_related("title", "project")
    award = awards.order_by("pence").first()
    return {
        "round": round_,
        "votes": open_votes(),
        "place": round_.place,
        "allocation": allocation,
        "arrived": sum(one.arrived for one in classes),
        "award": award,
        "paid": _paid(award) if award else None,
        "receipt": Receipt.objects.filter(
            award=award, state=ReceiptState.SHOWN, shown__kind="image/jpeg"
        )
        .select_related("shown")
        .first()
        if award
        else None,
        "supporters": verdict_on(round_, award.project.code)["votes"]
        if award and award.project
        else 0,
    }


def open_votes() -> list[Round]:
    """Live rounds whose voting is open, as the record says, the one that ends soonest first."""
    open_now = Round.objects.filter(
        state=RoundState.FROZEN, is_example=False, poll__state=PollState.OPEN
    )
    told = open_now.select_related("place", "title", "terms").order_by("terms__closes_at", "pk")
    return list(told[:VOTES_SHOWN])


def _paid(award: Award) -> Paid | None:
    """The first payment of an award that the bank paid."""
    payment = (
        Payment.objects.filter(award=award, state=PaymentState.CLEARED)
        .select_related("clear_entry")
        .prefetch_related("approvals")
        .order_by("pk")
        .first()
    )
    if payment is None or payment.clear_entry is None:
        return None
    agreed = [one.role for one in payment.approvals.all() if not one.is_recusal]
    people = award_rules.people_in_words([payment.raised_role, *agreed])
    return Paid(payment, people, payment.clear_entry.effective_on)
