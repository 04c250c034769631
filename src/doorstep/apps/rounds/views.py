"""The partnership's side of a round: the list, the draft, and what can be called off.

The freeze and the count in one room join rooms (they make awards), so they stand in `site/pages`.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doorstep.apps.files.views import serve
from doorstep.apps.people.guards import acting, needs_role, place_at, public
from doorstep.apps.people.step_up import after_a_fresh_second_step
from doorstep.apps.places.models import Place
from doorstep.apps.rounds import actions, defaults, working
from doorstep.apps.rounds.forms import (
    DraftForm,
    NewRoundForm,
    ReasonForm,
    WithdrawForm,
    as_filled,
)
from doorstep.apps.rounds.models import (
    BallotBox,
    Round,
    RoundState,
    TallySheet,
    Terms,
    VoteType,
)
from doorstep.apps.rounds.queries import (
    named_projects,
    public_rounds,
    withdrawn,
)
from doorstep.engine.count import likely_unique

# Trust research, 2.4: up to 5 of 12 ideas, so many voters, the percent of ballots cast once only.
SIMULATED = ((50, 63), (300, 28), (1_000, 15))


def place_of(request: HttpRequest, slug: str) -> Place:
    """The place of a round, drafts too; who may not act there sees no more than a refusal."""
    return get_object_or_404(Round.objects.select_related("place"), slug=slug).place


@needs_role("partnership_member", "worker", place=place_at)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a draft. Sent twice, the second leads to the same one."""
    place = place_at(request, slug)
    form = NewRoundForm(request.POST if request.method == "POST" else None, place=place)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        round_ = actions.begin_draft(
            place,
            title=given["title"],
            budget_pence=given["pot"],
            size=given["size"],
            expected_voters=given["expected_voters"],
        )
        messages.success(
            request, _("The draft is made, with everything filled in. Change what does not fit.")
        )
        return redirect("round-edit", slug=round_.slug)
    return render(request, "rounds/new.html", {"place": place, "form": form})


@needs_role("partnership_member", "worker", place=place_of)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything about a draft. A frozen round is only shown."""
    round_ = get_object_or_404(Round.objects.select_related("place", "title"), slug=slug)
    terms = Terms.objects.select_related("secrecy_reason").filter(pk=round_.pk).first()
    if round_.state != RoundState.DRAFT or terms is None:
        messages.info(request, _("What this round asks is fixed and can be read here."))
        return redirect("round", slug=slug)
    place, today = round_.place, timezone.localdate()
    form = DraftForm(
        request.POST if request.method == "POST" else None,
        initial=as_filled(round_, terms),
        place=place,
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.change_draft(
            round_,
            title=given["title"],
            budget_pence=given["pot"],
            vote_type=VoteType(given["vote_type"]),
            rule=defaults.rule_of(given["count_rule"], given["vote_type"], today, place.slug),
            terms=form.asking(),
        )
        messages.success(request, _("Saved."))
        return redirect("round-edit", slug=slug)
    begun = timezone.localdate(round_.created_at)
    suggested = defaults.suggested(terms.size, begun, place.slug, terms.expected_voters)
    ideas = round_.projects.count()
    return render(
        request,
        "rounds/edit.html",
        {
            "round": round_,
            "place": place,
            "form": form,
            "worked_out": suggested,
            "columns": [(_("Voters"), ""), (_("Ballots cast once only"), "number")],
            "simulated": [[f"{voters:,}", f"{percent}%"] for voters, percent in SIMULATED],
            "likely": likely_unique(ideas, terms.expected_voters) if ideas else None,
            "ideas": ideas,
            "working": working.pages_of([round_], request.user)[round_.pk],
        },
    )


@needs_role("partnership_member", "worker", place=place_of)
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    round_ = get_object_or_404(Round.objects.select_related("place", "title"), slug=slug)
    if round_.state != RoundState.DRAFT:
        raise Http404("only a draft can be deleted")
    if request.method == "POST":
        actions.delete_draft(round_)
        messages.success(request, _("The draft is deleted."))
        return redirect("place-rounds", slug=round_.place.slug)
    return render(request, "rounds/delete.html", {"round": round_})


@needs_role("partnership_member", place=place_of)
@require_http_methods(["GET", "POST"])
@after_a_fresh_second_step
def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Call a frozen round off. Sent twice, the second finds it done."""
    round_ = get_object_or_404(public_rounds(), slug=slug)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if round_.state == RoundState.CANCELLED:
        return redirect("round", slug=slug)
    if request.method == "POST" and form.is_valid():
        actions.cancel_round(
            round_,
            reason=form.cleaned_data["reason"],
            on=timezone.localdate(),
            actor=acting(request),
        )
        return redirect("round", slug=slug)
    return render(request, "rounds/cancel.html", {"round": round_, "form": form})


@needs_role("partnership_member", place=place_of)
@require_http_methods(["GET", "POST"])
@after_a_fresh_second_step
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Take one idea off the ballot of a frozen round. Sent twice, the second finds it done."""
    round_ = get_object_or_404(public_rounds(), slug=slug)
    off = withdrawn(round_)
    projects = named_projects(round_)
    on_ballot = {code: project for code, project in projects.items() if code not in off}
    given: dict[str, Any] | None = request.POST if request.method == "POST" else None
    if given is not None and given.get("project") in off:
        return redirect("round", slug=slug)
    form = WithdrawForm(given, projects=on_ballot)
    if given is not None and form.is_valid():
        actions.withdraw_project(
            projects[form.cleaned_data["project"]],
            reason=form.cleaned_data["reason"],
            actor=acting(request),
        )
        messages.success(request, _("The idea is taken off, and the ballot says why."))
        return redirect("round", slug=slug)
    return render(request, "rounds/withdraw.html", {"round": round_, "form": form})


@public
def totals(request: HttpRequest, slug: str) -> HttpResponse:
    """The totals of a vote in one room, as they were sealed."""
    box = get_object_or_404(BallotBox, round__slug=slug, form=BallotBox.Form.TOTALS)
    headers = {"Content-Disposition": f'attachment; filename="{slug}.json"'}
    return HttpResponse(box.published, content_type="application/json", headers=headers)


@needs_role("partnership_member", "worker", place=place_of)
@require_safe
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """The photo of a signed sheet that is not public."""
    signed = get_object_or_404(TallySheet.objects.select_related("photo"), round__slug=slug)
    return serve(signed.photo)
