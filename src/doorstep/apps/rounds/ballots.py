"""Between a round's rows and the engine: pence and pounds, the published file, the recount."""

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import BallotBox, Publication, Round
from doorstep.apps.rounds.queries import project_costs, withdrawn
from doorstep.apps.rounds.totals import read_published
from doorstep.engine.count import (
    WITHDRAWN,
    Election,
    Outcome,
    Progress,
    Rule,
    count,
    read_pabulib,
    said,
    write_pabulib,
)
from doorstep.engine.count.outcome import params_as_json
from doorstep.engine.count.report import command_of
from doorstep.engine.count.reread import params_of
from doorstep.engine.count.words import decimal


def pence(pounds: Fraction, what: str) -> int:
    """Whole pence of an amount that a Pabulib file gives; refuses a fraction of a penny."""
    amount = pounds * 100
    if amount.denominator != 1:
        raise Refused(
            _(
                "“%(what)s” is %(amount)s, which is not a whole number of pence. Money here is "
                "whole pence: correct the file."
            )
            % {"what": what, "amount": float(pounds)},
            code="fraction_of_a_penny",
        )
    return int(amount)


def published(election: Election, round_: Round) -> bytes:
    """The Pabulib file that anyone may download and recount.

    It holds costs and choices only. Names of ideas stay in rows that can be erased, and whatever
    else a file said about voters (age, sex, district) is dropped.
    """
    off = set(withdrawn(round_))
    bare = replace(
        election,
        name=f"{round_.slug}.pb",
        projects=tuple(
            replace(project, name="", extra={WITHDRAWN: "yes" if project.id in off else ""})
            if off
            else replace(project, name="", extra={})
            for project in election.projects
        ),
        meta={
            "description": f"Round {round_.slug}",
            "country": "United Kingdom",
            "unit": round_.place.slug,
            "instance": round_.slug,
            "currency": "GBP",
        },
    )
    return write_pabulib(bare)


def before_votes(published: bytes) -> bytes:
    """A published file up to its first vote: what the round fixes, and the names of the columns."""
    head, mark, votes = published.partition(b"\nVOTES\n")
    columns, end, _rows = votes.partition(b"\n")
    return head + mark + columns + end


def everything_fits(round_: Round) -> str:
    """The result of a round that needed no vote, in the form of a counted one, as canonical JSON.

    Every idea is funded, and none has a vote. Raises `Refused` when they cost more than the pot.
    """
    costs = project_costs(round_)
    if sum(costs.values()) > round_.budget_pence:
        raise Refused(
            _("The ideas cost more than the pot, so people must choose. Hold the vote."),
            code="not_everything_fits",
        )
    code = "won_without_vote"
    projects = []
    for project, cost in costs.items():
        amount = Fraction(cost, 100)
        reason = {
            "code": code,
            "params": params_as_json({"cost": amount}),
            "text": said(code, {"cost": amount}, "GBP"),
        }
        projects.append(
            {"id": project, "name": "", "cost": decimal(amount), "votes": 0, "won": True}
            | {"reason": reason}
        )
    outcome = {
        "election": {
            "file": "",
            "sha256": "",
            "voters": 0,
            "projects": len(costs),
            "budget": decimal(Fraction(round_.budget_pence, 100)),
        },
        "rule": {"name": "everything-fits"},
        "winners": list(costs),
        "spent": decimal(Fraction(sum(costs.values()), 100)),
        "projects": projects,
        "rounds": [],
        "ties": [],
    }
    return json.dumps(outcome, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def recount(round_: Round, progress: Progress | None = None) -> Outcome:
    """Count what was published by the frozen rule, exactly as a stranger would."""
    return count(_election(round_), Rule.from_dict(round_.rule), progress)


def count_command(round_: Round) -> str:
    """The command that repeats the count from the downloaded file, ready to paste."""
    return command_of(Rule.from_dict(round_.rule), f"{round_.slug}.pb")


def publishes_ballots(round_: Round) -> bool:
    """Whether whole ballots of this round are public; an example's always are."""
    box = getattr(round_, "box", None)
    if box is None or box.form != BallotBox.Form.BALLOTS:
        return False
    terms = getattr(round_, "terms", None)
    return terms is None or terms.publication == Publication.WHOLE


def withdrawn_in(round_: Round) -> set[str]:
    """Pabulib ids that the published file marks as taken off."""
    return {one.id for one in _election(round_).projects if one.extra.get(WITHDRAWN)}


def _election(round_: Round) -> Election:
    """What the box of a closed round holds. Raises PabulibError or ValueError when damaged."""
    if round_.box.form == BallotBox.Form.TOTALS:
        return read_published(round_.box.published).election()
    return read_pabulib(round_.box.pabulib, name=f"{round_.slug}.pb")


def reason_in_words(reason: dict[str, Any], translate: Callable[[str], str]) -> str:
    """A reason of a stored result as a sentence in the reader's language, in pounds."""
    return said(reason["code"], params_of(reason["params"]), "GBP", translate)
