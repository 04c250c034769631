"""A round's page: what was asked, what is funded, and what each other idea would have needed."""

import shlex
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from doorstep.apps.awards.models import Award
from doorstep.apps.people.guards import acting, needs_role, public
from doorstep.apps.places.models import Place
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.ballots import reason_in_words
from doorstep.apps.rounds.models import Project, Round, RoundState
from doorstep.apps.rounds.queries import (
    fingerprint,
    named_projects,
    public_rounds,
    told_rounds,
    under_way,
)
from doorstep.site.operations import close_and_settle

_SHARES = gettext_lazy(
    "Everybody who voted had an equal share of the pot. An idea is funded when the people who "
    "support it can pay for it together out of their shares, each paying as equally as they can. "
    "Who has helped to pay for one idea has less left for the next. So a group that has not had "
    "anything yet can win with fewer people than a group that has."
)
_MOST_VOTES = gettext_lazy(
    "Ideas were looked at in turn, the most supported first, and funded while the pot lasted."
)
HOW_COUNTED = {
    "equal-shares": _SHARES,
    "greedy": _MOST_VOTES,
    "greedy-no-skip": _MOST_VOTES,
    "greedy-threshold": _MOST_VOTES,
    "phragmen": gettext_lazy(
        "Everybody who voted earned money at the same speed, and an idea was funded as soon as the "
        "people who support it had earned its cost together."
    ),
}
DECIDED_BY = {
    "cost": gettext_lazy("The lower cost decided"),
    "votes": gettext_lazy("The number of supporters decided"),
    "lot": gettext_lazy("The lot drawn before the count decided"),
}


@dataclass(frozen=True)
class Idea:
    """One idea as the page tells it. `why` is the engine's reason put into words."""

    project: Project
    votes: int
    won: bool
    why: str
    award: Award | None

    @property
    def name(self) -> str:
        return self.project.name.text or gettext("(name removed)")


@public
def page(request: HttpRequest, slug: str) -> HttpResponse:
    round_ = get_object_or_404(told_rounds(), slug=slug)
    return render(request, "pages/round.html", {"round": round_, **told(round_)})


def place_of_round(request: HttpRequest, slug: str) -> Place:
    return get_object_or_404(public_rounds(), slug=slug).place


@needs_role("partnership_member", place=place_of_round)
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, then count and settle. Sent twice, the second finds it done, or under way."""
    rounds = told_rounds()
    round_ = get_object_or_404(rounds, slug=slug)
    if request.method == "POST" and round_.state != RoundState.SETTLED:
        try:
            close_and_settle(round_, actor=acting(request))
        except Refused:
            if rounds.get(pk=round_.pk).state == round_.state and not under_way(round_):
                raise
        round_ = rounds.get(pk=round_.pk)
    if round_.state == RoundState.SETTLED:
        return redirect("round", slug=slug)
    return render(
        request, "pages/round_close.html", {"round": round_, "under_way": under_way(round_)}
    )


@public
def ballots_file(request: HttpRequest, slug: str) -> HttpResponse:
    round_ = get_object_or_404(public_rounds(), slug=slug, box__isnull=False)
    return _file(round_.box.pabulib, "text/plain; charset=utf-8", f"{slug}.pb")


@public
def result_file(request: HttpRequest, slug: str) -> HttpResponse:
    round_ = get_object_or_404(public_rounds(), slug=slug, result__isnull=False)
    return _file(round_.result.outcome.encode(), "application/json", f"{slug}.json")


@public
def frozen_file(request: HttpRequest, slug: str) -> HttpResponse:
    round_ = get_object_or_404(public_rounds(), slug=slug)
    return _file(fingerprint(round_), "text/plain; charset=utf-8", f"{slug}-frozen.jsonl")


def told(round_: Round) -> dict[str, Any]:
    """What the page says: the ideas on the ballot, and once counted, how each fared."""
    projects = named_projects(round_)
    if not hasattr(round_, "result"):
        return {"projects": list(projects.values()), "command": None}
    outcome = round_.result.as_json
    awards = {award.project_id: award for award in Award.objects.filter(project__round=round_)}
    ideas = {
        told["id"]: Idea(
            project=projects[told["id"]],
            votes=told["votes"],
            won=told["won"],
            why=reason_in_words(told["reason"], gettext),
            award=awards.get(projects[told["id"]].pk),
        )
        for told in outcome["projects"]
    }
    funded = [ideas[code] for code in outcome["winners"]]
    others = [idea for idea in ideas.values() if not idea.won]
    names = {code: idea.name for code, idea in ideas.items()}
    return {
        "projects": list(projects.values()),
        "outcome": outcome,
        "funded": funded,
        "others": sorted(others, key=lambda idea: (-idea.votes, idea.project.cost_pence)),
        "spent_pence": sum(idea.project.cost_pence for idea in funded),
        "most_votes": max((idea.votes for idea in ideas.values()), default=0),
        "how": HOW_COUNTED[outcome["rule"]["name"]],
        "ties": [tie_in_words(tie, names) for tie in outcome["ties"]],
        "command": count_command(round_),
    }


def tie_in_words(tie: dict[str, Any], names: dict[str, str]) -> str:
    """Which ideas stood exactly level, and what decided between them."""
    return gettext("%(tied)s were exactly level. %(decided)s: %(chosen)s.") % {
        "tied": ", ".join(names[code] for code in tie["tied"]),
        "decided": DECIDED_BY[tie["decided_by"]],
        "chosen": ", ".join(names[code] for code in tie["chosen"]),
    }


def count_command(round_: Round) -> str:
    """The command that repeats the count from the downloaded file, ready to paste."""
    words = ["doorstep", "count", f"{round_.slug}.pb", "--rule", round_.rule["name"]]
    for name, value in round_.rule.items():
        if value not in (None, False, "") and name not in ("name", "ties"):
            words.append(f"--{name.replace('_', '-')}")
            words += [] if value is True else [str(value)]
    return shlex.join(words)


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)
