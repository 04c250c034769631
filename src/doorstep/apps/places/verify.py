"""Re-checks places and their figures of need against the leaves that recorded them."""

from collections.abc import Iterator
from typing import Any

from doorstep.apps.places.digests import digest_of, standing_file
from doorstep.apps.places.models import Area, NeedFigure, Place, SourceFile
from doorstep.apps.record.models import Leaf, Wording
from doorstep.apps.record.queries import commitments_in
from doorstep.apps.record.verify import PIECE, Finding, body_of

FIGURES = ("population", "population_year", "boundary_year")
WORDS = ("name", "council", "population_source")


def verify_places() -> Iterator[Finding]:
    """Every fault in places and need figures, as a sentence and where it stands."""
    yield from _places()
    yield from _needs()
    yield from _files()
    yield from _joined()


def _places() -> Iterator[Finding]:
    opened = {str(body.get("place")): body for body in _bodies("place.opened")}
    places = {place.slug: place for place in Place.objects.all()}
    kept = _words(list(opened.values()))
    for slug in sorted(places.keys() | opened.keys()):
        place, said = places.get(slug), opened.get(slug)
        if place is None or said is None:
            yield Finding(
                f"Place {slug}", "its row and the leaf that opened it are not both there."
            )
            continue
        # Words that were erased cannot be compared any more.
        told = {name: kept.get(str(said.get(name))) or getattr(place, name) for name in WORDS}
        told |= {name: said.get(name) for name in FIGURES}
        if wrong := [name for name, value in told.items() if getattr(place, name) != value]:
            named = ", ".join(wrong).replace("_", " ")
            yield Finding(f"Place {slug}", f"the leaf that opened it says another {named}.")


def _needs() -> Iterator[Finding]:
    bodies = list(_bodies("place.need_recorded"))
    kept = _words(bodies)
    recorded: dict[tuple[Any, ...], dict[str, Any]] = {
        (body.get("place"), body.get("measure"), body.get("year"), body.get("boundary_year")): body
        for body in bodies
    }
    figures: dict[tuple[Any, ...], NeedFigure] = {
        (figure.place.slug, figure.measure, figure.year, figure.boundary_year): figure
        for figure in NeedFigure.objects.select_related("place")
    }
    for key in sorted(figures.keys() | recorded.keys(), key=str):
        figure, said = figures.get(key), recorded.get(key)
        where = f"The {key[1]} figure of {key[0]} for {key[2]}"
        if figure is None or said is None:
            yield Finding(where, "its row and the leaf that recorded it are not both there.")
            continue
        told = [kept.get(str(said.get(name))) for name in ("source", "licence")]
        stands = [figure.source, figure.licence]
        if said.get("hundredths") != figure.value or any(
            text and text != now for text, now in zip(told, stands, strict=True)
        ):
            yield Finding(where, "the leaf that recorded it says another figure or source.")


def _files() -> Iterator[Finding]:
    """The rows of every file that stands, against the digest in its leaf."""
    for file in SourceFile.objects.select_related("leaf").order_by("pk"):
        said = body_of(file.leaf) or {}
        where = f"File {file.file or file.title}"
        told = [said.get(name) for name in ("what", "about", "sha256", "rows", "year")]
        if told != [file.kind, file.about, file.sha256, file.rows, file.year]:
            yield Finding(where, "the leaf that read it says another file.")
        if standing_file(file.kind, file.about) == file and said.get("rows_sha256") != digest_of(
            file
        ):
            yield Finding(where, "its rows are not those that were read.")


def _joined() -> Iterator[Finding]:
    told: dict[tuple[Any, ...], Any] = {
        (body.get("unit"), body.get("boundary_year"), body.get("code")): body.get("place")
        for body in _bodies("place.area_joined")
    }
    stands: dict[tuple[Any, ...], Any] = {
        (area.unit, area.year, area.code): area.place.slug
        for area in Area.objects.filter(place__isnull=False).select_related("place")
        if area.place
    }
    for key in sorted(told.keys() | stands.keys(), key=str):
        if told.get(key) != stands.get(key):
            yield Finding(f"Area {key[2]}", "the record says another place of it.")


def _bodies(kind: str) -> Iterator[dict[str, Any]]:
    leaves = Leaf.objects.filter(log="public", kind=kind).order_by("idx")
    for leaf in leaves.iterator(chunk_size=PIECE):
        body = body_of(leaf)
        if body is not None:
            yield body


def _words(bodies: list[dict[str, Any]]) -> dict[str, str]:
    """{commitment: words} of all that these leaves commit to."""
    wanted = sorted(commitments_in(bodies))
    kept: dict[str, str] = {}
    for start in range(0, len(wanted), PIECE):
        rows = Wording.objects.filter(commitment__in=wanted[start : start + PIECE])
        kept |= dict(rows.values_list("commitment", "text"))
    return kept
