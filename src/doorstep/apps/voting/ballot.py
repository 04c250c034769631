"""What a ballot page shows: the ideas in this voter's order, what is chosen, and what counts."""

import hmac
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from doorstep.apps.ideas.models import Idea
from doorstep.apps.rounds.models import Project, Round
from doorstep.apps.rounds.queries import named_projects
from doorstep.apps.voting.choices import Choice, Question


@dataclass(frozen=True)
class Row:
    """One idea on the ballot. `place` is its place in the ballot's order, `rank` in a ranking.

    `reason` is why it was taken off the ballot, if it was.
    """

    place: int
    name: str
    cost_pence: int
    link: str
    chosen: bool
    points: int
    rank: int | None
    withdrawn: bool
    can_add: bool
    reason: str = ""
    first: bool = False
    last: bool = False


def shuffled(question: Question, slug: str, credential: int) -> list[int]:
    """The ideas in an order of this voter's own: the same at each tap, and nobody else's.

    So no idea stands first for everybody, and the order tells nothing about the code.
    """

    def key(place: int) -> bytes:
        said = f"order|{slug}|{credential}|{place}"
        return hmac.digest(settings.CODE_PEPPER.encode(), said.encode(), "sha256")

    return sorted(range(len(question.codes)), key=key)


def rows(round_: Round, question: Question, choice: Choice, credential: int) -> list[Row]:
    projects = named_projects(round_)
    numbers = dict(Idea.objects.filter(project__round=round_).values_list("project_id", "number"))
    order = shuffled(question, round_.slug, credential)
    if question.kind == "ordinal":
        order = [*choice.ideas, *(place for place in order if place not in choice.ideas)]
    full = (
        choice.spent >= question.points
        if question.kind == "cumulative"
        else not question.only_one and len(choice.ideas) >= question.most
    )
    return [
        _row(projects[question.codes[place]], place, question, choice, numbers, full)
        for place in order
    ]


def _row(
    project: Project,
    place: int,
    question: Question,
    choice: Choice,
    numbers: dict[int, int],
    full: bool,
) -> Row:
    number = numbers.get(project.pk)
    rank = choice.place_of(place)
    points = choice.points_for(place)
    over = question.maximum is not None and len(choice.ideas) >= question.maximum and not points
    return Row(
        place=place,
        name=project.name.text or _("(name removed)"),
        cost_pence=project.cost_pence,
        link=reverse("ideas:idea", args=[number]) if number else "",
        chosen=bool(points),
        points=points,
        rank=rank,
        withdrawn=place in question.withdrawn,
        can_add=not full and not over,
        reason=_reason(project),
        first=rank == 1,
        last=rank == len(choice.ideas),
    )


def _reason(project: Project) -> str:
    """Why an idea was taken off the ballot; empty for one that is on it."""
    withdrawal = getattr(project, "withdrawal", None)
    return (withdrawal.reason.text or _("(reason removed)")) if withdrawal else ""
