"""The command's verbs at the funder's desk: who is in line, what places get, and will it last."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

from doorstep.cli_doors import SUMS

Door = Callable[[], AbstractContextManager[None]]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, with every input and source.")]
Study = Annotated[Path, typer.Argument(help="A study, STUDY.toml; or millbrook, a made-up one.")]
OnePlace = Annotated[str | None, typer.Option("--place", help="The code of one area: why, or not.")]
NeedFile = Annotated[Path, typer.Argument(help="Indices File 7, or a Community Needs Index file.")]
Expect = Annotated[str | None, typer.Option(help="Refuse any other, such as IMD 2025.")]
Partial = Annotated[bool, typer.Option("--partial", help="An extract, not the whole country.")]
Scenario = Annotated[
    Path, typer.Argument(help="A scenario, SCENARIO.toml; or millbrook, a made-up one.")
]
Vary = Annotated[
    list[str] | None, typer.Option(help="An assumption's values: fund.return=0.01,0.03. Repeat.")
]
Dask = Annotated[str | None, typer.Option(help="With --vary: run on this Dask cluster, tcp://...")]
Tornado = Annotated[bool, typer.Option(help="Show what each assumption with a range does.")]


def add_verbs(app: typer.Typer, refusals: Door, house: Door) -> None:
    """Add them to the command. `refusals` turns what the engine refuses into one line; only what
    is kept in the database enters the `house`."""

    @app.command()
    def forecast(
        file: Scenario,
        json: Json = False,
        tornado: Tornado = True,
        vary: Vary = None,
        dask: Dask = None,
    ) -> None:
        """Will it last? How likely every promise is kept, and what that hangs on."""
        from doorstep.engine.forecast.command import forecast_of, write, write_sweep

        with refusals():
            if vary or dask:
                write_sweep(file, vary or [], dask, as_json=json)
            else:
                write(forecast_of(file, tornado=tornado), as_json=json)

    @app.command()
    def need(file: Study, place: OnePlace = None, json: Json = False) -> None:
        """Who is first in line, what each place gets, and what other rules would give."""
        from doorstep.engine.need.command import answer_study

        with refusals():
            answer_study(file, place=place, as_json=json)

    @app.command("need-file")
    def need_file(
        file: NeedFile, expect: Expect = None, partial: Partial = False, json: Json = False
    ) -> None:
        """Check an official file of need, row by row, and say what it is."""
        from doorstep.engine.need.command import check_file

        with refusals():
            check_file(file, expect=expect, partial=partial, as_json=json)

    @app.command("import-need")
    def import_need(
        file: Study,
        place: Annotated[str, typer.Argument(help="The place's id, such as millbrook-east.")],
        area: Annotated[str, typer.Argument(help="The code of its area in the study.")],
    ) -> None:
        """Record a place's figures of need from a study, with their source and checksum."""
        with house():
            from doorstep.site import operations

            print(operations.import_need(file, place, area))

    @app.command(context_settings=SUMS)
    def reclaim(
        fund: Annotated[str, typer.Argument(help="The fund's id.")],
        kind: Annotated[str, typer.Argument(help="bank, insurance, investment or securities.")],
        pounds: Annotated[str, typer.Argument(help="Such as 120 or 1800.50.")],
        reference: Annotated[str, typer.Option(help="Its reference; sent twice, it counts once.")],
        on: Annotated[str | None, typer.Option(help="The day, such as 2026-01-19.")] = None,
    ) -> None:
        """Pay an owner who came forward, from what is kept for owners of that class."""
        with house():
            from doorstep.site import operations

            print(operations.reclaim(fund, kind, pounds, reference, on))

    @app.command()
    def assurance(
        place: Annotated[str, typer.Argument(help="The place's id, such as millbrook-east.")],
        year: Annotated[int, typer.Argument(help="The year of accounts that begins in April.")],
        part: Annotated[str | None, typer.Option(help="One part alone, such as vouchers.")] = None,
    ) -> None:
        """Print the assurance pack of a place's year as JSON: the query behind each figure."""
        with house():
            from django.utils import timezone

            from doorstep.apps.places.models import Place
            from doorstep.site.assurance import as_json
            from doorstep.site.operations import the

            print(as_json(the(Place, place), year, timezone.localdate(), part))

    add_deciding_verbs(app, house)
    add_giving_verbs(app, house)


FundId = Annotated[str, typer.Argument(help="The fund's id.")]
Kind = Annotated[str, typer.Argument(help="bank, insurance, investment or securities.")]
Pounds = Annotated[str, typer.Argument(help="Such as 120 or 1800.50.")]
Reference = Annotated[str, typer.Option(help="Its reference; sent twice, it counts once.")]
On = Annotated[str | None, typer.Option(help="The day, such as 2026-01-19.")]
PlaceId = Annotated[str, typer.Argument(help="The place's id, such as millbrook-east.")]
ProgrammeId = Annotated[str, typer.Argument(help="The programme's id.")]
Why = Annotated[str, typer.Option(help="Why, in words that people will read.")]


def add_deciding_verbs(app: typer.Typer, house: Door) -> None:
    """Who gets how much, and what a reserve must keep."""

    @app.command("propose-shares")
    def propose_shares(
        fund: Annotated[str, typer.Argument(help="The fund's id.")],
        slug: Annotated[str, typer.Argument(help="An id for this proposal, such as wave-2.")],
        file: Study,
    ) -> None:
        """Put a study's places and shares forward, frozen with its files' checksums."""
        with house():
            from doorstep.site import funding

            print(funding.propose_shares(fund, slug, file))

    @app.command("decide-shares")
    def decide_shares(
        fund: Annotated[str, typer.Argument(help="The fund's id.")],
        slug: Annotated[str, typer.Argument(help="The proposal's id.")],
        rule: Annotated[str, typer.Argument(help="equal, per_head, need_weighted or steps.")],
        reason: Annotated[str, typer.Option(help="Why, in words that people will read.")],
    ) -> None:
        """Decide by which rule a proposal's pot is shared; once, and for everybody to see."""
        with house():
            from doorstep.site import funding

            print(funding.decide_shares(fund, slug, rule, reason))

    @app.command("work-out-shares")
    def work_out_shares(
        fund: Annotated[str, typer.Argument(help="The fund's id.")],
        slug: Annotated[str, typer.Argument(help="The proposal's id.")],
    ) -> None:
        """Work a decision out again from what the record froze, penny by penny."""
        with house():
            from doorstep.site import funding

            print(funding.work_out_shares(fund, slug))

    @app.command("keep-scenario")
    def keep_scenario(fund: FundId, file: Scenario) -> None:
        """Say by which scenario the fund reckons: its forecast page runs it."""
        with house():
            from doorstep.site import funding

            print(funding.keep_scenario(fund, file))

    @app.command("review-reserve", context_settings=SUMS)
    def review_reserve(fund: FundId, kind: Kind, pounds: Pounds, reason: Why) -> None:
        """Say what reclaims of a class are still expected: releases follow it."""
        with house():
            from doorstep.site import funding

            print(funding.review_reserve(fund, kind, pounds, reason))

    @app.command(context_settings=SUMS)
    def release(
        fund: FundId, kind: Kind, pounds: Pounds, reference: Reference, on: On = None
    ) -> None:
        """Release what a reserve holds above its last review; it can never be eaten."""
        with house():
            from doorstep.site import funding

            print(funding.release(fund, kind, pounds, reference, on))


def add_giving_verbs(app: typer.Typer, house: Door) -> None:
    """The way of the money from the pot to a place."""

    @app.command("pay-costs", context_settings=SUMS)
    def pay_costs(
        fund: FundId,
        pounds: Pounds,
        payee: Annotated[str, typer.Option(help="Whom it was paid to.")],
        reference: Reference,
        on: On = None,
    ) -> None:
        """Pay for running the fund, from its pot."""
        with house():
            from doorstep.site import funding

            print(funding.pay_costs(fund, pounds, payee, reference, on))

    @app.command("set-aside", context_settings=SUMS)
    def set_aside(
        fund: FundId,
        programme: ProgrammeId,
        pounds: Pounds,
        name: Annotated[str, typer.Option(help="What people call the programme.")],
        reference: Reference,
        on: On = None,
    ) -> None:
        """Set a part of the pot aside for a programme."""
        with house():
            from doorstep.site import funding

            print(funding.set_aside(fund, programme, name, pounds, reference, on))

    @app.command("promise-wave")
    def promise_wave(
        fund: FundId,
        programme: ProgrammeId,
        wave: Annotated[str, typer.Argument(help="An id for this wave, such as first.")],
        proposal: Annotated[str, typer.Option(help="The proposal that was decided.")],
        begins: Annotated[str, typer.Option(help="The first day of the term.")],
        ends: Annotated[str, typer.Option(help="The last day of the term.")],
        years: Annotated[int, typer.Option(help="Years to draw it in; 0: all at once.")] = 10,
    ) -> None:
        """Promise the places of a decision their shares; refused if it could not be kept."""
        with house():
            from doorstep.site import funding

            print(funding.promise_wave(fund, programme, wave, proposal, begins, ends, years))

    @app.command("draw-down", context_settings=SUMS)
    def draw_down(
        fund: FundId, place: PlaceId, pounds: Pounds, reference: Reference, on: On = None
    ) -> None:
        """Let a place have what fell due of its share, and what it carried over."""
        with house():
            from doorstep.site import funding

            print(funding.draw_down(fund, place, pounds, reference, on))

    @app.command("give-back", context_settings=SUMS)
    def give_back(
        fund: FundId, place: PlaceId, pounds: Pounds, reason: Why, reference: Reference,
        on: On = None,
    ) -> None:  # fmt: skip
        """Return to the fund what a place does not need."""
        with house():
            from doorstep.site import funding

            print(funding.give_back(fund, place, pounds, reason, reference, on))

    @app.command("take-back")
    def take_back(fund: FundId, entry: int, reason: Why) -> None:
        """Take back an entry of a fund that was booked by mistake, where nobody counts on it."""
        with house():
            from doorstep.site import funding

            print(funding.take_back(fund, entry, reason))

    @app.command("end-term")
    def end_term(fund: FundId, place: PlaceId) -> None:
        """After a term, return to the pot what was not drawn."""
        with house():
            from doorstep.site import funding

            print(funding.end_term(fund, place))
