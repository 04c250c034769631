"""The command's verbs at the funder's desk: who is in line, what places get, and will it last."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

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

    @app.command()
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
