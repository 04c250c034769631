"""A round's page: what was asked, what is funded, and what each other idea would have needed."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from doorstep.apps.awards.models import Award
from doorstep.apps.people.guards import acting, needs_role, public
from doorstep.apps.places.models import Place
from doorstep.apps.rounds.ballots import reason_in_words
from doorstep.apps.rounds.models import Project, Round, RoundState
from doorstep.apps.rounds.queries import fingerprint, named_projects, public_rounds
from doorstep.site.operations import close_and_settle


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
    round_ = get_object_or_404(public_rounds().select_related("result", "box"), slug=slug)
    return render(request, "pages/round.html", {"round": round_, **told(round_)})


def place_of_round(request: HttpRequest, slug: str) -> Place:
    return get_object_or_404(public_rounds(), slug=slug).place


@needs_role("partnership_member", place=place_of_round)
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, then count and settle. Sent twice, the second finds it done and shows the result."""
    round_ = get_object_or_404(public_rounds().select_related("box"), slug=slug)
    if request.method == "POST" and round_.state != RoundState.SETTLED:
        round_ = close_and_settle(round_, actor=acting(request))
    if round_.state == RoundState.SETTLED:
        return redirect("round", slug=slug)
    return render(request, "pages/round_close.html", {"round": round_})


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
    return {
        "projects": list(projects.values()),
        "outcome": outcome,
        "funded": funded,
        "others": sorted(others, key=lambda idea: (-idea.votes, idea.project.cost_pence)),
        "spent_pence": sum(idea.project.cost_pence for idea in funded),
        "most_votes": max((idea.votes for idea in ideas.values()), default=0),
        "command": count_command(round_),
    }


def count_command(round_: Round) -> str:
    """The command that repeats the count from the downloaded file."""
    options = [
        f"--{name.replace('_', '-')}" + ("" if value is True else f" {value}")
        for name, value in round_.rule.items()
        if value not in (None, False, "") and name not in ("name", "ties")
    ]
    return " ".join(
        ["doorstep count", f"{round_.slug}.pb", "--rule", round_.rule["name"], *options]
    )


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)
