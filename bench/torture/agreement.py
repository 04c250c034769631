"""Holds verify.py and the page /verify/ against each other, on records good and bad."""

import collections
import shutil

from bench.torture import Figure, Options

NUMBERS = ("T15",)
EACH_DATABASE = False


def main(options: Options) -> list[Figure]:
    from tests.engine.seal.many import record
    from tests.engine.seal.two_checkers import comparable, scripts, verdict_of_python

    node = shutil.which("node")
    if node is None:
        return [Figure("T15", "two verifiers", "Node is not on this machine", False)]
    first, many = options.chance().randrange(10**9), options.size(100, 1_000)
    kinds, differing = collections.Counter[str](), list[str]()
    folder = options.folder / "record"
    with scripts(node, options.folder) as page:
        for number in range(first, first + many):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            made = record(number, folder)
            of_python = verdict_of_python(made, options.folder / "seen.json")
            kinds[of_python["kind"]] += 1
            if comparable(of_python) != comparable(page.verdict(made)):
                differing.append(made.done)
                options.say(f"the two differ on record {made.done}", at_most_every=0)
            options.say(f"record {number - first + 1:,} of {many:,}")
    told = (
        f"{many:,} records: {kinds['right']:,} right, {kinds['wrong']:,} wrong, "
        f"{kinds['unreadable']:,} unreadable; one verdict and one first fault on all but "
        f"{len(differing)}"
    )
    held = not differing and not kinds["crash"] and kinds["right"] > 0
    return [Figure("T15", "two verifiers", told, held)]
