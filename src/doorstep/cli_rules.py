"""The command's verbs about rules: what holds on a day, who checked it, when something is due."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from doorstep.engine.rulebook import Rule

Door = Callable[[], AbstractContextManager[None]]
Day = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="On which day.")]
Folder = Annotated[
    Path | None, typer.Option("--folder", help="With a folder of rules that places set.")
]
Start = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="Counted from this day.")]
Days = Annotated[int, typer.Argument(help="How many working days.", min=1, max=1000)]
Everywhere = Annotated[
    bool, typer.Option("--everywhere", help="Skip holidays in any part of the United Kingdom.")
]
Before = Annotated[
    bool, typer.Option("--before", help="Clear days of notice before that day, not after it.")
]


def add_verbs(app: typer.Typer, refusals: Door) -> None:
    """Add them to the command. `refusals` turns what the engine refuses into one line."""

    @app.command()
    def rule(
        key: Annotated[str, typer.Argument(help="Its key, such as foi.answer_within.")],
        on: Day = None,
        place: Annotated[str | None, typer.Option(help="For one place, by its id.")] = None,
        folder: Folder = None,
    ) -> None:
        """What a rule says on a day, where it comes from, and whether it still decides."""
        from doorstep.engine.rulebook import rulebook_of, shipped

        with refusals():
            day = (on or datetime.now()).date()  # noqa: DTZ005 - a person's own today
            book = rulebook_of(folder) if folder else shipped()
            _say(book.rule(key, day, place), day)

    @app.command()
    def lot(
        seed: Annotated[str, typer.Argument(help="The public number that was named before.")],
        candidates: Annotated[int, typer.Argument(help="How many stood.", min=1, max=10_000)],
    ) -> None:
        """Draw a lot again: the numbers of those who stood, the first in first."""
        from doorstep.engine.lot import drawn, key

        with refusals():
            for place, number in enumerate(drawn(" ".join(seed.split()), candidates), start=1):
                print(f"{place}. candidate {number}  {key(' '.join(seed.split()), number)}")

    @app.command()
    def deadline(
        start: Start, days: Days, everywhere: Everywhere = False, before: Before = False
    ) -> None:
        """The day that is so many working days away, and the sum."""
        from doorstep.engine.rulebook import clear_working_days_before, working_days_after

        counted = clear_working_days_before if before else working_days_after
        nations = ("ENG", "WLS", "SCT", "NIR") if everywhere else ("ENG",)
        found = counted(start.date(), days, nations)
        print(f"{found.due:%A} {found.due.day} {found.due:%B %Y}: {found.sentence}.")


def _say(found: "Rule", day: date) -> None:
    print(f"{found.key} is {found.value} {found.unit}, for {found.jurisdiction}.")
    print(f"Source: {found.source_title}, {found.source} ({found.source_kind}).")
    print(f"In force from {found.in_force_from}; checked {found.checked_on} by {found.checked_by}.")
    if not found.decides(day):
        print(
            "Nobody checked it within a year of that day, so it decides nothing: ask the officer."
        )
