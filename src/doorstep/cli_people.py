"""The command's verbs about one person: a copy of everything, erasure, and signing out."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

Door = Callable[[], AbstractContextManager[None]]
Email = Annotated[str, typer.Argument(help="The address the person signs in with.")]
KnownBy = Annotated[
    str,
    typer.Argument(
        help="What they give: e-mail address, mobile number, or the number of their idea."
    ),
]


def add_verbs(app: typer.Typer, house: Door) -> None:
    """Add them to `app`; each enters the `house`."""

    @app.command("export-person")
    def export_person(
        known_by: KnownBy, to: Annotated[Path, typer.Option(help="The JSON file to write.")]
    ) -> None:
        """Write everything that is held about a person into one file, for them."""
        with house():
            from doorstep.site import operations

            print(operations.export_person(known_by, to))

    @app.command("end-sessions")
    def end_sessions(email: Email) -> None:
        """Sign a person out on every device, such as when a phone was stolen."""
        with house():
            from doorstep.site import operations

            print(operations.end_sessions(email))

    @app.command("take-off-second-step")
    def take_off_second_step(email: Email) -> None:
        """For somebody who lost app, passkey and recovery codes, once others vouched for them."""
        with house():
            from doorstep.site import operations

            print(operations.take_off_second_steps(email))

    @app.command("erase-person")
    def erase_person(
        known_by: KnownBy, reason: Annotated[str, typer.Option(help="Why, such as: they asked.")]
    ) -> None:
        """Erase what may be erased of a person, everywhere. The record stays whole."""
        with house():
            from doorstep.site import operations

            print(operations.erase_person(known_by, reason))
