"""How much paper is fair: what a sum and its risks ask for, before anybody applies."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from doorstep.apps.awards import fitting
from doorstep.apps.awards.forms_applying import FitForm
from doorstep.apps.people.guards import public
from doorstep.apps.public import kept_for


@public
@kept_for("sum", "risks", "roles", "land")
def page(request: HttpRequest) -> HttpResponse:
    """What is asked, why, how long it takes, and big and small side by side."""
    today, form = timezone.localdate(), FitForm(request.GET or None)
    found = None
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        found = fitting.fit(given["sum"], form.facts(), today, long_lease=given["land"])
    return render(
        request,
        "awards/fit.html",
        {
            "form": form,
            "fit": found,
            "pence": found.found.project.pence if found else 0,
            "sizes": fitting.side_by_side(today),
        },
    )
