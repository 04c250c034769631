"""What the rows of a file come to: one SHA-256 over them, in the order of their codes.

The leaf of a file holds it, so that `doorstep verify` notices one changed row among a million.
"""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from doorstep.apps.places.models import SourceFile

Kind = SourceFile.Kind


def digest(kind: str, rows: Iterable[Any]) -> str:
    """The digest of rows as the actions are given them. Names are left out: they are only told."""
    if kind == Kind.FIGURES:
        told = ([row.code, repr(float(row.value)), row.rank] for row in rows)
    elif kind == Kind.LOOK_UP:
        told = ([row.small, row.larger] for row in rows)
    elif kind == Kind.POSTCODES:
        told = ([row.key, row.code, row.ended] for row in rows)
    else:
        told = ([row.code, row.shape] for row in rows)
    return _hashed(told)


def digest_of(file: SourceFile) -> str:
    """The same of the rows that stand under a file now."""
    if file.kind == Kind.FIGURES:
        rows = file.figures.values_list("area__code", "value", "rank")
        return _hashed([code, repr(float(value)), rank] for code, value, rank in rows.iterator())
    if file.kind == Kind.LOOK_UP:
        links = file.links.values_list("small__code", "larger__code")
        return _hashed(list(link) for link in links.iterator())
    if file.kind == Kind.POSTCODES:
        keys = file.postcodes.values_list("key", "area__code", "ended")
        return _hashed([key, code or "", ended] for key, code, ended in keys.iterator())
    shapes = file.boundaries.values_list("area__code", "shape")
    return _hashed(list(one) for one in shapes.iterator())


def standing_file(kind: str, about: str) -> SourceFile | None:
    """The file whose rows stand: the newest of its kind about the same; of postcodes, the newest
    directory, whatever areas it leads to."""
    files = SourceFile.objects.filter(kind=kind)
    if kind != Kind.POSTCODES:
        files = files.filter(about=about)
    return files.order_by("-pk").first()


def _hashed(rows: Iterable[list[Any]]) -> str:
    whole = sha256()
    for line in sorted({json.dumps(row, separators=(",", ":")) for row in rows}):
        whole.update(f"{line}\n".encode())
    return whole.hexdigest()
