"""What the engine's readers read becomes rows: studies, postcode directories and boundaries."""

from django.db import transaction

from doorstep.apps.places.models import SourceFile
from doorstep.apps.record.actors import Actor
from doorstep.engine.need import Boundaries, Postcodes
from doorstep.engine.need.geography import Figure, Source
from doorstep.engine.need.study import Study

from .areas import (
    BoundaryRow,
    FigureRow,
    FileRead,
    LinkRow,
    PostcodeRow,
    Progress,
    keep_boundaries,
    keep_figures,
    keep_look_up,
    keep_postcodes,
)

RESIDENTS = "Residents"


@transaction.atomic
def keep_study(study: Study, *, actor: Actor, progress: Progress | None = None) -> list[SourceFile]:
    """Keep every small area's scores, ranks and people, and the place it lies in.

    Read again, the same files change nothing.
    """
    small = study.small
    read: list[FileRead] = []
    for name, score in small.scores.items():
        ranks = small.ranks[name].on(score.areas)
        rows = (
            FigureRow(str(code), small.names.get(str(code), ""), float(value), int(rank))
            for code, value, rank in zip(score.areas.codes, score.values, ranks, strict=True)
        )
        read.append(
            keep_figures(
                score.areas.geography, name, rows, _said(study, score.source),
                of=small.of[name], actor=actor, progress=progress,
            )
        )  # fmt: skip
    read.append(_residents(study, small.residents, actor, progress))
    if small.look_up is not None:
        link = small.look_up
        pairs = (
            LinkRow(one, small.names.get(one, ""), other, study.names.get(other, ""))
            for one, other in zip(map(str, link.areas.codes), map(str, link.inside), strict=True)
        )
        read.append(
            keep_look_up(
                link.areas.geography,
                link.to,
                pairs,
                _said(study, link.source),
                actor=actor,
                progress=progress,
            )
        )
    return [one.file for one in read]


def keep_directory(
    read: Postcodes, *, source: Source | None = None, actor: Actor, progress: Progress | None = None
) -> FileRead:
    """Keep a directory that was read: live postcodes, ended ones, and those without an area.

    `source` says otherwise whose it is, such as that it is made up.
    """
    rows = [
        *(
            PostcodeRow(str(key), str(code))
            for key, code in zip(read.keys, read.codes, strict=True)
        ),
        *(PostcodeRow(key, "") for key in read.nowhere),
    ]
    rows += [PostcodeRow(key, code, month) for key, (code, month) in sorted(read.past.items())]
    return keep_postcodes(
        read.geography, rows, source or read.source, actor=actor, progress=progress
    )


def keep_outlines(
    read: Boundaries,
    *,
    source: Source | None = None,
    actor: Actor,
    progress: Progress | None = None,
) -> FileRead:
    """Keep boundaries that were read, each outline with its holes."""
    rows = (
        BoundaryRow(str(code), name, [[ring.tolist() for ring in polygon] for polygon in shape])
        for code, name, shape in zip(read.areas.codes, read.names, read.shapes, strict=True)
    )
    return keep_boundaries(
        read.areas.geography, rows, source or read.source, actor=actor, progress=progress
    )


def _residents(study: Study, figure: Figure, actor: Actor, progress: Progress | None) -> FileRead:
    rows = (
        FigureRow(str(code), study.small.names.get(str(code), ""), float(value))
        for code, value in zip(figure.areas.codes, figure.values, strict=True)
    )
    source = _said(study, figure.source)
    return keep_figures(
        figure.areas.geography, RESIDENTS, rows, source, actor=actor, progress=progress
    )


def _said(study: Study, source: Source) -> Source:
    """The source as the study says it: over made-up figures no publisher is named."""
    return next(
        (
            one
            for one in study.sources
            if one.sha256 == source.sha256 and one.title.endswith(source.title)
        ),
        source,
    )
