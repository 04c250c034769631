"""Posters and leaflets of a round, as PDF in English and in Welsh, before its vote and after it."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from doorstep.apps.people.guards import public
from doorstep.apps.rounds.models import Round, RoundSize
from doorstep.apps.rounds.queries import named_projects
from doorstep.site.pages import results
from doorstep.site.pages.standing import any_round, grounds, standing
from doorstep.site.printed.leaflet import leaflet
from doorstep.site.printed.poster import Told, poster
from doorstep.site.words import moment, money

LANGUAGES = {"en": "en-gb", "cy": "cy"}
KINDS = ("poster-a4", "poster-a3", "leaflet")
# When there is something to put on a wall: not before the ideas are fixed, and not when called off.
TELLS_A_VOTE = ("fixed", "room", "voting")


@public
def paper(request: HttpRequest, slug: str, kind: str, language: str) -> HttpResponse:
    """One poster or leaflet. Its language is in the address: both may be printed at once."""
    round_ = get_object_or_404(any_round(), slug=slug)
    if kind not in KINDS or language not in LANGUAGES or not has_papers(round_):
        raise Http404
    with translation.override(LANGUAGES[language]):
        told = after_the_vote(round_) if hasattr(round_, "result") else before_the_vote(round_)
        made = leaflet(told) if kind == "leaflet" else poster(told, _size(kind))
    name = f"{slug}-{kind}-{language}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


def _size(kind: str) -> Any:
    return "A3" if kind == "poster-a3" else "A4"


def has_papers(round_: Round) -> bool:
    """Whether there is something to print of a round as it stands."""
    if hasattr(round_, "result"):
        return True
    now = standing(round_, timezone.localdate())
    return now is not None and now.phase in TELLS_A_VOTE and hasattr(round_, "terms")


def papers(round_: Round) -> list[tuple[str, str]]:
    """(name, address) of each paper there is, the reader's language first."""
    if not has_papers(round_):
        return []
    welsh_first = (translation.get_language() or "").startswith("cy")
    names = {
        "poster-a4": _("Poster, A4"),
        "poster-a3": _("Poster, A3"),
        "leaflet": _("Leaflet, A4"),
    }
    said = {"en": _("in English"), "cy": _("in Welsh")}
    return [
        (
            f"{names[kind]} ({said[language]})",
            reverse("round-paper", args=[round_.slug, kind, language]),
        )
        for language in (("cy", "en") if welsh_first else ("en", "cy"))
        for kind in KINDS
    ]


def _address(round_: Round) -> str:
    return settings.ADDRESS + reverse("round", args=[round_.slug])


def _title(round_: Round) -> str:
    return round_.title.text or _("(name removed)")


def after_the_vote(round_: Round) -> Told:
    """What was decided: the ideas funded, how many took part, and where to see the rest."""
    told = results.told(round_)
    funded = [(idea.name, idea.project.cost_pence) for idea in told["funded"]]
    spent, pot = money(told["spent_pence"]), money(round_.budget_pence)
    return Told(
        language=translation.get_language() or "",
        place=round_.place.name,
        title=_title(round_),
        lead=_("The people of %(place)s decided what %(spent)s of %(pot)s pays for.")
        % {"place": round_.place.name, "spent": spent, "pot": pot}
        if told["turnout"]
        else _("Everything fits in the pot of %(pot)s, so no vote was needed.") % {"pot": pot},
        heading=_("Funded") if funded else _("No idea could be funded this time."),
        ideas=funded,
        later=[idea.name for idea in told["others"]],
        later_ways=" ".join(step.why for step in told["ways_on"]),
        facts=[told["turnout_words"]] if told["turnout_words"] else [],
        how=str(told["how"]),
        ask=_("See every idea, where the money went, and count it again yourself:"),
        address=_address(round_),
    )


def before_the_vote(round_: Round) -> Told:
    """How to vote: when, who, with what, and on which ideas."""
    terms = round_.terms
    facts = [
        _("Voting opens on %(when)s and ends on %(end)s.")
        % {"when": moment(terms.opens_at), "end": moment(terms.closes_at)},
        _("Everybody of %(age)s and over who %(grounds)s can take part.")
        % {"age": terms.minimum_age, "grounds": grounds(terms)},
        _("The vote is held at the meeting. Two people count there, in front of everybody.")
        if terms.size == RoundSize.ROOM
        else _(
            "You vote with the code from your letter or card, on the page below or on paper. No "
            "code? Ask at the desk of the partnership."
        ),
    ]
    projects = named_projects(round_).values()
    return Told(
        language=translation.get_language() or "",
        place=round_.place.name,
        title=_title(round_),
        lead=_("%(pot)s for %(place)s: you decide what it pays for.")
        % {"pot": money(round_.budget_pence), "place": round_.place.name},
        heading=_("The ideas"),
        ideas=[(one.name.text or _("(name removed)"), one.cost_pence) for one in projects],
        facts=facts,
        ask=_("How to vote, and all about each idea:"),
        address=_address(round_),
    )
