"""Writing Pabulib's .pb format: the file with which a stranger repeats a count."""

from __future__ import annotations

import csv
import io

from .election import SCORED_TYPES, Election
from .reader import unix_lines
from .words import decimal


def write_pabulib(election: Election) -> bytes:
    """The election as a .pb file, the same bytes for the same election on any machine.

    Voters are numbered in the order of what they voted, so the file tells nothing about who
    voted when. read_pabulib gives back an equal election, apart from name and sha256.
    """
    out = io.StringIO(newline="")
    rows = csv.writer(out, delimiter=";", lineterminator="\n")
    meta = dict(election.meta)
    meta.update(
        num_projects=str(len(election.projects)),
        num_votes=str(election.voters),
        budget=decimal(election.budget),
        vote_type=election.vote_type,
    )
    rows.writerow(["META"])
    rows.writerow(["key", "value"])
    rows.writerows((unix_lines(key), unix_lines(value)) for key, value in meta.items())
    extra = list(dict.fromkeys(key for project in election.projects for key in project.extra))
    rows.writerow(["PROJECTS"])
    rows.writerow(["project_id", "cost", "name", *extra])
    for project in election.projects:
        rows.writerow(
            [project.id, decimal(project.cost), unix_lines(project.name)]
            + [unix_lines(project.extra.get(key, "")) for key in extra]
        )
    scored = election.vote_type in SCORED_TYPES
    rows.writerow(["VOTES"])
    rows.writerow(["voter_id", "vote", "points"] if scored else ["voter_id", "vote"])
    number = 0
    for ballot in election.ballots:
        vote = ",".join(election.projects[choice].id for choice in ballot.choices)
        points = [",".join(map(decimal, ballot.points))] if scored else []
        for _ in range(ballot.weight):
            number += 1
            rows.writerow([number, vote, *points])
    return out.getvalue().encode()
