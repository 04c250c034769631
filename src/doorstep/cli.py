"""The `doorstep` command. Thin: each verb calls one function.

Engine verbs never import Django, so that `doorstep count` starts at once and needs no database;
the others enter the `house()`. A refusal is one line on standard error and exit code 2.
"""

import os
from pathlib import Path
from typing import Annotated

import typer

from doorstep import cli_count
from doorstep.cli_areas import add_verbs as add_area_verbs
from doorstep.cli_count import Completion, RuleName, Seed, Utility
from doorstep.cli_doors import SUMS, house, refusals_in_one_line
from doorstep.cli_people import add_verbs as add_people_verbs
from doorstep.cli_plan import add_verbs as add_plan_verbs
from doorstep.cli_record import add_verbs as add_record_verbs
from doorstep.cli_rules import add_verbs as add_rule_verbs
from doorstep.cli_upkeep import add_verbs as add_upkeep_verbs

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Runs a community wealth fund: a vote anyone can recount, pounds anyone can follow.",
)

app.add_typer(cli_count.app)

PlaceSlug = Annotated[str, typer.Option("--place", help="The place's id, such as millbrook-east.")]
RoundSlug = Annotated[str, typer.Argument(help="The round's id, as in its address.")]
Reference = Annotated[str, typer.Option(help="Its reference; sent twice, it counts once.")]
Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)]
Processes = Annotated[int, typer.Option(help="How many processes answer.", min=1, max=64)]


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
        from doorstep.site.management import refuse_older_database
        from doorstep.site.verify import verify_everything

        refuse_older_database()
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
    os.environ.setdefault("DOORSTEP_ADDRESS", f"http://127.0.0.1:{port}")
    with house():
        from django.conf import settings

        from doorstep.site.management import refuse_older_database
        from doorstep.site.server import serve as run

        refuse_older_database()
        run(host, port, processes, say=f"Doorstep is open at {settings.ADDRESS}/")


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
    os.environ.setdefault("DOORSTEP_ADDRESS", f"http://{host}:{port}")
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
    splits: Annotated[bool, typer.Option("--splits", help="Four nations share releases.")] = False,
) -> None:
    """Open a fund with its accounts."""
    with house():
        from doorstep.site import operations

        print(operations.open_fund(fund, name, splits))


@app.command(context_settings=SUMS)
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


@app.command(context_settings=SUMS)
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
add_area_verbs(app, house)
add_record_verbs(app, house)
add_rule_verbs(app, refusals_in_one_line)
add_upkeep_verbs(app, house)
add_people_verbs(app, house)


def main() -> None:
    app()
