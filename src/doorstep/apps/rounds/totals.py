"""Totals of a vote in one room: what a counter enters, what two must agree on, what is published.

Pure: plain values in, plain values out. No ballot is ever made up from totals.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import Tally
from doorstep.engine.count import WITHDRAWN, Election, Project
from doorstep.engine.count.totals import election_of_totals

FORMAT = "doorstep totals v1"
MOST_VOTERS = 10_000
HOW = "how"
VOTERS = "voters"


@dataclass(frozen=True)
class Counted:
    """What one counter found in the box: how people chose, how many took part, votes by idea."""

    how: str
    voters: int
    votes: Mapping[str, int]

    def text(self) -> str:
        """The same text for the same count, so that the database can compare two of them."""
        return _canonical({"how": self.how, "voters": self.voters, "votes": dict(self.votes)})


def refuse_impossible(counted: Counted, codes: Sequence[str]) -> None:
    """Refuse a count that no box could hold."""
    if counted.how not in Tally.How.values:
        raise Refused(_("Say whether people used slips or tokens."), code="tally")
    if set(counted.votes) != set(codes):
        raise Refused(
            _("Enter a number for every idea on the ballot, 0 where nobody chose it."),
            code="tally",
        )
    if not 1 <= counted.voters <= MOST_VOTERS:
        raise Refused(
            _("Enter how many people took part, from 1 to 10,000."),
            code="tally",
        )
    if any(not 0 <= number <= counted.voters for number in counted.votes.values()):
        raise Refused(
            _(
                "An idea has more votes than people took part. Each person has one vote for an "
                "idea at most: look at the numbers again."
            ),
            code="tally",
        )


def read_counted(text: str) -> Counted:
    """What `Counted.text` wrote. Raises ValueError for anything else."""
    read = _object(text)
    if set(read) != {"how", "voters", "votes"}:
        raise ValueError("a count has how, voters and votes")
    return Counted(str(read["how"]), _whole(read["voters"]), _votes(read["votes"]))


def differences(one: Counted, other: Counted) -> list[str]:
    """The lines in which two counts differ: `how`, `voters`, then codes in ballot order."""
    lines = [HOW] * (one.how != other.how) + [VOTERS] * (one.voters != other.voters)
    codes = dict.fromkeys([*one.votes, *other.votes])
    return lines + [code for code in codes if one.votes.get(code) != other.votes.get(code)]


@dataclass(frozen=True)
class Published:
    """The file of totals that anybody may download and add up again; amounts in pence.

    `sheet` is the fingerprint of the photo of the signed sheet.
    """

    round: str
    budget_pence: int
    costs: Mapping[str, int]
    counted: Counted
    sheet: str
    withdrawn: Sequence[str] = field(default_factory=tuple)

    def bytes(self) -> bytes:
        written = {
            "format": FORMAT,
            "round": self.round,
            "budget_pence": self.budget_pence,
            "how": self.counted.how,
            "voters": self.counted.voters,
            "ideas": [
                {
                    "id": code,
                    "cost_pence": pence,
                    "votes": self.counted.votes[code],
                    "withdrawn": code in self.withdrawn,
                }
                for code, pence in self.costs.items()
            ],
            "counters": 2,
            "sheet": self.sheet,
        }
        return _canonical(written).encode()

    def election(self) -> Election:
        """What the greedy rules count; a withdrawn idea says so and is left aside."""
        projects = [
            Project(
                code, "", Fraction(pence, 100), {WITHDRAWN: "yes"} if code in self.withdrawn else {}
            )
            for code, pence in self.costs.items()
        ]
        return election_of_totals(
            name=f"{self.round}.json",
            sha256=hashlib.sha256(self.bytes()).hexdigest(),
            projects=projects,
            votes=self.counted.votes,
            voters=self.counted.voters,
            budget=Fraction(self.budget_pence, 100),
        )


def read_published(content: bytes) -> Published:
    """What `Published.bytes` wrote, byte for byte. Raises ValueError for anything else."""
    try:
        read = _object(content.decode())
        ideas = list(_ideas(read["ideas"]))
        found = Published(
            round=str(read["round"]),
            budget_pence=_whole(read["budget_pence"]),
            costs={code: cost for code, cost, _votes, _off in ideas},
            counted=Counted(
                str(read["how"]),
                _whole(read["voters"]),
                {code: votes for code, _cost, votes, _off in ideas},
            ),
            sheet=str(read["sheet"]),
            withdrawn=tuple(code for code, _cost, _votes, off in ideas if off),
        )
    except (KeyError, TypeError, UnicodeDecodeError) as problem:
        raise ValueError(f"this is no file of totals: {problem}") from None
    if found.bytes() != content:
        raise ValueError("this is no file of totals: it is not written as one")
    return found


def _ideas(listed: Any) -> Iterator[tuple[str, int, int, bool]]:
    for one in listed:
        off = one["withdrawn"] is True
        yield str(one["id"]), _whole(one["cost_pence"]), _whole(one["votes"]), off


def _object(text: str) -> dict[str, Any]:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise ValueError(f"this is no JSON: {problem}") from None
    if not isinstance(read, dict):
        raise ValueError("this is no JSON object")
    return read


def _votes(read: Any) -> dict[str, int]:
    if not isinstance(read, dict):
        raise ValueError("votes are an object of idea and number")
    return {str(code): _whole(number) for code, number in read.items()}


def _whole(number: Any) -> int:
    if type(number) is not int:
        raise ValueError(f"{number!r} is no whole number")
    return number


def _canonical(value: dict[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
