"""What an assurance pack is made of: parts that are tables of plain values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from doorstep.apps.awards.queries.sampling import Sampled, first_day, last_day
from doorstep.apps.people.spells import said_day
from doorstep.apps.places.models import Place
from doorstep.site.words import money


@dataclass(frozen=True)
class Pence:
    """A sum, so that a table knows it from a number of things."""

    pence: int


Cell = str | int | date | Pence | None


@dataclass(frozen=True)
class Part:
    """One table. `query` is a command that asks it again; `page` is where the street reads the
    same; `none` stands in place of no rows; `words` come before the table."""

    key: str
    title: str
    query: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    none: str
    words: Sequence[str] = ()
    page: str = ""

    @property
    def numbers(self) -> list[int]:
        """Columns that hold sums or counts, from 0."""
        return [
            at
            for at in range(len(self.columns))
            if any(isinstance(row[at], int | Pence) for row in self.rows)
        ]


@dataclass(frozen=True)
class Pack:
    place: Place
    year: int
    made_on: date
    sample: Sampled
    parts: list[Part] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.place.slug}-assurance-{self.year}"

    def query(self, key: str) -> str:
        """The command that asks for a part again."""
        return f"./doorstep assurance {self.place.slug} {self.year} --part {key}"

    def within(self, name: str) -> Q:
        """The condition for rows whose day, under `name`, is in the year."""
        return Q(**{f"{name}__gte": first_day(self.year), f"{name}__lte": last_day(self.year)})


def written(cell: Cell) -> str:
    """A value as people read it."""
    if isinstance(cell, Pence):
        return money(cell.pence)
    if isinstance(cell, date):
        return said_day(cell)
    return "–" if cell is None else f"{cell:,}" if isinstance(cell, int) else cell


def plain(cell: Cell) -> str | int:
    """A value as a machine reads it: pence, and days as ISO 8601 writes them."""
    if isinstance(cell, Pence):
        return cell.pence
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else cell
