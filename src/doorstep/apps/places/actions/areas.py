"""Official files come in: figures, look-ups, postcodes, boundaries; each a leaf and a checksum.

The engine's readers refuse a wrong file row by row; here what they read is kept. Reading the same
file again changes nothing. A newer file of the same kind about the same areas takes its place.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from django.db import models, transaction
from django.utils.translation import gettext as _

from doorstep.apps.places.digests import digest, standing_file
from doorstep.apps.places.models import (
    Area,
    AreaFigure,
    AreaLink,
    Boundary,
    Place,
    Postcode,
    SourceFile,
)
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.engine.need.geography import Geography, Source

PIECE = 2_000  # rows of one statement
Progress = Callable[[int], None]
Shape = Sequence[Sequence[Sequence[Sequence[float]]]]


class FileRead(NamedTuple):
    """The file as it is kept, and whether it is new here."""

    file: SourceFile
    is_new: bool


class FigureRow(NamedTuple):
    """One area's figure: rank 1 is the worst; None where a figure has no rank (residents)."""

    code: str
    name: str
    value: float
    rank: int | None = None


class LinkRow(NamedTuple):
    small: str
    small_name: str
    larger: str
    larger_name: str


class PostcodeRow(NamedTuple):
    """`key` without a space; `code` empty where no area is given; `ended` as YYYYMM, or empty."""

    key: str
    code: str
    ended: str = ""


class BoundaryRow(NamedTuple):
    code: str
    name: str
    shape: Shape


@transaction.atomic
def keep_figures(
    geography: Geography,
    measure: str,
    rows: Iterable[FigureRow],
    source: Source,
    *,
    of: int | None = None,
    actor: Actor,
    progress: Progress | None = None,
) -> FileRead:
    """One figure of each area, such as "IMD 2025" or "Residents"; ranks are among `of` areas, by
    default these."""
    kept = _Keeping(
        SourceFile.Kind.FIGURES, f"{geography}: {measure}", list(rows), source, actor, progress
    )

    def write(file: SourceFile) -> None:
        AreaFigure.objects.filter(
            measure=measure, area__unit=geography.unit, area__year=geography.year
        ).delete()
        areas = _areas(geography, ((row.code, row.name) for row in kept.rows))
        kept.write(
            AreaFigure(
                area_id=areas[row.code],
                measure=measure,
                value=row.value,
                rank=row.rank,
                of=(of or len(kept.rows)) if row.rank else None,
                source=file,
            )
            for row in kept.rows
        )

    return kept.once(write)


@transaction.atomic
def keep_look_up(
    small: Geography,
    larger: Geography,
    rows: Iterable[LinkRow],
    source: Source,
    *,
    actor: Actor,
    progress: Progress | None = None,
) -> FileRead:
    """Which larger area each small one lies in; a small area in two of one kind is refused."""
    kept = _Keeping(
        SourceFile.Kind.LOOK_UP, f"{small} to {larger}", list(rows), source, actor, progress
    )
    seen: dict[str, str] = {}
    for row in kept.rows:
        if seen.setdefault(row.small, row.larger) != row.larger:
            raise Refused(
                _("%(small)s is put into both %(one)s and %(other)s. An area lies in one only.")
                % {"small": row.small, "one": seen[row.small], "other": row.larger},
                code="mapped_twice",
            )

    def write(file: SourceFile) -> None:
        AreaLink.objects.filter(
            small__unit=small.unit, small__year=small.year, unit=larger.unit, year=larger.year
        ).delete()
        below = _areas(small, ((row.small, row.small_name) for row in kept.rows))
        above = _areas(larger, ((row.larger, row.larger_name) for row in kept.rows))
        kept.write(
            AreaLink(
                small_id=below[one],
                larger_id=above[other],
                unit=larger.unit,
                year=larger.year,
                source=file,
            )
            for one, other in seen.items()
        )

    return kept.once(write)


@transaction.atomic
def keep_postcodes(
    geography: Geography,
    rows: Iterable[PostcodeRow],
    source: Source,
    *,
    actor: Actor,
    progress: Progress | None = None,
) -> FileRead:
    """Every postcode of a directory, with those that ended: they are asked about, too."""
    kept = _Keeping(SourceFile.Kind.POSTCODES, str(geography), list(rows), source, actor, progress)

    def write(file: SourceFile) -> None:
        # One directory stands: two editions side by side would answer one question twice.
        Postcode.objects.all().delete()
        areas = _areas(geography, ((row.code, "") for row in kept.rows if row.code))
        kept.write(
            Postcode(
                key=row.key,
                area_id=areas[row.code] if row.code else None,
                ended=row.ended,
                source=file,
            )
            for row in kept.rows
        )

    return kept.once(write)


@transaction.atomic
def keep_boundaries(
    geography: Geography,
    rows: Iterable[BoundaryRow],
    source: Source,
    *,
    actor: Actor,
    progress: Progress | None = None,
) -> FileRead:
    """The outline of each area, in longitude and latitude."""
    kept = _Keeping(SourceFile.Kind.BOUNDARIES, str(geography), list(rows), source, actor, progress)

    def write(file: SourceFile) -> None:
        Boundary.objects.filter(area__unit=geography.unit, area__year=geography.year).delete()
        areas = _areas(geography, ((row.code, row.name) for row in kept.rows))
        kept.write(
            Boundary(area_id=areas[row.code], shape=row.shape, source=file) for row in kept.rows
        )

    return kept.once(write)


@transaction.atomic
def join_area(place: Place, geography: Geography, code: str, *, actor: Actor) -> Area:
    """Say that a place here is this official area, so that maps and postcodes lead to it."""
    lock_head()
    area = Area.objects.filter(unit=geography.unit, year=geography.year, code=code).first()
    if area is None:
        raise Refused(
            _("No file that was read here has an area %(code)s of %(geography)s.")
            % {"code": code, "geography": str(geography)},
            code="no_area",
        )
    if area.place_id == place.pk:
        return area
    if area.place_id is not None:
        raise Refused(
            _("%(code)s is another place’s area already.") % {"code": code}, code="area_taken"
        )
    if place.boundary_year != geography.year:
        raise Refused(
            _(
                "%(place)s stands on the boundaries of %(own)s and this area on those of "
                "%(other)s. Boundaries of two years are never mixed."
            )
            % {"place": place.name, "own": place.boundary_year, "other": geography.year},
            code="mixed_years",
        )
    area.place = place
    area.save(update_fields=["place"])
    write_leaf(
        "place.area_joined",
        {
            "place": place.slug,
            "unit": geography.unit,
            "boundary_year": geography.year,
            "code": code,
            "actor": actor.as_leaf(),
        },
    )
    return area


def _areas(geography: Geography, named: Iterable[tuple[str, str]]) -> dict[str, int]:
    """{code: key} of these areas of one geography; new ones are made, names filled in."""
    names: dict[str, str] = {}
    for code, name in named:
        names[code] = name or names.get(code, "")
    there = Area.objects.filter(unit=geography.unit, year=geography.year)
    known = {area.code: area for area in there}
    Area.objects.bulk_create(
        (
            Area(unit=geography.unit, year=geography.year, code=code, name=name)
            for code, name in names.items()
            if code not in known
        ),
        batch_size=PIECE,
    )
    renamed = [
        known[code]
        for code, name in names.items()
        if code in known and name and known[code].name != name
    ]
    for area in renamed:
        area.name = names[area.code]
    Area.objects.bulk_update(renamed, ["name"], batch_size=200)
    return dict(there.values_list("code", "pk"))


class _Keeping:
    """One file on its way in: read already, or written under a leaf with its rows' digest."""

    def __init__(
        self,
        kind: SourceFile.Kind,
        about: str,
        rows: list,
        source: Source,
        actor: Actor,
        progress: Progress | None,
    ) -> None:
        self.kind, self.about, self.rows, self.source = kind, about, rows, source
        self.actor, self.progress = actor, progress
        if not rows:
            raise Refused(_("There is not one row in this file."), code="no_rows")

    def once(self, write: Callable[[SourceFile], None]) -> FileRead:
        lock_head()
        said = {"kind": self.kind, "about": self.about}
        newest = standing_file(self.kind, self.about)
        if newest and (newest.about, newest.sha256) == (self.about, self.source.sha256):
            return FileRead(newest, False)
        earlier = SourceFile.objects.filter(**said, sha256=self.source.sha256).first()
        if earlier is not None:
            raise Refused(
                _("This file was read before, and a newer one took its place since."),
                code="file_older",
            )
        title, licence = self.source.title[:200], self.source.licence[:300]
        leaf = write_leaf(
            "place.file_read",
            {
                "what": str(self.kind),
                "about": self.about,
                "title": keep_words(title).commitment,
                "licence": keep_words(licence).commitment,
                "year": self.source.year,
                "rows": len(self.rows),
                "sha256": self.source.sha256,
                "rows_sha256": digest(self.kind, self.rows),
                "actor": self.actor.as_leaf(),
            },
        )
        file = SourceFile.objects.create(
            **said,
            title=title,
            publisher=self.source.publisher[:200],
            licence=licence,
            year=self.source.year,
            file=self.source.file[:200],
            sha256=self.source.sha256,
            rows=len(self.rows),
            leaf=leaf,
        )
        write(file)
        return FileRead(file, True)

    def write(self, rows: Iterable[models.Model]) -> None:
        done = 0
        piece: list[models.Model] = []
        for row in rows:
            piece.append(row)
            if len(piece) == PIECE:
                done = self._flush(piece, done)
        if piece:
            self._flush(piece, done)

    def _flush(self, piece: list[models.Model], done: int) -> int:
        type(piece[0])._default_manager.bulk_create(piece)
        done += len(piece)
        piece.clear()
        if self.progress is not None:
            self.progress(done)
        return done
