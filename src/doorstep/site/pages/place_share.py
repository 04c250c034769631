"""A place's own page of its share: what fell due, what was drawn, and asking for it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doorstep.apps.fund.models import Fund, Step
from doorstep.apps.fund.queries import shares_of, waiting_steps
from doorstep.apps.ledger.queries import place_money
from doorstep.apps.people.guards import acting, needs_role, place_at
from doorstep.apps.people.step_up import after_a_fresh_second_step
from doorstep.apps.places.models import Place
from doorstep.site.pages.funder import done, forms_of, said_after, waiting
from doorstep.site.pages.step_forms import AT_A_PLACE, AnswerForm
from doorstep.site.pages.step_words import Lists


@needs_role("partnership_member", "finance_officer", place=place_at)
@require_http_methods(["GET", "HEAD", "POST"])
@after_a_fresh_second_step
def page(request: HttpRequest, slug: str) -> HttpResponse:
    place = place_at(request, slug)
    fund = Fund.objects.filter(allocations__place=place).order_by("-allocations__begins_on").first()
    lists = Lists(places=[place])
    if fund is not None:
        shares = shares_of(fund, timezone.localdate(), place)
        lists = Lists(places=[place], given=[place], shares=shares)
    shown = forms_of(AT_A_PLACE, request, fund, lists) if fund else {}
    asked = request.POST.get("step", "")
    if asked in shown and done(shown[asked], acting(request)):
        messages.success(request, said_after(asked))
        return redirect("place-share", slug)
    mine = own_steps(place)
    taken_back = _taken_back(request, mine)
    if taken_back is not None and done(taken_back, acting(request)):
        messages.success(request, _("Taken back. Nothing was moved."))
        return redirect("place-share", slug)
    return render(
        request,
        "pages/place_share.html",
        {
            "place": place,
            "fund": fund,
            "money": place_money(place.slug),
            "shares": lists.shares,
            "steps": shown,
            "asked": asked,
            "waiting": list(waiting(mine, request.user.pk, lists, taken_back)),
        },
    )


def own_steps(place: Place) -> list[Step]:
    """Steps that wait and were asked for from a place: draw-downs of its shares, and returns."""
    shares = list(place.allocations.values_list("wave_share", flat=True))
    return [
        step
        for step in waiting_steps()
        if step.said.get("place") == place.slug or step.said.get("share") in shares
    ]


def _taken_back(request: HttpRequest, mine: list[Step]) -> AnswerForm | None:
    """The form by which somebody takes back what they asked for themselves."""
    number = request.POST.get("take-back", "")
    for step in mine:
        if str(step.pk) == number and step.asked_by_id == request.user.pk:
            return AnswerForm(request.POST, step=step, own=True)
    return None
