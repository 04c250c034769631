"""How a pot is shared: each rule beside the others before it is decided, and the decision after."""

from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doorstep.apps.fund.actions import decide_shares
from doorstep.apps.fund.forms import DecideForm
from doorstep.apps.fund.models import Decision, Proposal, ProposedPlace
from doorstep.apps.fund.working import Working, reason_from, work_out
from doorstep.apps.people.guards import acting, needs_role
from doorstep.apps.people.step_up import after_a_fresh_second_step
from doorstep.apps.public import public
from doorstep.apps.refused import Refused
from doorstep.engine.need.errors import NeedError
from doorstep.engine.need.shares import Share
from doorstep.engine.need.words import said
from doorstep.site.components.tables import data_table
from doorstep.site.pages.reasoning import rule_words
from doorstep.site.words import money

NEAREST = 10


@public
def page(request: HttpRequest, fund: str, slug: str) -> HttpResponse:
    return render(request, "pages/shares.html", told(_proposal(fund, slug)))


@needs_role("funder", everywhere=True)
@require_http_methods(["GET", "HEAD", "POST"])
@after_a_fresh_second_step
def decide(request: HttpRequest, fund: str, slug: str) -> HttpResponse:
    """The funder's form: the comparison above it, a rule, and a reason that stands for years."""
    proposal = _proposal(fund, slug)
    form = DecideForm(request.POST or None, proposal=proposal)
    if request.method == "POST" and form.is_valid():
        try:
            decide_shares(proposal, **form.cleaned_data, actor=acting(request))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is decided, and stands in the record."))
            return redirect("shares", fund, slug)
    return render(request, "pages/shares_decide.html", {**told(proposal), "form": form})


def told(proposal: Proposal) -> dict[str, object]:
    """Everything the page says; three statements, however many places share."""
    worked = work_out(proposal)
    outcomes = worked.outcomes()
    decision = getattr(proposal, "decision", None)
    shares = list(decision.shares.select_related("place")) if decision else []
    return {
        "proposal": proposal,
        "decision": decision,
        "chosen": len(worked.chosen),
        "looked_at": len(worked.places),
        "comparison": comparison(worked, outcomes, decision),
        "told": list(gains(worked.chosen, outcomes)),
        "sentences": [(one.place, said(reason_from(one.reason), _)) for one in shares],
        "rule": rule_words(proposal.programme),
        "near": _nearest(worked),
    }


def comparison(
    worked: Working, outcomes: dict[str, tuple[Share, ...] | NeedError], decision: Decision | None
) -> SafeString:
    """A row for each place and a column for each rule, the last row their sums: the pot each.

    Beside each sum stands what the place gains or loses against an equal share.
    """
    kept = {kind: one for kind, one in outcomes.items() if not isinstance(one, NeedError)}
    heads = [
        (_("%(rule)s (decided)") if decision and decision.rule == kind else "%(rule)s")
        % {"rule": Decision.Rule(kind).label}
        for kind in kept
    ]
    rows: list[list[object]] = [
        [
            format_html('<a href="{}">{}</a>', reverse("why", args=[place.code]), str(place)),
            *(_beside(shares[at].pence, kept.get("equal"), at) for shares in kept.values()),
        ]
        for at, place in enumerate(worked.chosen)
    ]
    rows.append(
        [_("Together"), *(money(sum(one.pence for one in shares)) for shares in kept.values())]
    )
    return data_table(
        _("The same pot under each rule"),
        [_("Place"), *((head, "number") for head in heads)],
        rows if kept else [],
        nothing=_("No rule can share this pot: what is written below says why."),
    )


def _beside(pence: int, equal: tuple[Share, ...] | None, at: int) -> str:
    """A sum, and by how much it is more or less than an equal share."""
    apart = pence - equal[at].pence if equal else 0
    if not apart:
        return money(pence)
    sign = "+" if apart > 0 else "−"
    # On a line of its own: sums do not break, and both beside each other are wider than a phone.
    return format_html("{}<br>({}{})", money(pence), sign, money(abs(apart)))


def gains(
    places: Sequence[ProposedPlace], outcomes: dict[str, tuple[Share, ...] | NeedError]
) -> Iterator[str]:
    """Who gains and who loses by each rule, against sharing equally, in sentences."""
    equal = outcomes.get("equal")
    for kind, shares in outcomes.items():
        label = Decision.Rule(kind).label
        if isinstance(shares, NeedError):
            yield _("%(rule)s: it cannot be done. %(why)s") % {"rule": label, "why": shares.what}
        elif kind != "equal" and isinstance(equal, tuple):
            yield _gain(str(label), places, shares, equal)


def _gain(
    label: str, places: Sequence[ProposedPlace], shares: Sequence[Share], equal: Sequence[Share]
) -> str:
    moved = sorted(
        (one.pence - other.pence, str(place))
        for place, one, other in zip(places, shares, equal, strict=True)
    )
    (least, loser), (most, winner) = moved[0], moved[-1]
    if most <= 0 or least >= 0:
        return _("%(rule)s gives each place the same as sharing equally.") % {"rule": label}
    return _(
        "%(rule)s rather than equally moves %(sum)s. Places that get more: %(up)s; %(winner)s "
        "gains most, %(gain)s. Places that get less: %(down)s; %(loser)s loses most, %(loss)s."
    ) % {
        "rule": label,
        "sum": money(sum(one for one, _name in moved if one > 0)),
        "up": sum(one > 0 for one, _name in moved),
        "down": sum(one < 0 for one, _name in moved),
        "winner": winner,
        "gain": money(most),
        "loser": loser,
        "loss": money(-least),
    }


def _nearest(worked: Working) -> list[tuple[ProposedPlace, str]]:
    by_code = {one.code: one for one in worked.places}
    return [
        (by_code[one.code], " ".join(said(reason, _) for reason in one.reasons))
        for one in worked.selection.near_misses(NEAREST)
    ]


def _proposal(fund: str, slug: str) -> Proposal:
    told = Proposal.objects.select_related("fund", "leaf", "decision__reason", "decision__leaf")
    return get_object_or_404(told, fund__slug=fund, slug=slug)
