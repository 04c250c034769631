"""The `doorstep` command. Thin: each verb calls one function.

Engine verbs never import Django, so that `doorstep count` starts at once and needs no database;
the others enter the `house()`. A refusal is one line on standard error and exit code 2.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from doorstep.cli_plan import add_verbs as add_plan_verbs
from doorstep.cli_record import add_verbs as add_record_verbs

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Runs a community wealth fund: a vote anyone can recount, pounds anyone can follow.",
)

PlaceSlug = Annotated[str, typer.Option("--place", help="The place's id, such as millbrook-east.")]
RoundSlug = Annotated[str, typer.Argument(help="The round's id, as in its address.")]
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
Reference = Annotated[str, typer.Option(help="Its reference; sent twice, it counts once.")]
Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)]
Processes = Annotated[int, typer.Option(help="How many processes answer.", min=1, max=64)]


def refusals() -> tuple[type[Exception], ...]:
    """What an action, a rule or a file refuses with. Asked for only once something was raised, so
    that no command waits for parts of the house that it does not need."""
    from doorstep.apps.refused import Refused
    from doorstep.engine.count import PabulibError, RuleError
    from doorstep.engine.count.command import ClusterError
    from doorstep.engine.forecast.scenario import ForecastError
    from doorstep.engine.need.errors import NeedError
    from doorstep.site.catalogue import NoSuchLanguageError

    plain = (PabulibError, RuleError, ClusterError, ForecastError, NeedError, NoSuchLanguageError)
    return Refused, *plain


@contextmanager
def refusals_in_one_line() -> Iterator[None]:
    """Whatever is refused ends as one line and exit code 2."""
    try:
        yield
    except SystemExit:
        raise
    except refusals() as refusal:
        print(f"doorstep: {refusal}", file=sys.stderr)
        raise SystemExit(2) from None
    except OSError as problem:
        print(f"doorstep: {problem.filename}: {problem.strerror}", file=sys.stderr)
        raise SystemExit(2) from None


@contextmanager
def house() -> Iterator[None]:
    """Load the settings and every room; what the database cannot do ends in one line too."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doorstep.site.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError, OperationalError, ProgrammingError

    try:
        django.setup()
        with refusals_in_one_line():
            yield
    except ImproperlyConfigured as problem:
        print(f"doorstep: {problem}", file=sys.stderr)
        raise SystemExit(2) from None
    except DatabaseError as problem:
        said = f"doorstep: the database said: {str(problem).splitlines()[0]}."
        unready = isinstance(problem, OperationalError | ProgrammingError)
        print(said, "Run: doorstep migrate" if unready else "Nothing was done.", file=sys.stderr)
        raise SystemExit(2) from None


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
    from doorstep.engine.count import Rule, text_report
    from doorstep.engine.count.command import (
        counted,
        election_in,
        refuse_together,
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
        refuse_together(certificate, report, carry_over)
        outcome = counted(file, chosen, carry_over)
        if certificate is not None:
            written_certificate(outcome, certificate)
        if report is not None:
            written_report(file, outcome, report, translate, language)
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
def carry_over(
    files: Annotated[list[Path], typer.Argument(help="The .pb files of past rounds.")],
    by: Annotated[
        str, typer.Option(help="voter_id (one past round), or a column of the ideas: category.")
    ],
    most: Annotated[str | None, typer.Option(help="All amounts together at most this.")] = None,
    rule: RuleName = "equal-shares",
    utility: Utility = None,
    completion: Completion = None,
    seed: Seed = "",
) -> None:
    """Work out what a next round may carry over, for count --carry-over; printed here."""
    from doorstep.engine.count import Rule
    from doorstep.engine.count.command import amounts_to_carry

    with refusals_in_one_line():
        chosen = Rule(name=rule, utility=utility, completion=completion, seed=seed)
        sys.stdout.write(amounts_to_carry(files, by, most, chosen))


@app.command("verify-count")
def verify_count(
    certificate: Annotated[Path, typer.Argument(help="What count --certificate wrote.")],
    ballots: Annotated[Path, typer.Option(help="The .pb file that was counted.")],
) -> None:
    """Re-prove a count from its ballots, without the engine that made it: right, or what is wrong.

    Exit code 0 if all is right, 1 if anything is wrong, 2 if a file cannot be read.
    """
    from doorstep.engine.seal.recount import verify_files

    raise SystemExit(verify_files(certificate, ballots))


@app.command("import-round")
def import_round(
    file: Annotated[Path, typer.Argument(help="A Pabulib .pb file.")],
    place: PlaceSlug,
    rule: RuleName = "equal-shares",
    utility: Utility = None,
    completion: Completion = None,
    seed: Seed = "",
) -> None:
    """Make a closed example round of a real election, on the place's example budget."""
    with house():
        from doorstep.engine.count import Rule
        from doorstep.site import operations

        chosen = Rule(name=rule, utility=utility, completion=completion, seed=seed)
        print(operations.import_round(file, place, chosen))


@app.command("close-round")
def close_round(round: RoundSlug) -> None:
    """Count a closed round, publish the result, make the awards and commit their money."""
    with house():
        from doorstep.site import operations

        print(operations.close_round(round))


@app.command("seal-round")
def seal_round(round: RoundSlug) -> None:
    """Destroy what could join a ballot to a voter, once a round's box has been opened."""
    with house():
        from doorstep.site import operations

        print(operations.seal_round(round))


@app.command("example-budget")
def example_budget(
    place: Annotated[str, typer.Argument(help="The place's id.")],
    pounds: Annotated[int, typer.Argument(help="Pretend pounds.", min=1)],
    reference: Reference,
) -> None:
    """Give a place pretend money on which example elections may draw."""
    with house():
        from doorstep.site import operations

        print(operations.example_budget(place, pounds, reference))


@app.command()
def verify() -> None:
    """Re-check this install's record, ledger and counts. Exit code 1 when anything is wrong."""
    with house():
        from doorstep.site.verify import verify_everything

        sound = True
        for line in verify_everything():
            print(line.text, flush=True)
            sound = sound and line.sound
    raise SystemExit(0 if sound else 1)


@app.command()
def migrate() -> None:
    """Bring the database to this release, and put every seal back in place."""
    with house():
        from doorstep.site.management import migrate as bring_up

        bring_up()


@app.command()
def serve(host: Host = "127.0.0.1", port: Port = 8000, processes: Processes = 2) -> None:
    """Serve the website until stopped."""
    with house():
        from doorstep.site.server import serve as run

        run(host, port, processes)


@app.command()
def work(
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, and end.")] = False,
) -> None:
    """Send messages, count rounds and do regular work, until stopped; `serve` starts one of these
    itself unless DOORSTEP_WORKERS is 0."""
    with house():
        from doorstep.site.worker import work as run

        run(once=once)


@app.command()
def demo(host: Host = "127.0.0.1", port: Port = 8000, processes: Processes = 2) -> None:
    """Open Millbrook: a made-up town with a fund, rounds and people, on this machine."""
    os.environ.setdefault(
        "DOORSTEP_NOTICE", "Millbrook is made up: its people, its money and its votes."
    )
    with house():
        from doorstep.site.demo.start import start

        start(host, port, processes)


@app.command()
def totp(secret: Annotated[str, typer.Argument(help="The secret of an authenticator.")]) -> None:
    """Say the code that an authenticator app would show for this secret now."""
    with house():
        from doorstep.site.operations import totp_now

        print(totp_now(secret))


@app.command("open-place")
def open_place(
    place: Annotated[str, typer.Argument(help="Its id for ever, such as millbrook-east.")],
    name: Annotated[str, typer.Option(help="Its name.")],
    council: Annotated[str, typer.Option(help="The council it lies in.")],
    population: Annotated[int, typer.Option(help="How many people live there.", min=1)],
    year: Annotated[int, typer.Option(help="The year of that figure.")],
    source: Annotated[str, typer.Option(help="Who published it.")],
    boundary_year: Annotated[int, typer.Option(help="The year of the boundaries.")],
) -> None:
    """Open a neighbourhood."""
    with house():
        from doorstep.site import operations

        print(operations.open_place(place, name, council, population, year, source, boundary_year))


@app.command("open-fund")
def open_fund(
    fund: Annotated[str, typer.Argument(help="Its id for ever.")],
    name: Annotated[str, typer.Option(help="Its name.")],
) -> None:
    """Open a fund with its accounts."""
    with house():
        from doorstep.site import operations

        print(operations.open_fund(fund, name))


@app.command()
def receive(
    fund: Annotated[str, typer.Argument(help="The fund's id.")],
    kind: Annotated[str, typer.Argument(help="bank, insurance, investment, securities, or match.")],
    pounds: Annotated[str, typer.Argument(help="Such as 5200000 or 1800.50.")],
    giver: Annotated[str, typer.Option(help="Who gave it, as the public record will say.")],
    reference: Reference,
    on: Annotated[str | None, typer.Option(help="The day, such as 2026-01-19.")] = None,
) -> None:
    """Record forgotten money, or money that matches it."""
    with house():
        from doorstep.site import operations

        print(operations.receive(fund, kind, pounds, giver, reference, on))


@app.command()
def allocate(
    fund: Annotated[str, typer.Argument(help="The fund's id.")],
    place: Annotated[str, typer.Argument(help="The place's id.")],
    pounds: Annotated[str, typer.Argument(help="Such as 1600000.")],
    begins: Annotated[str, typer.Option(help="First day, such as 2026-04-01.")],
    ends: Annotated[str, typer.Option(help="Last day, such as 2036-03-31.")],
    reference: Reference,
) -> None:
    """Give a place its share of a fund for a term of years."""
    with house():
        from doorstep.site import operations

        print(operations.allocate(fund, place, pounds, begins, ends, reference))


@app.command("give-role")
def give_role(
    email: Annotated[str, typer.Argument(help="The address the person signs in with.")],
    role: Annotated[
        str,
        typer.Argument(
            help="funder, partnership_member, resident, finance_officer or council_officer."
        ),
    ],
    place: Annotated[str | None, typer.Option(help="The place's id, if for one place.")] = None,
) -> None:
    """Let a person act in a role from today on, opening their account if they have none."""
    with house():
        from doorstep.site import operations

        print(operations.give_role(email, role, place))


add_plan_verbs(app, refusals_in_one_line, house)
add_record_verbs(app, house)


def main() -> None:
    app()
