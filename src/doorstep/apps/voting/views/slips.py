"""A code is spent on paper: whoever wants to vote with a pen gives up the code for a paper."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doorstep.apps.people.guards import acting
from doorstep.apps.refused import Refused
from doorstep.apps.voting.actions.casting import spend_on_paper
from doorstep.apps.voting.views.codes import guard
from doorstep.apps.voting.views.trustees import round_with_terms


@guard
@require_http_methods(["GET", "HEAD", "POST"])
def give_paper(request: HttpRequest, slug: str) -> HttpResponse:
    """The code from a letter or card, for one ballot paper. A code never stands on a page again."""
    round_ = round_with_terms(slug)
    problem = ""
    if request.method == "POST":
        try:
            spent = spend_on_paper(round_, request.POST.get("code", ""), actor=acting(request))
        except Refused as refusal:
            problem = refusal.reason
        else:
            messages.success(
                request,
                _("Code %(code)s… is spent on paper. Give its holder one ballot paper.")
                % {"code": spent.selector},
            )
            return redirect("voting:give-paper", slug)
    return render(
        request, "voting/give_paper.html", {"round": round_, "problem": problem},
        status=422 if problem else 200,
    )  # fmt: skip
