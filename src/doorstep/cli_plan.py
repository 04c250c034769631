"""The command's verbs at the funder's desk, with no database: who is in line, and will it last."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON, with every input and source.")]
Scenario = Annotated[
    Path, typer.Argument(help="A scenario, SCENARIO.toml; or millbrook, a made-up one.")
]
Tornado = Annotated[bool, typer.Option(help="Show what each assumption with a range does.")]


def add_verbs(app: typer.Typer, refusals: Callable[[], AbstractContextManager[None]]) -> None:
    """Add them to the command; `refusals` turns what the engine refuses into one line."""

    @app.command()
    def forecast(file: Scenario, json: Json = False, tornado: Tornado = True) -> None:
        """Will it last? How likely every promise is kept, and what that hangs on."""
        from doorstep.engine.forecast.command import forecast_of, write

        with refusals():
            write(forecast_of(file, tornado=tornado), as_json=json)
