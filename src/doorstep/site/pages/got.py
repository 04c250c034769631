"""What those who voted got from a round: only from ballots that everybody can read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from doorstep.apps.ledger.rules import pounds
from doorstep.engine.count import Election, Outcome
from doorstep.engine.count.choices import Choices
from doorstep.engine.count.fairness import Got, what_voters_got
from doorstep.engine.count.proportional import LeftOut, left_out, measure_of
from doorstep.site.pages.turnout import cells, least_shown
from doorstep.site.words import counted

WITH, WITHOUT = "with", "without"


@dataclass(frozen=True)
class Figures:
    """Figures to be kept; measured is False where no group can be asked about."""

    got: Got
    left_out: tuple[LeftOut, ...]
    measured: bool


def figures(election: Election, outcome: Outcome) -> Figures:
    """Work them out; docs/count.md says what each means."""
    choices = Choices.of(election, outcome)
    measured = measure_of(outcome) == "cost"
    groups = left_out(choices, outcome) if measured else []
    return Figures(what_voters_got(choices, outcome), tuple(groups), measured)


def in_words(found: Figures, names: Mapping[str, str]) -> list[str]:
    """One sentence each: who has something funded, and whether a group was left out."""
    said = [_something(found.got)]
    shown = [one for one in found.left_out if one.people >= least_shown()]
    if found.measured and not found.left_out:
        said.append(
            _(
                "No group was left out that was large enough to pay, with its part of the pot, for "
                "an idea all of them supported on top of what any of them got."
            )
        )
    for one in shown[:1]:
        said.append(
            _(
                "%(people)s supported “%(idea)s”, and their part of the pot is %(part)s. That "
                "would have paid for it, even on top of the funded ideas of any of them (%(most)s "
                "at most). This way of counting does not look at that."
            )
            % {
                "people": counted(one.people, "people"),
                "idea": names[one.project],
                "part": pounds(int(one.part * 100)),
                "most": pounds(int(one.most * 100)),
            }
        )
    return said


def _something(got: Got) -> str:
    """Of everybody who voted; a small number of people is kept back on either side."""
    without = got.voters - got.with_something
    if not without:
        return _("Everybody who voted has something funded that they supported.")
    if not got.with_something:
        return _("Nobody who voted has something funded that they supported.")
    hidden = [cell.people is None for cell in cells({WITH: got.with_something, WITHOUT: without})]
    gaps = {
        "some": f"{got.with_something:,}",
        "voters": counted(got.voters, "people"),
        "percent": 100 * got.with_something // got.voters,
        "n": least_shown(),
    }
    if not any(hidden):
        said = _(
            "Of the %(voters)s who voted, %(some)s have something funded that they supported: "
            "%(percent)s in every hundred."
        )
    elif without < got.with_something:
        said = _(
            "Of the %(voters)s who voted, all but fewer than %(n)s have something funded that they "
            "supported."
        )
    else:
        said = _(
            "Of the %(voters)s who voted, fewer than %(n)s have something funded that they "
            "supported."
        )
    return said % gaps


def tables(found: Figures) -> list[tuple[str, list[Any], list[tuple[str, str, str]]]]:
    """How many funded choices, and what they cost: everybody, and the tenth with least. A tenth
    of fewer people than may be shown is left out."""
    got = found.got
    rows = [
        (
            _("Everybody who voted"),
            f"{float(got.mean_number):.1f}",
            pounds(int(got.mean_value * 100)),
        )
    ]
    if got.worst_off >= least_shown():
        rows.append(
            (
                _("The tenth who got least"),
                f"{float(got.worst_off_number):.1f}",
                pounds(int(got.worst_off_value * 100)),
            )
        )
    columns: list[Any] = [
        _("Voters"),
        (_("Choices funded, on average"), "number"),
        (_("What those cost together"), "number"),
    ]
    return [(_("What is funded of their choices"), columns, rows)]
