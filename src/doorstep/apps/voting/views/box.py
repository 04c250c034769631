"""The box after voting: what is still missing, open it, seal it, and let it forget."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doorstep.apps.people.guards import acting, needs_role
from doorstep.apps.people.models import Account
from doorstep.apps.people.step_up import after_a_fresh_second_step
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import RoundState, Secrecy
from doorstep.apps.voting import box, paper
from doorstep.apps.voting.actions import trustees as acts
from doorstep.apps.voting.actions.box import agreement, open_box, seal_round
from doorstep.apps.voting.actions.rewriting import rewrite_what_is_owed
from doorstep.apps.voting.models import (
    Claim,
    HouseAsk,
    PaperStack,
    Poll,
    PollState,
    Trustee,
    Way,
)
from doorstep.apps.voting.views.trustees import place_of_round, round_with_terms


@needs_role("partnership_member", "worker", place=place_of_round)
@require_http_methods(["GET", "POST"])
@after_a_fresh_second_step
def box_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything between the end of voting and the count, each step with what it waits for."""
    round_ = round_with_terms(slug)
    poll = Poll.objects.filter(round=round_).first()
    wanted = request.POST.get("do", "")
    if request.method == "POST" and poll is not None:
        _do(request, wanted, slug)
        return redirect("voting:box", slug=slug)
    openings, why = agreement(round_)
    stacks: list[dict[str, Any]] = [
        {"stack": stack, "standing": paper.standing(stack)}
        for stack in PaperStack.objects.filter(round=round_)
    ]
    house = round_.terms.secrecy == Secrecy.HOUSE
    asks = HouseAsk.objects.filter(round=round_)
    on_paper = Claim.objects.filter(credential__round=round_, channel=Way.PAPER).count()
    keyed = sum(one["standing"].keyed for one in stacks)
    return render(
        request,
        "voting/box.html",
        {
            "round": round_,
            "poll": poll,
            "ended": poll is not None
            and poll.state == PollState.ENDED
            and round_.state != RoundState.CANCELLED,
            "opened": poll is not None and poll.state == PollState.OPENED,
            "sealed": poll is not None and poll.state == PollState.SEALED,
            "house": house,
            "member": acting(request).kind == "partnership_member",
            "called_off": round_.state == RoundState.CANCELLED,
            "asks": asks.count(),
            "asked_by_me": asks.filter(account_id=int(request.user.pk or 0)).exists(),
            "agree": openings,
            "why": why,
            "trustees": Trustee.objects.filter(round=round_).select_related(
                "name", "opening", "gone"
            ),
            "stacks": stacks,
            "keyed": keyed,
            "on_paper": on_paper,
            "paper_gap": on_paper - keyed,
            "unsigned": [one for one in stacks if one["stack"].signed_id is None],
            "envelopes": box.how_many_count(round_),
            "ready": (asks.count() > 1) if house else bool(openings),
        },
    )


def _do(request: HttpRequest, wanted: str, slug: str) -> None:
    round_ = round_with_terms(slug)
    if wanted == "ask":
        account = Account.objects.get(pk=int(request.user.pk or 0))
        acts.ask_the_house(round_, account, actor=acting(request))
    elif wanted == "open":
        open_box(round_, actor=acting(request))
    elif wanted == "seal":
        seal_round(round_, actor=acting(request))
        rewrite_what_is_owed()
    else:
        raise Refused(_("Choose one of the buttons on the page."), code="unknown_step")
