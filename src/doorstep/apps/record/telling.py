"""Leaves in plain words, for the record's own pages and for whoever leads to one."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from doorstep.apps.record.models import Leaf
from doorstep.apps.record.queries import words_for
from doorstep.apps.record.sentences import sentence, with_names
from doorstep.apps.record.verify import body_of


class Told(NamedTuple):
    """A leaf in plain words."""

    leaf: Leaf
    sentence: str


def tell(leaves: Sequence[Leaf]) -> list[Told]:
    """Each leaf with its sentence in the reader's language; as many statements for one as for many.

    Words that were hidden or erased are said to be so.
    """
    bodies: list[dict[str, Any]] = [body_of(leaf) or {} for leaf in leaves]
    words = words_for(bodies)
    return [
        Told(leaf, sentence(leaf.kind, body, words))
        for leaf, body in zip(leaves, with_names(bodies), strict=True)
    ]
