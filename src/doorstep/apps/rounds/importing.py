"""A real election becomes a closed round: an example, on example money, never on live funds."""

import re
from datetime import date
from pathlib import Path

from django.db import transaction

from doorstep.apps.places.models import Place
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.apps.rounds import ballots
from doorstep.apps.rounds.actions import add_projects, close_round, draft_round, freeze_round
from doorstep.apps.rounds.models import Round, VoteType
from doorstep.engine.count import Rule, read_pabulib

LONGEST_SLUG = 40


@transaction.atomic
def import_example(path: Path, place: Place, *, rule: Rule, on: date, actor: Actor) -> Round:
    """Make a closed round of a Pabulib file, reading its currency unit as pounds.

    Raises `Refused` when the place has no example budget or too little of it, when an amount is
    not whole pence, or when this file stands here already; `PabulibError` when it cannot be read;
    `RuleError` when the rule does not fit its ballots.
    """
    election = read_pabulib(path)
    slug = example_slug(path.name, election.sha256)
    if Round.objects.filter(slug=slug).exists():
        raise Refused(
            f"{path.name} stands here already, as round {slug}. Look at it at /rounds/{slug}/, "
            "or rename the file to import it again.",
            code="already_imported",
        )
    free = next((project.id for project in election.projects if not project.cost), None)
    if free is not None:
        raise Refused(
            f"{path.name}: the project {free} costs nothing, and no award can be made of nothing. "
            "Count the file with `doorstep count`, or leave that project out.",
            code="free_project",
        )
    round_ = draft_round(
        slug,
        place,
        title=election.meta.get("description") or path.stem.replace("_", " "),
        budget_pence=ballots.pence(election.budget, "The budget"),
        vote_type=VoteType(election.vote_type),
        rule=rule.settled(election),
        is_example=True,
    )
    add_projects(
        round_,
        (
            (project.id, project.name or project.id, ballots.pence(project.cost, project.id))
            for project in election.projects
        ),
    )
    round_ = freeze_round(round_, on=on, actor=actor)
    return close_round(round_, path.read_bytes(), actor=actor)


def example_slug(file_name: str, sha256: str) -> str:
    """A readable id from a file's name: `Poland_Swiecie_2023.pb` → `example-poland-swiecie-2023`.

    A name that is too long for an id, or has no letter for one, ends in the first digits of the
    file's SHA-256, so that two districts of one city stay apart.
    """
    words = re.sub(r"[^a-z0-9]+", "-", Path(file_name).stem.lower()).strip("-")
    slug = f"example-{words}"
    if words and len(slug) <= LONGEST_SLUG:
        return slug
    return f"{slug[:33].strip('-')}-{sha256[:6]}"
