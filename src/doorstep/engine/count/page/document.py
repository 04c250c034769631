"""The report as one file: its head, its words on how the count went, and how to repeat it."""

from __future__ import annotations

import shlex
from html import escape
from pathlib import Path

from ..election import Election
from ..giving import givers
from ..outcome import Outcome, Tie
from ..report import command_of
from ..words import Translate
from .carried import brought_over
from .sections import money_flow, others, rounds
from .words import HOW
from .writing import Writer, name_of, paragraph, section

# Nothing may be fetched, and nothing run: the file is whole.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def html_report(
    election: Election, outcome: Outcome, translate: Translate = str, *, language: str = "en"
) -> str:
    """The outcome of a count of this election as a page of HTML, complete in itself.

    translate maps each English message of page/words.py and count/words.py to the language that
    `language` names (a code such as "cy"); names of projects stay as they are.
    """
    write = Writer(outcome.currency, translate)
    name = name_of(election.meta.get("description") or outcome.file)
    groups = givers(election, outcome)
    style = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
    title = write.say("title", name=name)
    main = "".join(
        (
            f"<h1>{escape(name)}</h1>",
            paragraph(_lead(outcome, write), "lead"),
            _figures(election, outcome, write),
            rounds(outcome, write),
            others(outcome, write),
            money_flow(outcome, groups, write),
            _brought(election, outcome, write),
            _how(outcome, write),
            _check(outcome, write),
        )
    )
    return (
        f'<!doctype html>\n<html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<title>{escape(title)}</title><link rel="icon" href="data:,">'
        f"<style>{style}</style></head><body><main>{main}</main></body></html>\n"
    )


def _lead(outcome: Outcome, write: Writer) -> str:
    return write.say(
        "lead",
        voters=write.counted(outcome.voters, "people"),
        ideas=write.counted(len(outcome.verdicts), "ideas"),
        funded=write.counted(len(outcome.winners), "ideas"),
        spent=write.money(outcome.spent),
        pot=write.money(outcome.budget),
    )


def _figures(election: Election, outcome: Outcome, write: Writer) -> str:
    """Three or four large numbers; shares of a whole are rounded down."""
    won = set(outcome.winners)
    winning = {p for p, project in enumerate(election.projects) if project.id in won}
    happy = sum(one.weight for one in election.ballots if not winning.isdisjoint(one.choices))
    figures = [
        ("voted_figure", f"{outcome.voters:,}"),
        ("funded_figure", f"{len(won):,} / {len(outcome.verdicts):,}"),
        ("spent_figure", f"{int(100 * outcome.spent / outcome.budget)}%"),
    ]
    if outcome.voters:
        figures.append(("with_something", f"{100 * happy // outcome.voters}%"))
    inside = "".join(
        f"<div><dt>{escape(write.say(word))}</dt><dd>{number}</dd></div>"
        for word, number in figures
    )
    return f'<dl class="figures">{inside}</dl>'


def _brought(election: Election, outcome: Outcome, write: Writer) -> str:
    if election.carried is None:
        return ""
    from ..bringing import bringing  # these load NumPy, which no other report needs
    from ..choices import Choices
    from ..fairness import what_voters_got

    got = what_voters_got(Choices.of(election, outcome), outcome)
    return brought_over(outcome, bringing(election, outcome, got.by_column), write)


def _how(outcome: Outcome, write: Writer) -> str:
    rule, shares = outcome.rule, outcome.shares
    parts = [paragraph(write.translate(HOW[rule.name]))]
    if outcome.carried:
        parts.append(paragraph(write.say("how_brought")))
    if shares and shares.steps:
        steps, raised = write.counted(shares.steps, "steps"), write.money(rule.increment or 0)
        parts.append(paragraph(write.say("how_add1", steps=steps, increment=raised)))
    if any(one.price is None and one.cost for one in outcome.rounds) and shares:
        parts.append(paragraph(write.say("how_utilitarian")))
    parts.append(f"<h3>{escape(write.say('ties'))}</h3>")
    parts.append(paragraph(write.say("ties_order")))
    if outcome.ties:
        parts.append(
            "<ul>"
            + "".join(f"<li>{escape(_tie(outcome, one, write))}</li>" for one in outcome.ties)
            + "</ul>"
        )
    else:
        parts.append(paragraph(write.say("no_ties")))
    return section("how", write.say("how"), *parts)


def _tie(outcome: Outcome, tie: Tie, write: Writer) -> str:
    tied, chosen = (
        ", ".join(name_of(outcome.verdict(one).name) for one in ids)
        for ids in (tie.tied, tie.chosen)
    )
    decided = write.say(f"decided_{tie.decided_by}")
    return write.say("tie", tied=tied, chosen=chosen, decided=decided)


def _check(outcome: Outcome, write: Writer) -> str:
    if not outcome.sha256:
        return ""
    file, brought = name_of(outcome.file), ""
    if outcome.carried:
        brought = f" --carry-over {shlex.quote(outcome.carried.file or 'carried.csv')}"
    commands = (
        f"{command_of(outcome.rule, outcome.file)}{brought} --certificate certificate.json\n"
        f"doorstep verify-count certificate.json --ballots {shlex.quote(file)}{brought}"
    )
    return section(
        "check",
        write.say("check"),
        paragraph(write.say("check_said", file=file)),
        f'<pre tabindex="0">{escape(commands)}</pre>',
        paragraph(write.say("check_hash")),
        f'<p class="hash">{outcome.sha256}</p>',
    )
