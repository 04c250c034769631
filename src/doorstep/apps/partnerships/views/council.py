"""The agreement with the council: for everybody to read, and for both sides to write and sign."""

from collections.abc import Callable
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doorstep.apps.addresses import number
from doorstep.apps.partnerships.actions import council as actions
from doorstep.apps.partnerships.forms_council import BeginForm, DutyForm, EndForm
from doorstep.apps.partnerships.forms_plans import AgreedForm
from doorstep.apps.partnerships.models import CouncilAgreement, CouncilState, Partnership
from doorstep.apps.partnerships.queries import council as queries
from doorstep.apps.partnerships.queries.seats import carried_matters
from doorstep.apps.partnerships.rules import council as rules
from doorstep.apps.partnerships.views.common import done
from doorstep.apps.people.guards import acting, needs_role, place_at, public
from doorstep.apps.people.step_up import a_fresh_second_step_before
from doorstep.apps.public import kept_for
from doorstep.apps.record.actors import Actor

forms_too = require_http_methods(["GET", "HEAD", "POST"])


@public
@kept_for()
def page(request: HttpRequest, slug: str) -> HttpResponse:
    place = place_at(request, slug)
    found = queries.agreements(place)
    current = next((one for one in found if one.state != CouncilState.ENDED), None)
    shown = {
        "place": place, "agreement": current,
        "sides": queries.sides(current, timezone.localdate()) if current else [],
        "former": [one for one in found if one.state == CouncilState.ENDED],
    }  # fmt: skip
    return render(request, "partnerships/council.html", shown)


@needs_role("partnership_member", place=place_at)
@forms_too
@a_fresh_second_step_before("offer", "sign", "end")
def work(request: HttpRequest, slug: str) -> HttpResponse:
    """Members write down what each side owes, offer it, sign it and may end it."""
    rows = Partnership.objects.select_related("place")
    partnership = get_object_or_404(rows, place__slug=slug)
    current = _current(slug)
    do, today, actor = request.POST.get("do", ""), timezone.localdate(), acting(request)
    begin = BeginForm(request.POST if do == "begin" else None)
    duty = DutyForm(request.POST if do == "duty" else None)
    end = EndForm(request.POST if do == "end" else None)
    draft = current if current and current.state == CouncilState.DRAFT else None
    agreed = AgreedForm(
        request.POST if do == "offer" else None,
        decisions=carried_matters(partnership) if draft else [],
    )
    acts: dict[str, Callable[[], str]] = {}
    if current is None:
        acts["begin"] = lambda: _begun(partnership, begin, actor)
    elif draft is not None:
        acts = {
            "duty": lambda: _added(draft, duty, actor, today),
            "drop": lambda: _dropped(draft, request, actor),
            "offer": lambda: _offered(draft, agreed, actor, today),
        }
    else:
        acts = _of_a_side(current, end, actor, today)
    if do in acts and done(request, acts[do]):
        return redirect("partnerships:council-work", slug)
    shown = {
        "place": partnership.place, "agreement": current, "draft": draft, "begin": begin,
        "duty": duty, "agreed": agreed, "end": end,
        "duties": [rules.DraftDuty(**one) for one in draft.draft] if draft else [],
        "signed": _signed_by(current, "partnership"),
    }  # fmt: skip
    return render(request, "partnerships/council_work.html", shown)


@needs_role("council_officer", place=place_at)
@forms_too
@a_fresh_second_step_before("sign", "end")
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """A council officer reads what was laid before both sides, signs it, and may end it."""
    place, current = place_at(request, slug), _current(slug)
    if current and current.state == CouncilState.DRAFT:
        current = None
    do, today, actor = request.POST.get("do", ""), timezone.localdate(), acting(request)
    end = EndForm(request.POST if do == "end" else None)
    acts = _of_a_side(current, end, actor, today) if current else {}
    if do in acts and done(request, acts[do]):
        return redirect("partnerships:council-answer", slug)
    shown = {
        "place": place, "agreement": current, "end": end,
        "sides": queries.sides(current, today) if current else [],
        "signed": _signed_by(current, "council"),
    }  # fmt: skip
    return render(request, "partnerships/council_answer.html", shown)


def _current(slug: str) -> CouncilAgreement | None:
    rows = CouncilAgreement.objects.select_related("partnership__place", "council")
    wanted = rows.filter(partnership__place__slug=slug).exclude(state=CouncilState.ENDED)
    return wanted.first()


def _signed_by(agreement: CouncilAgreement | None, side: str) -> bool:
    return agreement is not None and agreement.signatures.filter(side=side).exists()


def _of_a_side(
    agreement: CouncilAgreement, end: EndForm, actor: Actor, today: date
) -> dict[str, Callable[[], str]]:
    def sign() -> str:
        actions.sign_agreement(agreement, on=today, actor=actor)
        return _("Signed.")

    def stop() -> str:
        if not end.is_valid():
            return ""
        actions.end_agreement(agreement, end.cleaned_data["reason"], on=today, actor=actor)
        return _("The agreement is ended, and everybody can read why.")

    return {"sign": sign, "end": stop}


def _begun(partnership: Partnership, form: BeginForm, actor: Actor) -> str:
    if not form.is_valid():
        return ""
    actions.begin_agreement(partnership, form.cleaned_data["council"], actor=actor)
    return _("The draft is open. Members alone read it.")


def _added(draft: CouncilAgreement, form: DutyForm, actor: Actor, today: date) -> str:
    if not form.is_valid():
        return ""
    actions.add_duty(draft, form.duty(), on=today, actor=actor)
    return _("Written down.")


def _dropped(draft: CouncilAgreement, request: HttpRequest, actor: Actor) -> str:
    actions.drop_duty(draft, number(request.POST.get("which")) or 0, actor=actor)
    return _("The duty is taken out.")


def _offered(draft: CouncilAgreement, form: AgreedForm, actor: Actor, today: date) -> str:
    if not form.is_valid():
        return ""
    actions.offer_agreement(
        draft, decision=form.chosen(), why=form.cleaned_data["why"], on=today, actor=actor
    )
    return _("It waits for both signatures, and everybody can read it.")
