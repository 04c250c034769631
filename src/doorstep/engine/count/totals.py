"""An election of which only totals are known: how many supported each project.

Only the greedy rules can count it, because they ask nothing else of the ballots.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from .election import Election, Project
from .profile import profile_of


def election_of_totals(
    *,
    name: str,
    sha256: str,
    projects: Sequence[Project],
    votes: Mapping[str, int],
    voters: int,
    budget: Fraction,
) -> Election:
    """`votes` maps ids to how many supported each; `sha256` is of the file they are published in.

    Its profile stands for the totals, one group for each project: nobody's ballot is among them.
    Raises ValueError for an unknown id, a missing one, or more votes than voters.
    """
    ids = [project.id for project in projects]
    if sorted(ids) != sorted(votes):
        raise ValueError("the totals are about other projects")
    if budget <= 0 or voters < 0 or any(not 0 <= number <= voters for number in votes.values()):
        raise ValueError("a project cannot have more votes than there are voters, nor fewer than 0")
    return Election(
        name=name,
        sha256=sha256,
        vote_type="approval",
        budget=budget,
        voters=voters,
        projects=tuple(projects),
        profile=profile_of(
            {((place,), ()): votes[one] for place, one in enumerate(ids) if votes[one]}
        ),
        meta={"currency": "GBP"},
    )
