"""What meetings decided: promised by a button, and limits taken back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doorstep.apps.addresses import number
from doorstep.apps.awards.actions.decisions import end_delegation
from doorstep.apps.awards.actions.from_meetings import award_from_meeting, limit_from_meeting
from doorstep.apps.awards.actions.from_plan import award_from_start
from doorstep.apps.awards.queries import decided as queries
from doorstep.apps.partnerships.models import AgendaItem
from doorstep.apps.people.guards import acting, needs_role, place_at
from doorstep.apps.people.rules import role_name
from doorstep.apps.people.step_up import after_a_fresh_second_step
from doorstep.apps.places.models import Place
from doorstep.apps.refused import Refused


@needs_role("partnership_member", place=place_at)
@require_http_methods(["GET", "HEAD", "POST"])
@after_a_fresh_second_step
def decided(request: HttpRequest, slug: str) -> HttpResponse:
    """Promise what a meeting gave, begin a limit that it set, or take one back."""
    place, today = place_at(request, slug), timezone.localdate()
    if request.method == "POST":
        try:
            said = _act(request, place)
        except Refused as refusal:
            messages.warning(request, refusal.reason)
        else:
            messages.success(request, said)
            return redirect("place-decided", slug)
    limits = [
        (one, role_name(one.holder_role), one.since <= today < one.until)
        for one in queries.limits(place)[:50]
    ]
    shown = {
        "place": place, "waiting": queries.waiting(place), "limits": limits,
        "starting": queries.starting(place),
    }  # fmt: skip
    return render(request, "awards/decided.html", shown)


def _act(request: HttpRequest, place: Place) -> str:
    do, pk = request.POST.get("do"), number(request.POST.get("which")) or 0
    today, actor = timezone.localdate(), acting(request)
    if do == "take_back":
        end_delegation(get_object_or_404(queries.limits(place), pk=pk), on=today, actor=actor)
        return _("The limit is taken back from today on.")
    if do == "start":
        award_from_start(get_object_or_404(queries.starting(place), pk=pk), on=today, actor=actor)
        return _("The money is promised.")
    made = get_object_or_404(queries.waiting(place), pk=pk)
    if made.item.kind == AgendaItem.Kind.LIMIT:
        limit_from_meeting(made, actor=actor)
        return _("The limit holds as the meeting said.")
    award_from_meeting(made, on=today, actor=actor)
    return _("The money is promised.")
