"""An analysis for a terminal: plain text, at most 90 columns, as report.py writes the outcome."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from .analysis import Analysis, facts, facts_of
from .bringing import Bringing, Purse
from .facts import fact_in_words, shortened
from .fairness import Kind
from .report import WIDTH, printable, wrapped
from .words import money, rounded_money

KINDS = 12


def analysis_report(analysis: Analysis) -> str:
    """What the figures say of the whole, of each idea, of kinds of ideas, and of recounts."""
    currency = analysis.outcome.currency
    lines = ["WHAT VOTERS GOT, AND HOW FIRM IT IS"]
    for fact in facts(analysis):
        lines += wrapped(printable(fact_in_words(fact, currency)), 2)
    for title, projects in (
        ("HOW FIRMLY EACH WAS FUNDED", [one.project for one in analysis.held]),
        ("WHAT THE OTHERS LACKED", [one.project for one in analysis.lacked]),
    ):
        if projects:
            lines += ["", title]
        for project in projects:
            lines += wrapped(printable(f"{project} {analysis.name(project)}"), 2)
            for fact in facts_of(analysis, project):
                lines += wrapped(printable(fact_in_words(fact, currency)), 4)
    if analysis.brought:
        lines += ["", *_brought(analysis.brought, currency)]
    for column, kinds in analysis.got.by_column.items():
        lines += ["", *_kinds(column, kinds, currency)]
    return "\n".join([*lines, *_recounts(analysis)]) + "\n"


def _brought(brought: Bringing, currency: str) -> list[str]:
    """What was brought over, spent, and is taken along: by voters, and by kinds of ideas."""
    about = partial(rounded_money, currency=currency)
    lines = ["WHAT WAS BROUGHT OVER, SPENT AND TAKEN ALONG"]
    heads = ("brought", "their shares", "paid", "takes along")
    lines.append(f"  {'people':>7} " + " ".join(f"{one:>13}" for one in heads) + "  each")
    for one in brought.purses:
        takes = "-" if one.takes_along is None else about(one.takes_along)
        lines.append(
            f"  {one.people:>7,} {about(one.brought):>13} {about(one.share):>13} "
            f"{about(one.paid):>13} {takes:>13}  {_each(one, currency)}"[:WIDTH]
        )
    if brought.kinds:
        lines.append(
            f"  {'was owed':>13} {'people':>7} {'fair part':>13} {'spent':>13} {'still owed':>13}  "
            + brought.by
        )
    for kind in brought.kinds[:KINDS]:
        lines.append(
            f"  {about(kind.owed):>13} {kind.people:>7,} {about(kind.fair):>13} "
            f"{about(kind.spent):>13} {about(kind.takes_along):>13}  "
            f"{printable(kind.value) or '(none)'}"[:WIDTH]
        )
    if len(brought.kinds) > KINDS:
        lines.append(f"  And {len(brought.kinds) - KINDS} more: --analysis has them all.")
    return lines


def _each(one: Purse, currency: str) -> str:
    least, most = money(one.least, currency), money(one.most, currency)
    return least if one.least == one.most else f"{least} to {most}"


def _kinds(column: str, kinds: tuple[Kind, ...], currency: str) -> list[str]:
    votes, spent = (sum((getattr(k, n) for k in kinds), Fraction()) for n in ("votes", "spent"))
    lines = [f"MONEY AND VOTES BY {printable(column).upper()}"]
    lines.append(f"  {'money':>16} {'of it':>7} {'of votes':>9}  {column}")
    for kind in kinds[:KINDS]:
        lines.append(
            f"  {money(kind.spent, currency):>16} {_percent(kind.spent, spent):>7} "
            f"{_percent(kind.votes, votes):>9}  {printable(kind.value) or '(none)'}"[:WIDTH]
        )
    if len(kinds) > KINDS:
        lines.append(f"  And {len(kinds) - KINDS} more: --analysis has them all.")
    return lines


def _percent(part: Fraction, whole: Fraction) -> str:
    return f"{float(100 * part / whole):.1f}%" if whole else "-"


def _recounts(analysis: Analysis) -> list[str]:
    again = analysis.robustness
    if again is None:
        return []
    lines = ["", f"HOW STEADY EACH IS: WON IN SO MANY OF {again.recounts:,} RECOUNTS"]
    lines += wrapped(
        "Each recount draws as many ballots as were cast, with replacement; in brackets where the "
        "true share lies with 95% confidence. Ideas that always or never won are left out.", 2
    )  # fmt: skip
    unsure = [one for one in again.projects if 0 < one.wins < again.recounts]
    for one in sorted(unsure, key=lambda one: (-one.wins, one.project)):
        share = f"{shortened(Fraction(100 * one.wins, again.recounts))}%"
        lines.append(
            f"  {share:>7} ({one.low:.1%} to {one.high:.1%}) {'funded' if one.won else '-':6}  "
            f"{printable(f'{one.project} {analysis.name(one.project)}')}"[:WIDTH]
        )
    return lines
