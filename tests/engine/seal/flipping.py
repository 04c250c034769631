"""Flips bits in the files of a bundle, with and without its checksums made anew."""

import contextlib
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from doorstep.engine.seal.alone.run import check_everything
from doorstep.engine.seal.recount import UnreadableError, WrongError
from tests.engine.seal.damages import files_of
from tests.engine.seal.many import LOG, SUMS, Story, cosign, resum
from tests.engine.seal.records import said


@dataclass(frozen=True)
class Flip:
    """A bit of a byte of a file; `is_hidden` when a forger made the checksums anew."""

    name: str
    at: int
    bit: int
    is_hidden: bool

    def is_named_in(self, sentence: str) -> bool:
        """Whether the sentence says which file, leaf, round, key or signature is not right."""
        if not self.is_hidden and self.name != SUMS:
            return f"The file {self.name} is not what its checksum says." == sentence
        parts = self.name.split("/")
        if parts[0] == "rounds":
            return sentence.startswith(f"Round {parts[1]}: ")
        if parts[:2] == ["checkpoints", "public"]:
            return self.name in sentence
        if "tile" in parts:
            number = parts[-1] if len(parts[-1]) == 3 and ".p" not in self.name else parts[-2]
            is_place = f"/{number.removesuffix('.p')}" in sentence
            return is_place or sentence.startswith(("Leaf ", "The leaves do not lead"))
        about = {"checkpoint": ("checkpoint", "leaves"), "key": ("key", "is of"), SUMS: ("file",)}
        words = about.get(parts[-1], ("key", "witness"))
        return any(word in sentence for word in words)


def bundle(folder: Path, number: int) -> Path:
    """A bundle of three tiles with votes counted by several rules, a witness, and old tiles."""
    story = Story(random.Random(number))
    story.keeps, story.is_split = True, False
    while sum(name.endswith(".pb") for name in story.files) < 4:
        story.add_round(f"more-{len(story.files)}")
    story.leaves += [said("x.y", n=n) for n in range(600 - len(story.leaves))]
    whole, story.leaves = story.leaves, story.leaves[:300]
    story.write(folder, is_bundle=True)  # leaves partial tiles that the larger log grew out of
    story.leaves = whole
    story.write(folder, is_bundle=True)
    note = (folder / LOG / "checkpoint").read_bytes()
    while b"council" not in (folder / LOG / "checkpoint").read_bytes():
        cosign(folder / LOG, story)
        if verdict(folder):  # one in ten witnesses of `many` signs another checkpoint
            (folder / LOG / "checkpoint").write_bytes(note)
    resum(folder)
    assert verdict(folder) == ""
    return folder


def flips(folder: Path, many: int, chance: random.Random) -> Iterator[Flip]:
    """Every file gets its share, however short; half of the flips are hidden from the checksums."""
    names = [path.relative_to(folder).as_posix() for path in files_of(folder)]
    sizes = {name: (folder / name).stat().st_size for name in names}
    names = [name for name in names if sizes[name]]
    for number in range(many):
        name = names[number % len(names)] if number % 2 else chance.choices(names, [*_of(sizes)])[0]
        is_hidden = name != SUMS and chance.random() < 0.5
        yield Flip(name, chance.randrange(sizes[name]), chance.randrange(8), is_hidden)


def _of(sizes: dict[str, int]) -> Iterator[int]:
    return (size for size in sizes.values() if size)


def verdict_after(folder: Path, flip: Flip) -> str:
    """The first fault that is found after a flip; the files are as before afterwards."""
    path, sums = folder / flip.name, folder / SUMS
    whole, listed = path.read_bytes(), sums.read_bytes()
    data = bytearray(whole)
    data[flip.at] ^= 1 << flip.bit
    path.write_bytes(data)
    if flip.is_hidden:
        resum(folder)
    try:
        return verdict(folder)
    finally:
        path.write_bytes(whole)
        if flip.is_hidden:
            sums.write_bytes(listed)


def verdict(folder: Path) -> str:
    """The first fault, or nothing."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            check_everything(str(folder), None)
    except (WrongError, UnreadableError) as fault:
        return str(fault)
    return ""
