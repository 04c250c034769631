"""Codes: their public numbers; the plan and the print runs; and the desk, code by code."""

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from doorstep.apps.people.guards import acting, needs_role
from doorstep.apps.people.models import Account
from doorstep.apps.people.step_up import after_a_fresh_second_step
from doorstep.apps.places.forms import asked_for
from doorstep.apps.places.models import Place
from doorstep.apps.public import public
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import Round, RoundState
from doorstep.apps.voting import addresses, letters
from doorstep.apps.voting import codes as code_form
from doorstep.apps.voting.actions import desk, printing
from doorstep.apps.voting.forms import AddressForm, PlanForm, PrintForm
from doorstep.apps.voting.models import Channel, CodeBatch, CodePlan, LetterAddress, Poll
from doorstep.apps.voting.queries import code_counts, keys_gone

MOST_FOUND = 30


def _round(slug: str) -> Round:
    rounds = Round.objects.select_related("place", "title", "terms").exclude(terms=None)
    return get_object_or_404(rounds, slug=slug)


def place_of(request: HttpRequest, slug: str, **_more: object) -> Place:
    return _round(slug).place


def _me(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


guard = needs_role("worker", "partnership_member", place=place_of)


@public
def counts(request: HttpRequest, slug: str) -> HttpResponse:
    """The public numbers of a vote: codes, never choices."""
    round_ = _round(slug)
    poll = Poll.objects.filter(round=round_).select_related("opening", "ending").first()
    if round_.state == RoundState.DRAFT or poll is None:
        raise Http404
    runs = CodeBatch.objects.filter(plan__round=round_).select_related(
        "plan__area", "leaf", "spoiled"
    )
    return render(
        request,
        "voting/counts.html",
        {
            "round": round_,
            "poll": poll,
            "counts": code_counts(round_),
            "keys_gone": keys_gone(poll),
            "runs": runs.order_by(F("pk").asc()),
        },
    )


# Codes are voided and replaced without a public leaf, so this page is no function of the record.
counts.cacheable = False  # type: ignore[attr-defined]


@guard
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: HttpRequest, slug: str) -> HttpResponse:
    """Plan codes while the round is a draft; afterwards, what is printed and what is left."""
    round_ = _round(slug)
    form = PlanForm(request.POST if "plan" in request.POST else None)
    if request.method == "POST":
        if drop := request.POST.get("drop", ""):
            printing.drop_plan(_plan(round_, drop))
            return redirect("voting:codes", slug)
        if form.is_valid():
            asked = form.cleaned_data
            try:
                printing.plan_codes(
                    round_, Channel(asked["channel"]), asked["count"], area=asked["area"]
                )
                return redirect("voting:codes", slug)
            except Refused as refusal:
                form.add_error(None, refusal.reason)
    return _codes_page(request, round_, form)


def _plan(round_: Round, number: str | int) -> CodePlan:
    if not str(number).isascii() or not str(number).isdigit() or len(str(number)) > 15:
        raise Http404
    plans = CodePlan.objects.select_related("round__place", "round__title", "round__terms", "area")
    return get_object_or_404(plans, round=round_, pk=int(number))


def _codes_page(
    request: HttpRequest,
    round_: Round,
    form: PlanForm,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    lines = []
    today = timezone.localdate()
    poll = Poll.objects.filter(round=round_).first()
    for plan in (
        CodePlan.objects.filter(round=round_).select_related("area").order_by(F("pk").asc())
    ):
        number, count = printing.next_run(plan)
        addressed = plan.addresses.count() if plan.channel == Channel.LETTER else None
        printable = (
            round_.state == RoundState.FROZEN
            and poll is not None
            and poll.state == "prepared"
            and count > 0
        )
        lines.append(
            {
                "plan": plan,
                "addressed": addressed,
                "runs": plan.batches.select_related("leaf", "spoiled").order_by("number"),
                "next": (number, count),
                "wants_list": addressed is not None and not plan.batches.exists(),
                "upload": AddressForm(prefix=f"list{plan.pk}"),
                "print": PrintForm(
                    round_=round_,
                    me=_me(request),
                    on=today,
                    number=plan.pk,
                    initial={"run": number},
                )
                if printable and addressed in (None, plan.count)
                else None,
            }
        )
    return render(
        request,
        "voting/codes.html",
        {"round": round_, "lines": lines, "form": form, "problem": problem, "poll": poll},
        status=409 if problem or form.errors else status,
    )


@guard
@require_POST
def upload(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take in the list of addresses. A broken line is named by its number, and nothing is kept."""
    round_ = _round(slug)
    plan = _plan(round_, number)
    form = AddressForm(request.POST, request.FILES, prefix=f"list{plan.pk}")
    if not form.is_valid():
        return _codes_page(request, round_, PlanForm(), problem=_("Choose the file with the list."))
    try:
        data = form.cleaned_data["addresses"].read(addresses.MOST_BYTES + 1)
        kept = printing.keep_addresses(plan, addresses.read(data, printing.MOST_IN_A_PLACE))
    except Refused as refusal:
        return _codes_page(request, round_, PlanForm(), problem=refusal.reason)
    messages.success(request, _("%(count)s addresses are kept.") % {"count": f"{kept:,}"})
    return redirect("voting:codes", slug)


@guard
@require_POST
@after_a_fresh_second_step
def print_run(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Make one run of codes and stream it, once. There is no second download, on purpose."""
    round_ = _round(slug)
    plan = _plan(round_, number)
    form = PrintForm(
        request.POST, round_=round_, me=_me(request), on=timezone.localdate(), number=plan.pk
    )
    if not form.is_valid():
        return _codes_page(
            request, round_, PlanForm(), problem=_("Say who is beside you: two people print.")
        )
    try:
        printed = printing.print_run(
            plan,
            form.cleaned_data["run"],
            printer=_me(request),
            beside=form.cleaned_data["beside"],
        )
        pdf = letters.run_as_pdf(round_, plan.channel, printed.letters)
    except Refused as refusal:
        return _codes_page(request, round_, PlanForm(), problem=refusal.reason)
    name = f"{round_.slug}-{plan.channel}-{printed.batch.number}.pdf"
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


@guard
@require_POST
@after_a_fresh_second_step
def spoil(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    batch = get_object_or_404(
        CodeBatch.objects.select_related("plan"), plan__round=_round(slug), pk=number
    )
    printing.spoil_run(batch, actor=acting(request))
    messages.success(request, _("The run is spoilt: its codes are void. Print it anew."))
    return redirect("voting:codes", slug)


@guard
@require_http_methods(["GET", "HEAD", "POST"])
def at_desk(request: HttpRequest, slug: str) -> HttpResponse:
    """Find a code by its first four characters, or a letter by its address.

    Asked by a form that is posted: somebody types or scans the whole code, and neither it nor
    where somebody lives may stand in an address, a history or a log. A secret is not shown again.
    """
    round_ = _round(slug)
    asked = asked_for(request.POST.get("q", ""))
    found, problem, listed = None, "", []
    if asked:
        words = LetterAddress.objects.filter(plan__round=round_).exclude(credential=None)
        listed = list(
            words.filter(lines__icontains=asked).select_related("credential")[:MOST_FOUND]
        )
        try:
            found = desk.find_code(round_, asked)
            asked = found.selector
        except Refused as refusal:
            problem = "" if listed else refusal.reason
            asked = "" if code_form.may_hold_a_secret(asked) else asked
    return render(
        request,
        "voting/desk.html",
        {
            "round": round_,
            "asked": asked,
            "found": found,
            "listed": listed,
            "problem": problem,
            "full": len(listed) == MOST_FOUND,
        },
    )


ACTS = {
    "unlock": desk.unlock,
    "void": desk.void,
    "returned": desk.letter_returned,
}


@guard
@require_POST
@after_a_fresh_second_step
def act(request: HttpRequest, slug: str) -> HttpResponse:
    """One thing done to one code at the desk."""
    round_ = _round(slug)
    credential = desk.find_code(round_, request.POST.get("selector", ""))
    what = request.POST.get("act", "")
    if what == "replace":
        card = desk.replace(credential, request.POST.get("card", ""), actor=acting(request))
        messages.success(
            request,
            _("Done. The code that begins with %(old)s is void; the card %(new)s votes instead.")
            % {"old": credential.selector, "new": card.selector},
        )
    elif what in ACTS:
        ACTS[what](credential, actor=acting(request))
        messages.success(request, _("Done."))
    else:
        raise Http404
    return redirect("voting:desk", slug)
