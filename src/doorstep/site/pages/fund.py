"""The fund's page: where its money came from, what is kept back, and where it went."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from doorstep.apps.fund.models import Fund
from doorstep.apps.fund.queries import allocations, figures_by_class
from doorstep.apps.people.guards import public


@public
def page(request: HttpRequest) -> HttpResponse:
    funds = [told(fund) for fund in Fund.objects.order_by("name")]
    return render(request, "pages/fund.html", {"funds": funds})


def told(fund: Fund) -> dict[str, object]:
    """One fund's figures, and the streams of its picture; three SQL statements."""
    classes = figures_by_class(fund)
    given = allocations(fund)
    pot, reserve = _("To give to places"), _("Kept for owners")
    released = sum(one.released for one in classes)
    streams = [(one.label, reserve, one.reserved) for one in classes]
    streams += [(one.label, pot, one.released) for one in classes]
    streams += [(pot, one.place.name, one.pence) for one in given]
    shared = sum(one.pence for one in given)
    left = released - shared
    streams.append((pot, _("Not yet given"), left))
    return {
        "fund": fund,
        "classes": classes,
        "allocations": given,
        "streams": streams,
        "arrived": sum(one.arrived for one in classes),
        "reserved": sum(one.reserved for one in classes),
        "given": shared,
        "left": left,
    }
