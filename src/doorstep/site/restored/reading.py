"""Reads a bundle that was checked already: its leaves, its words, and what its rounds published."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from django.utils.translation import gettext as _

from doorstep.apps.refused import Refused
from doorstep.engine.seal.alone.books import Books
from doorstep.engine.seal.checkpoint import Checkpoint
from doorstep.engine.seal.leaf import COMMITMENT_MARK
from doorstep.engine.seal.note import Note
from doorstep.engine.seal.tiles import bundles_for, entries_of, entries_path
from doorstep.site.bundle import WORDS

from .shapes import Says, refuse_unreadable

LOG = "record/log/public"


@dataclass
class Bundle:
    """What a bundle says. `words`: {commitment: text} of those that were public when it was
    written; `names`: {(field of a leaf, permanent id): what people call it}."""

    folder: Path
    signed: Checkpoint
    leaves: list[Says]
    words: dict[str, str]
    books: Books
    names: dict[tuple[str, str], str] = field(default_factory=dict)

    def of_kind(self, *kinds: str) -> Iterator[Says]:
        return (says for says in self.leaves if says["kind"] in kinds)

    def text(self, commitment: object) -> str:
        """The words that a leaf commits to; said to be erased where they are not in the bundle."""
        return self.words.get(str(commitment)) or _("(words erased)")

    def called(self, name: str, ident: str) -> str:
        return self.names.get((name, ident), ident)

    def file(self, name: str) -> bytes | None:
        path = self.folder / name
        return path.read_bytes() if path.is_file() else None


def read_bundle(folder: Path) -> Bundle:
    """Raises Refused where a leaf cannot be read, or a line of words is not what a leaf committed
    to."""
    signed = Checkpoint.parse(Note.parse((folder / LOG / "checkpoint").read_bytes()).text)
    leaves = [
        json.loads(leaf)
        for number, width in bundles_for(signed.size)
        for leaf in entries_of((folder / LOG / entries_path(number, width)).read_bytes(), width)
    ]
    refuse_unreadable(leaves)
    books = Books()
    for says in leaves:
        for _fault in books.read(says):
            raise AssertionError("a bundle is checked before it is read")
    found = Bundle(folder, signed, leaves, dict(_words(folder)), books)
    found.names = dict(_names(found))
    return found


def _words(folder: Path) -> Iterator[tuple[str, str]]:
    path = folder / WORDS
    written = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    for line in written.split("\n"):
        if not line:
            continue
        try:
            said = json.loads(line)
            text, salt, commitment = said["text"], bytes.fromhex(said["salt"]), said["words"]
            is_right = commitment == COMMITMENT_MARK + sha256(salt + text.encode()).hexdigest()
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            is_right = False
        if not is_right:
            raise Refused(
                f"{WORDS} has a line whose words are not those that the record commits to: "
                f"{line[:90]}. Nothing was written.",
                code="bundle-words",
            )
        yield commitment, text


# What leaves name by a permanent id, the kind of leaf that names it, and where its name stands.
_NAMED: tuple[tuple[str, str, Callable[[Says], object]], ...] = (
    ("place", "place.opened", lambda says: says["name"]),
    ("fund", "fund.opened", lambda says: says["name"]),
    ("organisation", "organisation.opened", lambda says: says["name"]),
    ("round", "round.frozen", lambda says: says.get("title")),
    ("award", "award.made", lambda says: says.get("title")),
)


def _names(bundle: Bundle) -> Iterator[tuple[tuple[str, str], str]]:
    awards = {}
    for says in bundle.leaves:
        for name, kind, words in _NAMED:
            if says["kind"] == kind and (text := bundle.words.get(str(words(says)))):
                yield (name, says[name]), f"“{text}”" if name == "award" else text
                if name == "award":
                    awards[says[name]] = text
        if says["kind"] == "payment.raised" and says["award"] in awards:
            yield ("payment", says["payment"]), f"“{awards[says['award']]}”"
