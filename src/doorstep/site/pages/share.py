"""Where my share went: a voter finds their ballot by its tracker, and sees what it paid for.

The tracker comes in the body of a form, so that it stands in no address, log or history; the
answer is kept by nobody.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from doorstep.apps.public import public_form
from doorstep.apps.rounds.ballots import publishes_ballots
from doorstep.apps.rounds.looking import LONGEST, look_up, looks_at
from doorstep.apps.rounds.models import Project, Round
from doorstep.apps.rounds.queries import named_projects, public_rounds
from doorstep.engine.count import Ballot, Election, Rule, in_whole_parts, spending
from doorstep.site.pages.results import final_share
from doorstep.site.words import money


class TrackerForm(forms.Form):
    tracker = forms.CharField(
        label=gettext_lazy("Your tracker"),
        max_length=LONGEST,
        error_messages={"required": gettext_lazy("Type the tracker from your receipt.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


@dataclass(frozen=True)
class Paid:
    """One funded idea of this ballot: what the share paid for it; None where no share did."""

    name: str
    pence: int | None


@dataclass(frozen=True)
class Share:
    """What one ballot chose, and what became of it. Money is in whole pence that add up."""

    chose: list[tuple[str, str, bool]]
    alike: int
    share_pence: int | None = None
    equal_pence: int | None = None
    paid: list[Paid] | None = None
    spent_pence: int = 0
    kept_pence: int = 0

    @property
    def funded(self) -> int:
        return sum(won for _name, _mark, won in self.chose)

    @property
    def rows(self) -> list[tuple[str, str]]:
        return [
            (
                one.name,
                _("from what was left of the pot") if one.pence is None else money(one.pence),
            )
            for one in self.paid or ()
        ]

    @property
    def chosen_rows(self) -> list[tuple[str, str, str]]:
        return [
            (name, mark, _("funded") if won else _("not funded this time"))
            for name, mark, won in self.chose
        ]


@public_form
@never_cache
@sensitive_post_parameters("tracker")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, slug: str) -> HttpResponse:
    rounds = public_rounds().select_related("terms", "result", "box")
    round_ = get_object_or_404(rounds.defer("box__packed"), slug=slug, result__isnull=False)
    told: dict[str, Any] = {"round": round_, "looked_up": publishes_ballots(round_)}
    if not told["looked_up"]:
        told["no_vote"] = not hasattr(round_, "box")
        return render(request, "pages/share.html", told)
    form = TrackerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = look_up(round_, form.cleaned_data["tracker"])
        if found.ballot is None:
            form.add_error(
                "tracker",
                _(
                    "No ballot of this round has this tracker. Check each word and the number; "
                    "capitals, spaces and dashes do not matter. A ballot cast again has a new one."
                ),
            )
        else:
            told["share"] = share_of(round_, found.election, found.ballot)
    told |= {
        "form": form,
        "looks": looks_at(round_),
        "tracker_hint": hint(round_),
        "what_columns": [_("Idea"), _("On your ballot"), _("What became of it")],
        "paid_columns": [_("Idea"), (_("Your part"), "number")],
    }
    return render(request, "pages/share.html", told)


def hint(round_: Round) -> str:
    """What a tracker looks like; an example's ballots came with numbers only."""
    if hasattr(round_, "terms"):
        return _("Four words and two digits on your receipt, such as otter-lamp-river-quilt-42.")
    return _("The ballots of this round have numbers. Try any from 1 to %(last)s.") % {
        "last": f"{round_.box.voters:,}"
    }


def share_of(round_: Round, election: Election, ballot: Ballot) -> Share:
    """What this ballot chose and, where voters have shares, what its share paid for, exactly.

    Pence are rounded together, so that the parts shown add up to the share shown.
    """
    projects = named_projects(round_)
    outcome = round_.result.as_json
    won = set(outcome["winners"])
    chose = [
        (_name(projects[one]), _mark(election, ballot, rank), one in won)
        for rank, one in enumerate(election.projects[choice].id for choice in ballot.choices)
    ]
    final = final_share(round_) if round_.rule["name"] == "equal-shares" else None
    if final is None:
        return Share(chose, ballot.weight)
    [spent] = spending(election, Rule.from_dict(round_.rule), final, [ballot])
    parts = in_whole_parts([amount * 100 for _one, amount in spent.paid] + [spent.kept * 100])
    pence = dict(zip((one for one, _amount in spent.paid), parts, strict=False))
    mine = {election.projects[choice].id for choice in ballot.choices}
    paid = [Paid(_name(projects[one]), pence.get(one)) for one in outcome["winners"] if one in mine]
    return Share(
        chose,
        ballot.weight,
        share_pence=sum(parts),
        equal_pence=int(Fraction(round_.budget_pence, election.voters)),
        paid=paid,
        spent_pence=sum(parts[:-1]),
        kept_pence=parts[-1],
    )


def _name(project: Project) -> str:
    return project.name.text or _("(name removed)")


def _mark(election: Election, ballot: Ballot, rank: int) -> str:
    """How a ballot marks a choice: points, a rank, or that it is chosen."""
    if ballot.points:
        points = ballot.points[rank]
        return _("points: %(n)s") % {"n": points if points.denominator == 1 else float(points)}
    if election.vote_type == "ordinal":
        return _("number %(n)s") % {"n": rank + 1}
    return _("chosen")
