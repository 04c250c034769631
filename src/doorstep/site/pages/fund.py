"""The fund's page: where its money came from, what is kept back, and where it went."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode

from doorstep.apps.fund.models import Fund, Proposal
from doorstep.apps.fund.queries import allocations
from doorstep.apps.fund.walk import Walked, called, entries, streams
from doorstep.apps.ledger.telling import account_words, kind_words, names_in
from doorstep.apps.people.guards import public
from doorstep.apps.public import kept_for


@public
def page(request: HttpRequest) -> HttpResponse:
    funds = [told(fund) for fund in Fund.objects.order_by("name")]
    return render(request, "pages/fund.html", {"funds": funds})


@public
@kept_for("from", "to")
def stream(request: HttpRequest, slug: str) -> HttpResponse:
    """The entries of the ledger that one figure of the picture is the sum of."""
    fund = get_object_or_404(Fund, slug=slug)
    source, target = request.GET.get("from", ""), request.GET.get("to", "")
    there = next((one for one in streams(fund) if one[:2] == (source, target)), None)
    if there is None:
        raise Http404
    found = entries(fund, source, target)
    names = names_in(code for one in found for code in (one.debit.code, one.credit.code))
    posts = called(fund, (source, target))
    return render(
        request,
        "pages/fund_stream.html",
        {
            "fund": fund,
            "source": posts[source][0],
            "target": posts[target][0],
            "pence": there.pence,
            "lines": [
                {
                    "seq": one.journal_id,
                    "day": one.journal.effective_on,
                    "words": kind_words(one.journal.kind),
                    "debit": account_words(one.debit.code, names),
                    "credit": account_words(one.credit.code, names),
                    "pence": one.pence,
                }
                for one in found
            ],
        },
    )


def told(fund: Fund) -> dict[str, object]:
    """One fund's figures, and the streams of its picture, all from the ledger."""
    walked = streams(fund)
    names = called(fund, {key for one in walked for key in one[:2]})
    return {
        "fund": fund,
        "allocations": allocations(fund),
        "proposals": Proposal.objects.filter(fund=fund).select_related("decision"),
        "streams": [
            (names[one.source][0], names[one.target][0], one.pence, _link(fund, one))
            for one in walked
        ],
        "short": dict(names.values()),
        "arrived": sum(one.pence for one in walked if one.source.startswith(("dormant-", "match"))),
        "reserved": _held(walked, "reserve"),
        "given": sum(one.pence for one in walked if one.target.startswith("place")),
        "left": sum(one.pence for one in walked if one.target == "left"),
    }


def _held(walked: list[Walked], key: str) -> int:
    came = sum(one.pence for one in walked if one.target == key)
    return came - sum(one.pence for one in walked if one.source == key)


def _link(fund: Fund, one: Walked) -> str:
    """Where a figure's entries are; what is left has none of its own."""
    if "left" in one or "places" in one:
        return ""
    asked = urlencode({"from": one.source, "to": one.target})
    return f"{reverse('fund-stream', args=[fund.slug])}?{asked}"
