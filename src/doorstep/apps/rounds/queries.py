"""Reads about rounds that pages, actions and commands share."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

from django.db.models import QuerySet

from doorstep.apps.files.models import StoredFile
from doorstep.apps.places.models import Place
from doorstep.apps.places.queries import need_ranking
from doorstep.apps.rounds import freezing
from doorstep.apps.rounds.models import (
    Counting,
    Project,
    Round,
    RoundState,
    Tally,
    Terms,
    Withdrawal,
)
from doorstep.apps.rounds.totals import Counted, differences, read_counted
from doorstep.engine.seal.canonical import canonical


def public_rounds(place: Place | None = None) -> QuerySet[Round]:
    """Rounds whose rules are fixed, newest first, with their words; one SQL statement."""
    rounds = Round.objects.exclude(state=RoundState.DRAFT).select_related("place", "title")
    if place:
        rounds = rounds.filter(place=place)
    return rounds.order_by("-pk")


def told_rounds() -> QuerySet[Round]:
    """Public rounds with result and number of voters, but not the ballots: those may be large."""
    return public_rounds().select_related("result", "box").defer("box__packed")


def project_costs(round_: Round) -> dict[str, int]:
    """{Pabulib id: pence} of what is on the ballot, in ballot order."""
    return dict(round_.projects.order_by("pk").values_list("code", "cost_pence"))


def named_projects(round_: Round) -> dict[str, Project]:
    """{Pabulib id: project with its name, and why it was taken off if it was}; one statement."""
    projects = round_.projects.select_related("name", "withdrawal__reason").order_by("pk")
    return {project.code: project for project in projects}


def withdrawn(round_: Round) -> dict[str, Withdrawal]:
    """{Pabulib id: its withdrawal, with the reason} of what was taken off the ballot."""
    gone = Withdrawal.objects.filter(project__round=round_).select_related("project", "reason")
    return {one.project.code: one for one in gone.order_by("pk")}


@dataclass(frozen=True)
class RoomCount:
    """Where the counting in one room stands.

    `latest` are the last tallies of each counter, newest first. `agreed` is what two of them
    found alike, the pair of them, and a photo of the sheet from either. `differing` names the
    lines on which the two newest do not agree; their numbers stay with who counted them.
    """

    latest: list[Tally]
    agreed: Counted | None
    pair: tuple[Tally, Tally] | None
    photo: StoredFile | None
    differing: list[str]


def room_count(round_: Round) -> RoomCount:
    """What the counters of a vote in one room have entered so far; one SQL statement."""
    newest: dict[int, Tally] = {}
    photos: dict[int, StoredFile] = {}
    for tally in round_.tallies.select_related("photo").order_by("-number"):
        newest.setdefault(tally.counter_id, tally)
        if tally.photo:
            photos.setdefault(tally.counter_id, tally.photo)
    latest = list(newest.values())
    for one, other in combinations(latest, 2):
        if one.text == other.text:
            photo = photos.get(one.counter_id) or photos.get(other.counter_id)
            return RoomCount(latest, read_counted(one.text), (other, one), photo, [])
    differing = (
        differences(read_counted(latest[1].text), read_counted(latest[0].text))
        if len(latest) > 1
        else []
    )
    return RoomCount(latest, None, None, None, differing)


def fingerprint(round_: Round) -> bytes:
    """Everything that freezing fixes, one line of canonical JSON for the question and one an idea.

    Its SHA-256 stands in the record. Names are there as commitments, so that erasing one leaves
    the fingerprint whole. A round without Terms, and one about which no other room says anything,
    has no line for them: so what was frozen before there were any still gives the same bytes.
    """
    asked: dict[str, Any] = {
        "round": round_.slug,
        "place": round_.place.slug,
        "budget_pence": round_.budget_pence,
        "vote_type": round_.vote_type,
        "rule": round_.rule,
    }
    ideas = [
        {"id": project.code, "cost_pence": project.cost_pence, "name": project.name.commitment}
        for project in named_projects(round_).values()
    ]
    if round_.without_vote:
        asked["without_vote"] = True
    terms = freezing.terms_of(round_)
    if terms is not None:
        asked["terms"] = frozen_terms(terms)
    others = freezing.other_parts(round_)
    if others:
        asked["also"] = others
    return b"\n".join(canonical(line) for line in [asked, *ideas])


def frozen_terms(terms: Terms) -> dict[str, Any]:
    """A round's Terms as plain data: days and moments as text, moments in UTC."""
    return {
        "size": terms.size,
        "ideas_from": terms.ideas_from.isoformat(),
        "ideas_until": terms.ideas_until.isoformat(),
        "checked_by": terms.checked_by.isoformat(),
        "opens_at": _moment(terms.opens_at),
        "closes_at": _moment(terms.closes_at),
        "grounds": list(terms.grounds),
        "minimum_age": terms.minimum_age,
        "minimum_choices": terms.minimum_choices,
        "encouraged_choices": terms.encouraged_choices,
        "maximum_choices": terms.maximum_choices,
        "points": terms.points,
        "publication": terms.publication,
        "secrecy": terms.secrecy,
        "secrecy_reason": terms.secrecy_reason.commitment if terms.secrecy_reason else None,
        "expected_voters": terms.expected_voters,
        "languages": list(terms.languages),
    }


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def verdict_on(round_: Round, code: str) -> dict[str, Any]:
    """What the result of a counted round says of one idea. Raises KeyError for an unknown one."""
    for verdict in round_.result.as_json["projects"]:
        if verdict["id"] == code:
            return verdict
    raise KeyError(code)


def under_way(round_: Round) -> bool:
    """Whether somebody is counting it now."""
    return Counting.objects.filter(round=round_).exists()


def featured_round() -> Round | None:
    """The newest decided round of the place that is first in line, with its result and box.

    First in line by need, so that the story stays where the money is meant to go first.
    """
    settled = told_rounds().filter(state=RoundState.SETTLED, is_example=False)
    newest = dict(settled.order_by("settled__idx").values_list("place_id", "pk"))
    for one in need_ranking():
        if one.place.pk in newest:
            return settled.get(pk=newest[one.place.pk])
    return None
