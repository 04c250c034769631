"""What voting adds to the freeze of a round: the plan of its codes."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from doorstep.apps.rounds.freezing import (
    Missing,
    before_cancel,
    before_deleting,
    before_freeze,
    before_withdrawing,
    frozen_with,
)
from doorstep.apps.rounds.models import Round, RoundSize, VoteType
from doorstep.apps.voting.choices import KINDS
from doorstep.apps.voting.models import Channel, CodePlan, Opening, Poll, PollState, Trustee


@before_freeze(only_for_a_vote=True)
def codes_not_planned(round_: Round) -> Iterable[str]:
    """A vote by code needs codes, desk cards among them to replace a lost one."""
    if round_.terms.size == RoundSize.ROOM:
        return
    here = reverse("voting:codes", args=[round_.slug])
    channels = set(CodePlan.objects.filter(round=round_).values_list("channel", flat=True))
    if not channels:
        yield Missing(_("No codes are planned. Say how many letters or cards there will be."), here)
    elif channels == {Channel.LETTER}:
        yield Missing(_("No cards are planned. A lost letter is replaced by a desk card."), here)
    if round_.vote_type not in KINDS or round_.vote_type == VoteType.SCORING:
        yield Missing(_("This kind of ballot cannot be cast by code. Choose another kind."))
    if round_.vote_type == VoteType.CUMULATIVE and not round_.terms.points:
        yield Missing(_("Say how many points each voter shares out."))


@frozen_with
def plan_of_codes(round_: Round) -> dict[str, Any]:
    """How many codes, by which channel, in which area. The area is a commitment to its words."""
    plans = CodePlan.objects.filter(round=round_).select_related("area").order_by(F("pk").asc())
    lines = [
        {
            "channel": str(plan.channel),
            "area": plan.area.commitment if plan.area else None,
            "count": plan.count,
        }
        for plan in plans
    ]
    return {"codes": lines} if lines else {}


@before_cancel
def somebody_looked_into_the_box(round_: Round) -> Iterable[str]:
    """Whoever has seen the ballots could call off a result that they do not like."""
    if Opening.objects.filter(trustee__round=round_).exists():
        yield _("A trustee has opened the box, so the round must be counted.")


@before_deleting
def a_vote_is_being_prepared(round_: Round) -> Iterable[str]:
    """A poll is never removed, nor what the record says of trustees."""
    if Poll.objects.filter(round=round_).exists():
        yield _(
            "Codes were planned for this round, and a vote that is being prepared is kept, so it "
            "cannot be deleted. You can still change it."
        )
    elif Trustee.objects.filter(round=round_).exists():
        yield _(
            "Trustees were named for this round, and the record says so, so it cannot be deleted. "
            "You can still change it."
        )


@before_withdrawing
def voting_has_ended(round_: Round) -> Iterable[str]:
    """Whoever has seen the ballots could take off the idea that they do not like."""
    before = [PollState.PREPARED, PollState.OPEN]
    if Poll.objects.filter(round=round_).exclude(state__in=before).exists():
        yield _("Voting has ended, so the idea stays.")
