"""A round's page: what was asked, what is funded, and what each other idea would have needed."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods

from doorstep.apps.ideas.queries import on_ballot
from doorstep.apps.people.guards import acting, needs_role, public
from doorstep.apps.people.step_up import after_a_fresh_second_step
from doorstep.apps.places.models import Place
from doorstep.apps.rounds.ballots import publishes_ballots
from doorstep.apps.rounds.models import Round, RoundState
from doorstep.apps.rounds.queries import (
    fingerprint,
    named_projects,
    public_rounds,
    told_rounds,
    under_way,
)
from doorstep.apps.rounds.rules import refuse_unless_in
from doorstep.site import tasks
from doorstep.site.pages import results
from doorstep.site.pages.papers import papers
from doorstep.site.pages.results import count_command
from doorstep.site.pages.standing import any_round, standing

__all__ = ["ballots_file", "close", "count_command", "frozen_file", "page"]


@public
def page(request: HttpRequest, slug: str) -> HttpResponse:
    round_ = get_object_or_404(any_round(), slug=slug)
    answer = render(
        request,
        "pages/round.html",
        {"round": round_, **told(round_), "papers": papers(round_)},
    )
    if round_.state == RoundState.DRAFT:
        # Drafting writes no leaf, so nothing would ever end a page that was kept.
        add_never_cache_headers(answer)
    return answer


def place_of_round(request: HttpRequest, slug: str) -> Place:
    return get_object_or_404(public_rounds(), slug=slug).place


@needs_role("partnership_member", place=place_of_round)
@require_http_methods(["GET", "POST"])
@after_a_fresh_second_step
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, then let a worker count and settle. Sent twice, the second finds it done or under way;
    while it is, the page says so and leads to itself."""
    rounds = told_rounds()
    round_ = get_object_or_404(rounds, slug=slug)
    if request.method == "POST" and round_.state != RoundState.SETTLED and not under_way(round_):
        if round_.state != RoundState.COUNTED:
            refuse_unless_in(round_.state, RoundState.CLOSED, slug)
        tasks.ask_to_count(round_, acting(request))
        round_ = rounds.get(pk=round_.pk)
    if round_.state == RoundState.SETTLED:
        return redirect("round", slug=slug)
    if request.method == "POST":
        return redirect("round-close", slug=slug)
    waiting = under_way(round_) or tasks.is_waiting(round_)
    refused, broken = ("", False) if waiting else tasks.how_it_ended(round_)
    return render(
        request,
        "pages/round_close.html",
        {"round": round_, "under_way": waiting, "refused": refused, "broken": broken},
    )


@public
def ballots_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Every ballot, where ballots are published: nowhere else does this address lead anywhere."""
    rounds = public_rounds().select_related("terms")
    round_ = get_object_or_404(rounds, slug=slug, box__form="ballots")
    if not publishes_ballots(round_):
        raise Http404
    return _file(round_.box.pabulib, "text/plain; charset=utf-8", f"{slug}.pb")


@public
def result_file(request: HttpRequest, slug: str) -> HttpResponse:
    round_ = get_object_or_404(public_rounds(), slug=slug, result__isnull=False)
    return _file(round_.result.outcome.encode(), "application/json", f"{slug}.json")


@public
def certificate_file(request: HttpRequest, slug: str) -> HttpResponse:
    """What pins the count down, where its ballots are public."""
    rounds = public_rounds().select_related("terms")
    round_ = get_object_or_404(rounds, slug=slug, box__form="ballots", result__isnull=False)
    if not results.publishes_ballots(round_):
        raise Http404
    return _file(results.certificate_of(round_), "application/json", f"{slug}-certificate.json")


@public
def frozen_file(request: HttpRequest, slug: str) -> HttpResponse:
    round_ = get_object_or_404(public_rounds(), slug=slug)
    return _file(fingerprint(round_), "text/plain; charset=utf-8", f"{slug}-frozen.jsonl")


def told(round_: Round) -> dict[str, Any]:
    """What the page says: where the round stands, and once it is counted, how each idea fared."""
    if hasattr(round_, "result"):
        return results.told(round_)
    now = standing(round_, timezone.localdate())
    if now is None:
        raise Http404
    numbers = on_ballot(round_)
    projects = list(named_projects(round_).values())
    return {
        "projects": projects,
        "choices": [(project, numbers.get(project.pk)) for project in projects],
        "now": now,
        "ballots": results.ballots_address(round_),
        "has_ballots": publishes_ballots(round_),
    }


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)
