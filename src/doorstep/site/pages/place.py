"""A place's page: its money in one picture, its rounds, its awards, and who decides there."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.awards.queries import awards_of
from doorstep.apps.fund.queries import allocation_of, to_come
from doorstep.apps.ledger.queries import place_money
from doorstep.apps.partnerships.queries import summary
from doorstep.apps.places.models import Place
from doorstep.apps.public import kept_for, public
from doorstep.apps.rounds.models import Round
from doorstep.site.pages.standing import any_round, standing

AWARDS_SHOWN = 50


@dataclass(frozen=True)
class Held:
    """A round as its place tells it, in the words of its own page. `phase` is "" once counted."""

    round: Round
    tag: str
    tone: str
    phase: str = ""


@public
@kept_for("page")
def page(request: HttpRequest, slug: str) -> HttpResponse:
    place = get_object_or_404(Place, slug=slug)
    rounds = held_at(place, timezone.localdate())
    allocation = allocation_of(place.pk)
    return render(
        request,
        "pages/place.html",
        {
            "place": place,
            "allocation": allocation,
            "to_come": to_come(allocation) if allocation else 0,
            "money": place_money(place.slug),
            "rounds": rounds,
            "first": first_things(rounds),
            "awards": Paginator(awards_of(place), AWARDS_SHOWN).get_page(request.GET.get("page")),
            "partnership": summary(place, timezone.localdate()),
        },
    )


def held_at(place: Place, today: date) -> list[Held]:
    """Every round of a place that neighbours may see, newest first; one SQL statement."""
    listed = []
    for round_ in any_round().filter(place=place).defer("result__outcome"):
        if hasattr(round_, "result"):
            listed.append(Held(round_, str(round_.neighbour_word), "good"))
        elif now := standing(round_, today):
            listed.append(Held(round_, now.tag, now.tone, now.phase))
    return listed


def first_things(rounds: list[Held]) -> list[tuple[str, str]]:
    """What a neighbour can do here now, as (words, address); else the newest decision."""
    newest: dict[str, str] = {}
    for one in rounds:
        newest.setdefault(one.phase, one.round.slug)
    now = [
        (words, reverse(address, args=[newest[phase]]))
        for phase, words, address in (
            ("voting", _("Vote now"), "round"),
            ("ideas", _("Propose an idea"), "ideas:propose"),
        )
        if phase in newest
    ]
    if not now and "" in newest:
        return [(_("See the latest decision"), reverse("round", args=[newest[""]]))]
    return now
