"""The funder's desk page of a fund: what it holds, what waits for a second person, and each step.

No step that moves money is taken by one person: somebody asks, and somebody else says yes.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from doorstep.apps.fund import accounts, rules
from doorstep.apps.fund.actions import MAY_BE_TAKEN_BACK
from doorstep.apps.fund.models import (
    Allocation,
    AssetClass,
    Decision,
    Fund,
    Programme,
    Review,
    Step,
)
from doorstep.apps.fund.queries import shares_of, waiting_steps
from doorstep.apps.ledger.models import Journal
from doorstep.apps.ledger.queries import balances
from doorstep.apps.ledger.telling import kind_words
from doorstep.apps.people.guards import acting, needs_role
from doorstep.apps.people.step_up import after_a_fresh_second_step
from doorstep.apps.places.models import Place
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule
from doorstep.site.pages.step_forms import AT_THE_DESK, AnswerForm, StepForm
from doorstep.site.pages.step_words import Lists, Told, told

ENTRIES_SHOWN = 15


@needs_role("funder", everywhere=True)
@require_http_methods(["GET", "HEAD", "POST"])
@after_a_fresh_second_step
def page(request: HttpRequest, slug: str) -> HttpResponse:
    fund = get_object_or_404(Fund, slug=slug)
    asked, lists = request.POST.get("step", ""), _lists(fund)
    shown = forms_of(AT_THE_DESK, request, fund, lists)
    if asked in shown and done(shown[asked], acting(request)):
        messages.success(request, said_after(asked))
        return redirect("funder", slug)
    return _desk(request, fund, lists, shown)


@needs_role("funder", everywhere=True)
@require_POST
@after_a_fresh_second_step
def answer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A second person's yes or no; or the first one's, who takes it back. Sent again, because
    nothing was heard of it, it is the answer that stands."""
    if Step.objects.filter(fund__slug=slug, pk=pk, answer__account=request.user.pk).exists():
        messages.success(request, _("Your answer stands in the record."))
        return redirect("funder", slug)
    step = get_object_or_404(waiting_steps().select_related("words"), fund__slug=slug, pk=pk)
    form = AnswerForm(request.POST, step=step, own=step.asked_by_id == request.user.pk)
    if done(form, acting(request)):
        messages.success(request, _("Your answer stands in the record."))
        return redirect("funder", slug)
    lists = _lists(step.fund)
    return _desk(request, step.fund, lists, forms_of(AT_THE_DESK, None, step.fund, lists), form)


def _desk(
    request: HttpRequest,
    fund: Fund,
    lists: Lists,
    shown: dict[str, StepForm],
    answered: AnswerForm | None = None,
) -> HttpResponse:
    waits = waiting_steps().filter(fund=fund)
    held = balances(
        [
            accounts.pot(fund.slug),
            *(accounts.programme(fund.slug, one.slug) for one in lists.programmes),
            *(accounts.reserve(fund.slug, kind) for kind in AssetClass.values),
        ]
    )
    return render(
        request,
        "pages/funder.html",
        {
            "fund": fund,
            "steps": shown,
            "reserves": list(reserves(fund, held)),
            "programmes": list(programmes(fund, lists.programmes, held)),
            "shares": lists.shares,
            "waiting": list(waiting(waits, request.user.pk, lists, answered)),
            "entries": list(newest(fund)),
            "asked": request.POST.get("step", ""),
        },
    )


def _lists(fund: Fund) -> Lists:
    """What the forms at the desk list. Four statements."""
    given = Exists(Allocation.objects.filter(place=OuterRef("pk"), fund=fund))
    places = list(Place.objects.annotate(was_given=given).order_by("name"))
    decided = Decision.objects.filter(proposal__fund=fund).select_related("proposal")
    return Lists(
        programmes=list(fund.programmes.annotate(promised=Sum("waves__pence")).order_by("slug")),
        decisions=list(decided),
        places=places,
        given=[one for one in places if one.was_given],
        shares=shares_of(fund, timezone.localdate()),
    )


def forms_of(
    kinds: Iterable[type[StepForm]], request: HttpRequest | None, fund: Fund, lists: Lists
) -> dict[str, StepForm]:
    """Each step's form; the one that was sent holds what was typed."""
    sent = request.POST if request and request.method == "POST" else None
    return {
        kind.kind: kind(
            sent if sent and sent.get("step") == kind.kind else None, fund=fund, lists=lists
        )
        for kind in kinds
    }


def said_after(asked: str) -> str:
    if asked == "review":
        return _("Done, and it stands in the record.")
    return _("Asked. It is done when somebody else says yes.")


def done(form: Any, actor: Actor) -> bool:
    """Whether the form was acted on; a refusal stands on it, with what was typed."""
    if not form.is_valid():
        return False
    try:
        form.act(actor)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def waiting(
    steps: Iterable[Step], account: int | None, lists: Lists, answered: AnswerForm | None = None
) -> Iterator[tuple[Told, forms.Form]]:
    """Each step that waits, in words, with the form that answers it."""
    for step in steps:
        form = answered if answered and answered.step.pk == step.pk else None
        yield told(step, lists), form or AnswerForm(step=step, own=step.asked_by_id == account)


def reserves(fund: Fund, held: Mapping[str, int]) -> Iterator[tuple[str, int, int | None, int]]:
    """(class, held, what must stay or None before a review, what may be released) of each."""
    expected: dict[str, int] = {}
    for review in Review.objects.filter(fund=fund):
        expected.setdefault(review.asset_class, review.expected_pence)
    margin = int(rule("fund.reserve_margin", timezone.localdate()).value)
    for kind, label in AssetClass.choices:
        there = held.get(accounts.reserve(fund.slug, kind), 0)
        must = rules.required_reserve(expected[kind], margin) if kind in expected else None
        yield str(label), there, must, 0 if must is None else max(0, there - must)


def programmes(
    fund: Fund, found: Iterable[Programme], held: Mapping[str, int]
) -> Iterator[tuple[str, int, int]]:
    """The pot, then each programme: (name, what it still holds, what its waves were promised)."""
    yield _("The fund’s pot"), held.get(accounts.pot(fund.slug), 0), 0
    for one in found:
        code = accounts.programme(fund.slug, one.slug)
        yield one.name, held.get(code, 0), one.promised or 0  # type: ignore[attr-defined]


def newest(fund: Fund) -> Iterator[dict[str, Any]]:
    """The fund's newest entries, and which of them may be taken back."""
    of_fund = Journal.objects.filter(transfers__debit__fund=fund.slug, kind__startswith="fund.")
    found = of_fund.distinct().select_related("reversal").order_by("-pk")[:ENTRIES_SHOWN]
    for one in found:
        back = getattr(one, "reversal", None)
        yield {
            "seq": one.seq,
            "day": one.effective_on,
            "words": kind_words(one.kind),
            "back": back.seq if back else None,
            "may": back is None and one.kind in MAY_BE_TAKEN_BACK,
        }
