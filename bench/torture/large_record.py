"""Lets verify.py read 100,000 ledger entries and a million leaves, with nothing but the library."""

from bench.torture import Figure, Options
from bench.verify import measured

NUMBERS = ("T14",)
EACH_DATABASE = False


def main(options: Options) -> list[Figure]:
    scale = options.size(50, 1)
    return [
        Figure("T14", f"a large record, {one.name}", one.in_words(), one.held)
        for one in measured(options.folder, 1, scale)
    ]
