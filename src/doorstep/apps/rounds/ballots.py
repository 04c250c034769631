"""Between a round's rows and the engine: pence and pounds, the published file, the recount."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import Round
from doorstep.engine.count import (
    Election,
    Outcome,
    Progress,
    Rule,
    count,
    read_pabulib,
    said,
    write_pabulib,
)


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
    bare = replace(
        election,
        name=f"{round_.slug}.pb",
        projects=tuple(replace(project, name="", extra={}) for project in election.projects),
        meta={
            "description": f"Round {round_.slug}",
            "country": "United Kingdom",
            "unit": round_.place.slug,
            "instance": round_.slug,
            "currency": "GBP",
        },
    )
    return write_pabulib(bare)


def recount(round_: Round, progress: Progress | None = None) -> Outcome:
    """Count the published ballots by the frozen rule, exactly as a stranger would."""
    election = read_pabulib(round_.box.pabulib, name=f"{round_.slug}.pb")
    return count(election, Rule.from_dict(round_.rule), progress)


def reason_in_words(reason: dict[str, Any], translate: Callable[[str], str]) -> str:
    """A reason of a stored result as a sentence in the reader's language, in pounds."""
    params = {
        name: value if name == "unit" else _number(value)
        for name, value in reason["params"].items()
    }
    return said(reason["code"], params, "GBP", translate)


def _number(written: str | int) -> int | Fraction:
    number = Fraction(written)
    return int(number) if number.denominator == 1 else number
