"""Flips one bit in what was published, ten thousand times, and asks verify.py each time."""

from pathlib import Path

from bench.torture import Figure, Options

NUMBERS = ("T12",)
EACH_DATABASE = False


def main(options: Options) -> list[Figure]:
    from tests.engine.seal.flipping import Flip, bundle, flips, verdict_after

    chance, many = options.chance(), options.size(200, 10_000)
    folder = bundle(options.folder / "bundle", chance.randrange(10**9))
    missed, unnamed = list[Flip](), list[Flip]()
    for done, flip in enumerate(flips(folder, many, chance), start=1):
        said = verdict_after(folder, flip)
        if not said:
            missed.append(flip)
        elif not flip.is_named_in(said):
            unnamed.append(flip)
        options.say(f"flip {done:,} of {many:,}, {len(missed)} missed, {len(unnamed)} not named")
    for flip in (missed + unnamed)[:5]:
        options.say(f"{flip}", at_most_every=0)
    told = (
        f"{many:,} flips in {len(_files(folder))} files: {many - len(missed):,} found, "
        f"{many - len(missed) - len(unnamed):,} with what is wrong named first"
    )
    return [Figure("T12", "flips in published files", told, not missed and not unnamed)]


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
