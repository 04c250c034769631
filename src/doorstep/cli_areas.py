"""The command's verbs that bring official files of areas in."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

AreaFile = Annotated[Path, typer.Argument(help="The official file; it may be packed as .gz.")]
Unit = Annotated[str, typer.Argument(help="A kind of area and its year, such as “LSOA 2021”.")]


def add_verbs(app: typer.Typer, house: Callable[[], AbstractContextManager[None]]) -> None:
    """Add them to the command; all of them keep what they read in the database."""

    @app.command("import-lookup")
    def import_lookup(file: AreaFile, small: Unit, larger: Unit) -> None:
        """Keep which larger area each small one lies in, from a look-up of the ONS."""
        with house():
            from doorstep.site import areas

            print(areas.import_look_up(file, small, larger))

    @app.command("import-postcodes")
    def import_postcodes(
        file: AreaFile,
        year: Annotated[int, typer.Option(help="The year of the edition.", min=2000, max=2100)],
        unit: Annotated[str, typer.Option(help="The areas in it to keep.")] = "LSOA 2021",
    ) -> None:
        """Keep the small area of each postcode, from a file laid out like the ONS's directory."""
        with house():
            from doorstep.site import areas

            print(areas.import_postcodes(file, unit, year))

    @app.command("import-boundaries")
    def import_boundaries(
        file: AreaFile,
        unit: Unit,
        code: Annotated[str | None, typer.Option(help="The property that holds the code.")] = None,
    ) -> None:
        """Keep the outline of each area, from GeoJSON or GeoParquet in longitude and latitude."""
        with house():
            from doorstep.site import areas

            print(areas.import_boundaries(file, unit, code))
