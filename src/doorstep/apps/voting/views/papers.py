"""Papers: print a stack, key it ballot by ballot, sign it off."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from doorstep.apps.people.guards import acting, needs_role
from doorstep.apps.people.models import Account
from doorstep.apps.people.step_up import after_a_fresh_second_step
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import Round
from doorstep.apps.rounds.queries import named_projects
from doorstep.apps.voting import paper
from doorstep.apps.voting.actions.paper import count_stack, key_sheet, print_stack
from doorstep.apps.voting.forms_of_the_box import KeyingForm, StackCountForm, StackForm
from doorstep.apps.voting.models import PaperStack, Poll, PollState
from doorstep.apps.voting.papers_printed import papers_pdf
from doorstep.apps.voting.views.trustees import place_of_round, round_with_terms

KEYERS = ("worker", "partnership_member")


def _stack(round_: Round, number: int) -> PaperStack:
    return get_object_or_404(PaperStack, round=round_, number=number)


def _state(round_: Round) -> str:
    return Poll.objects.filter(round=round_).values_list("state", flat=True).first() or ""


@needs_role(*KEYERS, place=place_of_round)
@require_http_methods(["GET"])
def papers(request: HttpRequest, slug: str) -> HttpResponse:
    """Every stack of a round and how it stands, and a form to print another."""
    round_ = round_with_terms(slug)
    state = _state(round_)
    return render(
        request,
        "voting/papers.html",
        {
            "round": round_,
            "printing": state in (PollState.PREPARED, PollState.OPEN),
            "keying": state == PollState.ENDED,
            "form": StackForm(languages=round_.terms.languages),
            "stacks": [
                {"stack": stack, "standing": paper.standing(stack)}
                for stack in PaperStack.objects.filter(round=round_)
            ],
        },
    )


@needs_role(*KEYERS, place=place_of_round)
@require_POST
@after_a_fresh_second_step
def print_papers(request: HttpRequest, slug: str) -> HttpResponse:
    """Print a stack, once: the trackers on it are nowhere else. Pressed twice prints two stacks,
    and an unused one is signed off as nothing returned."""
    round_ = round_with_terms(slug)
    form = StackForm(request.POST, languages=round_.terms.languages)
    if not form.is_valid():
        raise Refused(
            _("Choose how many papers, what kind, and in which language."), code="stack_form"
        )
    printed = print_stack(
        round_,
        sheets=form.cleaned_data["sheets"],
        look=form.cleaned_data["look"],
        language=form.cleaned_data["language"],
        actor=acting(request),
    )
    return HttpResponse(
        papers_pdf(printed, list(named_projects(round_).values())),
        content_type="application/pdf",
        headers={
            "Content-Disposition": (
                f'attachment; filename="{slug}-papers-{printed.stack.number}.pdf"'
            ),
            "Cache-Control": "no-store",
        },
    )


@needs_role(*KEYERS, place=place_of_round)
@require_http_methods(["GET", "POST"])
def key_papers(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Key one ballot after another; a refused one stays in the form, to be put right."""
    round_ = round_with_terms(slug)
    stack = _stack(round_, number)
    form = KeyingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            key_sheet(
                stack,
                said["number"],
                tracker=said["tracker"],
                marks=said["marks"],
                spoilt=said["spoilt"],
                keyer=Account.objects.get(pk=int(request.user.pk or 0)),
            )
        except Refused as refusal:
            field = {"other_tracker": "tracker", "no_such_paper": "number"}.get(refusal.code)
            in_marks = {"marks", "no_such_idea", "idea_twice", "paper_spoilt", "choice_damaged"}
            form.add_error(field or ("marks" if refusal.code in in_marks else None), refusal.reason)
        else:
            messages.success(request, _("Paper %(number)s is keyed.") % {"number": said["number"]})
            return redirect("voting:papers-key", slug=slug, number=number)
    return render(
        request,
        "voting/papers_key.html",
        {
            "round": round_,
            "stack": stack,
            "standing": paper.standing(stack),
            "form": form,
            "count_form": StackCountForm(),
            "keying": _state(round_) == PollState.ENDED and stack.signed_id is None,
            "ideas": list(named_projects(round_).values()),
            "mine": stack.sheets.filter(keyings__keyer_id=request.user.pk).count(),
            "counted_by_me": stack.counts.filter(counter_id=request.user.pk).first(),
            "points": round_.vote_type == "cumulative",
            "ranking": round_.vote_type == "ordinal",
        },
    )


@needs_role(*KEYERS, place=place_of_round)
@require_POST
@after_a_fresh_second_step
def sign_papers(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Say how many came back. The second person who says the same signs the stack off."""
    round_ = round_with_terms(slug)
    stack = _stack(round_, number)
    form = StackCountForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Write how many papers of this stack came back."), code="stack_count")
    count_stack(
        stack,
        form.cleaned_data["returned"],
        counter=Account.objects.get(pk=int(request.user.pk or 0)),
        actor=acting(request),
    )
    return redirect("voting:papers-key", slug=slug, number=number)
