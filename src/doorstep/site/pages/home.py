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
VOTES_READ = 50  # open ones come first


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
        return {"round": None, **votes_at_home()}
    allocation = allocation_of(round_.place.pk)
    classes = figures_by_class(allocation.fund) if allocation else []
    awards = Award.objects.filter(project__round=round_).select_related("title", "project")
    award = awards.order_by("pence").first()
    return {
        "round": round_,
        **votes_at_home(),
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


def votes_at_home() -> dict[str, list[Round]]:
    """Live rounds of which the record says that voting is open, the one that ends soonest first,
    and those whose rules are fixed and whose voting has not begun; one statement."""
    live = Round.objects.filter(
        state=RoundState.FROZEN,
        is_example=False,
        poll__state__in=[PollState.OPEN, PollState.PREPARED],
    ).select_related("place", "title", "terms", "poll")
    told = live.order_by("poll__state", "terms__closes_at", "pk")
    found: dict[str, list[Round]] = {PollState.OPEN: [], PollState.PREPARED: []}
    for one in told[:VOTES_READ]:
        found[one.poll.state].append(one)
    return {
        "votes": found[PollState.OPEN][:VOTES_SHOWN],
        "coming": found[PollState.PREPARED][:VOTES_SHOWN],
    }


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
