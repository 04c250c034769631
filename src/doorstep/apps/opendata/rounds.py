"""Rounds: what was asked, on which terms, which ideas stood on the ballot, and how each fared."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext, gettext_noop
from ninja import Field, Router

from doorstep.apps.rounds.ballots import count_command, publishes_ballots, reason_in_words
from doorstep.apps.rounds.models import (
    BallotBox,
    Publication,
    Round,
    RoundState,
    VoteType,
)
from doorstep.apps.rounds.queries import frozen_terms, named_projects, public_rounds
from doorstep.apps.voting.models import PollState
from doorstep.apps.voting.queries import in_words

from .links import page
from .listing import Piece, Row, alone, lists, of_place
from .words import reader

router = Router(tags=["rounds"])
results_router = Router(tags=["results"])


class RoundRow(Row):
    round: str = Field(description="Its id; it never changes.")
    place: str
    title: str | None = Field(description="null where the words were erased or are hidden.")
    state: RoundState
    state_in_words: str
    voting: PollState | None = Field(description="Of a vote by code; null where there is none.")
    vote_type: VoteType
    budget_pence: int
    ideas: int = Field(description="How many ideas stand on the ballot.")
    without_vote: bool = Field(description="Whether every idea fitted, so that nobody was asked.")
    is_example: bool = Field(description="Whether it was an example, on pretend money.")
    opens_at: datetime | None
    closes_at: datetime | None
    page: str


class RoundWhole(RoundRow):
    """A round with all that its freeze fixed. Leaves are lines of the public record."""

    rule: dict[str, Any] = Field(description="How ballots are counted.")
    terms: dict[str, Any] | None = Field(
        description="Who may take part, until when, and what is published; null for examples."
    )
    frozen_leaf: int
    closed_leaf: int | None
    counted_leaf: int | None
    settled_leaf: int | None
    cancelled_leaf: int | None


class ProjectRow(Row):
    project: str = Field(description="Its id on the ballot, as in the Pabulib file.")
    round: str
    name: str | None = Field(description="null where the words were erased or are hidden.")
    cost_pence: int
    withdrawn: bool = Field(description="Whether it was taken off while people voted.")
    votes: int | None = Field(description="null until the round is counted.")
    funded: bool | None
    reason: str | None = Field(description="Why it is funded or not, as a code.")
    reason_in_words: str | None


class ResultRow(Row):
    round: str
    place: str
    title: str | None
    voters: int = Field(description="How many ballots were counted.")
    ideas: int
    funded: int = Field(description="How many ideas are funded.")
    budget_pence: int
    spent_pence: int
    rule: str
    without_vote: bool
    is_example: bool
    published: str = Field(
        description="ballots: all of them; totals: of one room; result: no more than this, which "
        "two people signed; nothing: no vote was needed."
    )
    result_sha256: str
    ballots_sha256: str | None
    leaf: int = Field(description="The count's line in the public record.")


class ResultWhole(ResultRow):
    """A result with the facts of its count."""

    projects: list[ProjectRow]
    ties: list[dict[str, Any]]
    command: str | None = Field(description="Repeats the count from the published ballots.")
    ballots: str | None = Field(description="The address of the ballots, as a Pabulib file.")
    outcome: str = Field(description="The address of the counted file that the SHA-256 is of.")


@lists(router, "/rounds", RoundRow, gettext_noop("Rounds"))
def rounds(piece: Piece, place: str = of_place()) -> list[RoundRow]:
    """Every round from the day its rules are fixed."""
    found = _frozen(place).filter(frozen__idx__gte=piece.start).order_by("frozen__idx")
    counted = list(found.annotate(n_ideas=Count("projects"))[: piece.limit])
    read = reader([(one.title.commitment, one.title.text) for one in counted])
    return [RoundRow(**_about(one, read, one.n_ideas)) for one in counted]


@router.get("/rounds/{slug:round}", response=RoundWhole, operation_id="round", summary="One round")
@alone
def one_round(request: HttpRequest, round: str) -> Any:
    """With all that its freeze fixed."""
    found = get_object_or_404(
        _frozen("").select_related("closed", "counted", "settled", "cancelled"), slug=round
    )
    read = reader([(found.title.commitment, found.title.text)])
    terms = getattr(found, "terms", None)
    leaves: dict[str, Any] = {
        f"{step}_leaf": leaf.idx if (leaf := getattr(found, step)) else None
        for step in ("frozen", "closed", "counted", "settled", "cancelled")
    }
    return RoundWhole(
        **_about(found, read, found.projects.count()),
        rule=found.rule,
        terms=frozen_terms(terms) if terms else None,
        **leaves,
    )


@lists(router, "/rounds/{slug:round}/projects", ProjectRow, gettext_noop("Ideas on a ballot"))
def projects(piece: Piece, round: str) -> list[ProjectRow]:
    """In ballot order; once the round is counted, how each fared and why."""
    found = get_object_or_404(_frozen("").select_related("result"), slug=round)
    return _projects(found)[piece.start : piece.start + piece.limit]


@lists(results_router, "/results", ResultRow, gettext_noop("Results"))
def results(piece: Piece, place: str = of_place()) -> list[ResultRow]:
    """Every round that was counted."""
    found = _counted(place).filter(counted__idx__gte=piece.start).order_by("counted__idx")
    counted = list(found[: piece.limit])
    read = reader([(one.title.commitment, one.title.text) for one in counted])
    return [ResultRow(**_result(one, read)) for one in counted]


@results_router.get(
    "/rounds/{slug:round}/result",
    response=ResultWhole,
    operation_id="result",
    summary="One result, and the facts of its count",
)
@alone
def one_result(request: HttpRequest, round: str) -> Any:
    """Votes and the reason for each idea, ties and what decided them, and how to count again."""
    found = get_object_or_404(_counted(""), slug=round)
    read = reader([(found.title.commitment, found.title.text)])
    whole = publishes_ballots(found)
    return ResultWhole(
        **_result(found, read),
        projects=_projects(found),
        ties=found.result.as_json["ties"],
        command=count_command(found) if whole else None,
        ballots=page("opendata:ballots", found.slug) if whole else None,
        outcome=page("round-result", found.slug),
    )


@results_router.get(
    "/rounds/{slug:round}/ballots.pb",
    operation_id="ballots",
    url_name="ballots",
    summary="The ballots of a round, as a Pabulib file",
    openapi_extra={
        "responses": {
            200: {"description": "OK", "content": {"text/plain": {"schema": {"type": "string"}}}}
        }
    },
)
@alone
def ballots(request: HttpRequest, round: str) -> HttpResponse:
    """Only where every ballot is published: shuffled, without names, ages or times."""
    found = get_object_or_404(
        public_rounds().select_related("terms", "box"), slug=round, box__form="ballots"
    )
    if not publishes_ballots(found):
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{found.slug}.pb"'}
    return HttpResponse(
        found.box.pabulib, content_type="text/plain; charset=utf-8", headers=headers
    )


def _frozen(place: str) -> QuerySet[Round]:
    """Public rounds with their terms; drafts are nobody's business yet."""
    found = public_rounds().select_related(
        "frozen", "terms__secrecy_reason", "place", "title", "poll"
    )
    found = found.filter(frozen__isnull=False)
    return found.filter(place__slug=place) if place else found


def _counted(place: str) -> QuerySet[Round]:
    """Counted rounds with what was found, but not the ballots: those may be large."""
    found = _frozen(place).filter(counted__isnull=False, result__isnull=False)
    return found.select_related(
        "frozen", "terms", "place", "title", "counted", "result", "box"
    ).defer("box__packed")


def _about(one: Round, read: Any, ideas: int) -> dict[str, Any]:
    terms, poll = getattr(one, "terms", None), getattr(one, "poll", None)
    return {
        "sequence": one.frozen.idx if one.frozen else 0,
        "round": one.slug,
        "place": one.place.slug,
        "title": read(one.title.commitment, one.title.text),
        "state": RoundState(one.state),
        "state_in_words": in_words(one),
        "voting": PollState(poll.state) if poll else None,
        "vote_type": VoteType(one.vote_type),
        "budget_pence": one.budget_pence,
        "ideas": ideas,
        "without_vote": one.without_vote,
        "is_example": one.is_example,
        "opens_at": terms.opens_at if terms else None,
        "closes_at": terms.closes_at if terms else None,
        "page": page("round", one.slug),
    }


def _result(one: Round, read: Any) -> dict[str, Any]:
    outcome, box = one.result.as_json, getattr(one, "box", None)
    return {
        "sequence": one.counted.idx if one.counted else 0,
        "round": one.slug,
        "place": one.place.slug,
        "title": read(one.title.commitment, one.title.text),
        "voters": box.voters if box else 0,
        "ideas": len(outcome["projects"]),
        "funded": len(outcome["winners"]),
        "budget_pence": one.budget_pence,
        "spent_pence": _pence(outcome["spent"]),
        "rule": outcome["rule"]["name"],
        "without_vote": one.without_vote,
        "is_example": one.is_example,
        "published": _published(one, box),
        "result_sha256": one.result.sha256,
        "ballots_sha256": box.sha256 if box else None,
        "leaf": one.counted.idx if one.counted else 0,
    }


def _pence(pounds: str) -> int:
    """The count writes pounds as decimals; costs are whole pence, and so is their sum."""
    whole, _point, odd = pounds.partition(".")
    return int(whole) * 100 + int(odd.ljust(2, "0") or 0)


def _published(one: Round, box: BallotBox | None) -> str:
    if box is None:
        return "nothing"
    if box.form == BallotBox.Form.TOTALS:
        return "totals"
    terms = getattr(one, "terms", None)
    whole = terms is None or terms.publication == Publication.WHOLE
    return "ballots" if whole else "result"


def _projects(one: Round) -> list[ProjectRow]:
    """In ballot order, numbered from nothing; a fixed number of statements."""
    named = named_projects(one)
    read = reader([(project.name.commitment, project.name.text) for project in named.values()])
    verdicts: Mapping[str, Any] = {}
    if hasattr(one, "result"):
        verdicts = {verdict["id"]: verdict for verdict in one.result.as_json["projects"]}
    rows = []
    for number, (code, project) in enumerate(named.items()):
        verdict = verdicts.get(code)
        rows.append(
            ProjectRow(
                sequence=number,
                project=code,
                round=one.slug,
                name=read(project.name.commitment, project.name.text),
                cost_pence=project.cost_pence,
                withdrawn=hasattr(project, "withdrawal"),
                votes=verdict["votes"] if verdict else None,
                funded=verdict["won"] if verdict else None,
                reason=verdict["reason"]["code"] if verdict else None,
                reason_in_words=reason_in_words(verdict["reason"], gettext) if verdict else None,
            )
        )
    return rows
