"""The command's verbs about a count: they need no database, and never import Django."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from doorstep.cli_doors import refusals_in_one_line

app = typer.Typer()

RuleName = Annotated[
    str,
    typer.Option(
        "--rule", help="equal-shares, greedy, greedy-no-skip, greedy-threshold or phragmen."
    ),
]
Utility = Annotated[str | None, typer.Option(help="cost, count, score or borda.")]
Completion = Annotated[str | None, typer.Option(help="none, add1, add1u or utilitarian.")]
Increment = Annotated[str | None, typer.Option(help="What add1 adds a step, in the currency.")]
IntegralStart = Annotated[bool, typer.Option("--integral-start", help="Start at a whole share.")]
StopWhenExhaustive = Annotated[
    bool, typer.Option("--stop-when-exhaustive", help="End add1 when nothing more fits.")
]
Threshold = Annotated[str | None, typer.Option(help="Votes or points an idea needs at least.")]
Seed = Annotated[str, typer.Option(help="The published seed of the lot that breaks ties.")]
Workers = Annotated[
    int, typer.Option(help="For a folder: how many processes. 0: as many as processors.", min=0)
]
JsonDir = Annotated[
    Path | None, typer.Option(help="For a folder: write FILE.json here for each FILE.pb.")
]
Dask = Annotated[
    str | None, typer.Option(help="For a folder: count on this Dask cluster, such as tcp://...")
]
CarryOver = Annotated[
    Path | None, typer.Option(help="What voters bring from earlier rounds: see docs/count.md.")
]
Analysis = Annotated[
    str | None,
    typer.Option(help="Work out margins and what voters got; JSON to this file, or - for here."),
]
Robustness = Annotated[
    int | None,
    typer.Option(help="Count drawn ballots so many times (1000): how steady is each win?", min=1),
]
RobustnessSeed = Annotated[str, typer.Option(help="The seed of those draws: any text.")]


@app.command()
def count(
    file: Annotated[Path, typer.Argument(help="A Pabulib .pb file, or a folder of them.")],
    rule: RuleName = "equal-shares",
    utility: Utility = None,
    completion: Completion = None,
    increment: Increment = None,
    integral_start: IntegralStart = False,
    stop_when_exhaustive: StopWhenExhaustive = False,
    threshold: Threshold = None,
    seed: Seed = "",
    json: Annotated[
        str | None, typer.Option(help="Write JSON to this file, or - for here.")
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option(help="Write to this file what verify-count re-proves.")
    ] = None,
    carry_over: CarryOver = None,
    analysis: Analysis = None,
    robustness: Robustness = None,
    robustness_seed: RobustnessSeed = "",
    report: Annotated[
        Path | None, typer.Option(help="Write a page of HTML with pictures to this file.")
    ] = None,
    language: Annotated[str, typer.Option(help="Of the report: en or cy.")] = "en",
    workers: Workers = 0,
    json_dir: JsonDir = None,
    dask: Dask = None,
) -> None:
    """Count an election: winners, cost, how support was spent, and why others were not funded."""
    # NumPy starts a thread for each processor to multiply matrices, and a count multiplies none.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from doorstep.engine.count import Rule, text_report
    from doorstep.engine.count.command import (
        counted,
        election_in,
        wants_many,
        written_analysis,
        written_certificate,
        written_json,
        written_report,
    )
    from doorstep.site.catalogue import translator

    with refusals_in_one_line():
        settings = {
            "name": rule,
            "utility": utility,
            "completion": completion,
            "increment": increment,
            "integral_start": integral_start,
            "stop_when_exhaustive": stop_when_exhaustive,
            "threshold": threshold,
            "seed": seed,
        }
        chosen = Rule.from_dict(settings)
        for_one_file = {
            "--json": json,
            "--certificate": certificate,
            "--carry-over": carry_over,
            "--report": report,
            "--analysis": analysis,
            "--robustness": robustness,
        }
        translate = translator(language)
        if wants_many(file, workers, json_dir, dask, for_one_file):
            from doorstep.terminal import lines_of_many

            raise SystemExit(0 if lines_of_many(file, chosen, workers, json_dir, dask) else 2)
        outcome = counted(file, chosen, carry_over)
        if certificate is not None:
            written_certificate(outcome, certificate)
        if report is not None:
            election = election_in(file, carry_over)
            written_report(election, outcome, report, translate, language)
        if json is not None:
            written_json(outcome, json)
        elif analysis != "-":
            sys.stdout.write(text_report(outcome))
        if analysis is not None or robustness is not None:
            quiet = json is not None
            written_analysis(
                election_in(file, carry_over),
                outcome,
                analysis,
                robustness or 0,
                robustness_seed,
                quiet=quiet,
            )


@app.command()
def compare(
    file: Annotated[Path, typer.Argument(help="A Pabulib .pb file.")],
    json: Annotated[
        str | None, typer.Option(help="Write JSON to this file, or - for here.")
    ] = None,
) -> None:
    """Lay rules side by side on the same ballots: who wins, what it costs, who gets something."""
    with refusals_in_one_line():
        from doorstep.engine.count.command import compared

        compared(file, json)


@app.command("carry-over")
def carry_on(
    files: Annotated[list[Path], typer.Argument(help="The .pb files of past rounds.")],
    by: Annotated[
        str, typer.Option(help="voter_id (one past round), or a column of the ideas: category.")
    ],
    most: Annotated[str | None, typer.Option(help="All amounts together at most this.")] = None,
    rule: RuleName = "equal-shares",
    utility: Utility = None,
    completion: Completion = None,
    seed: Seed = "",
    carry_over: Annotated[
        Path | None, typer.Option(help="What had been carried over into that round.")
    ] = None,
) -> None:
    """Work out what a next round may carry over, for count --carry-over; printed here."""
    from doorstep.engine.count import Rule
    from doorstep.engine.count.command import amounts_to_carry

    with refusals_in_one_line():
        chosen = Rule(name=rule, utility=utility, completion=completion, seed=seed)
        sys.stdout.write(amounts_to_carry(files, by, most, chosen, carry_over))


@app.command("verify-count")
def verify_count(
    certificate: Annotated[Path, typer.Argument(help="What count --certificate wrote.")],
    ballots: Annotated[Path, typer.Option(help="The .pb file that was counted.")],
    carry_over: Annotated[
        Path | None, typer.Option(help="What voters carried over, where they did.")
    ] = None,
) -> None:
    """Re-prove a count from its ballots, without the engine that made it: right, or what is wrong.

    Exit code 0 if all is right, 1 if anything is wrong, 2 if a file cannot be read.
    """
    from doorstep.engine.seal.recount import verify_files

    raise SystemExit(verify_files(certificate, ballots, carry_over))
