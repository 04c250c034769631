"""Checkers' pages: answer an idea in public, and decide about words that must not stand."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doorstep.apps.ideas import actions
from doorstep.apps.ideas.forms import AnswerForm, ReasonForm
from doorstep.apps.ideas.models import IdeaState, StepKind
from doorstep.apps.ideas.queries import fate, history
from doorstep.apps.ideas.views.asking import typed
from doorstep.apps.ideas.views.author import place_of_idea
from doorstep.apps.ideas.views.reading import idea_with_round, last_of
from doorstep.apps.people.guards import acting, needs_role
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import RoundState

CHECKERS = ("worker", "council_officer", "partnership_member")


@needs_role(*CHECKERS, place=place_of_idea)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, number: int) -> HttpResponse:
    """Possible, at this cost; or not as written, by this rule, and what would change that."""
    idea = idea_with_round(number)
    waits = idea.state in (IdeaState.PROPOSED, IdeaState.REVIEW) and not idea.hidden
    form = AnswerForm(typed(request))
    if request.method == "POST" and not waits:
        # Sent twice, or answered by somebody else meanwhile: the page shows what stands.
        return redirect("ideas:idea", number=number)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.answer(
                idea,
                possible=data["verdict"] == "possible",
                cost_pence=data["cost"],
                reason=data["reason"],
                rule_key=data["rule_key"],
                rule_words=data["rule_words"],
                changes=data["changes"],
                actor=acting(request),
            )
        except Refused as refusal:
            form.add_error("cost" if refusal.code.startswith("cost") else None, refusal.reason)
        else:
            messages.success(request, _("The answer stands on the idea’s page."))
            return redirect("ideas:idea", number=number)
    asked = last_of(history(idea), StepKind.REVIEW_ASKED)
    return render(
        request,
        "ideas/check.html",
        {
            "idea": idea,
            "round": idea.round,
            "fate": fate(idea),
            "form": form,
            "waits": waits,
            "review": asked if idea.state == IdeaState.REVIEW else None,
        },
    )


@needs_role(*CHECKERS, place=place_of_idea)
@require_http_methods(["GET", "HEAD", "POST"])
def moderate(request: HttpRequest, number: int) -> HttpResponse:
    """Hide an idea's words with a public reason, look at that again, or erase them by law."""
    idea = idea_with_round(number)
    form = ReasonForm(typed(request))
    wanted = request.POST.get("do", "")
    steps = history(idea)
    last = last_of(
        steps, StepKind.HIDDEN, StepKind.HIDING_QUESTIONED, StepKind.HIDING_KEPT, StepKind.SHOWN
    )
    asked = idea.hidden and last is not None and last.kind == StepKind.HIDING_QUESTIONED
    acts = {"hide": actions.hide, "show": actions.show_again, "erase": actions.erase}
    if asked:
        acts["keep"] = actions.keep_hidden
    if request.method == "POST" and wanted in acts and form.is_valid():
        try:
            acts[wanted](idea, form.cleaned_data["reason"], actor=acting(request))
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("Done. The idea’s page says so, with your reason."))
            return redirect("ideas:idea", number=number)
    return render(
        request,
        "ideas/moderate.html",
        {
            "idea": idea,
            "round": idea.round,
            "form": form,
            "asked": last if asked else None,
            "hiding": last_of(steps, StepKind.HIDDEN),
            "can_hide": idea.round.state == RoundState.DRAFT or idea.state != IdeaState.ON_BALLOT,
            "erased": bool(last_of(steps, StepKind.ERASED)),
        },
    )
