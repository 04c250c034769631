"""`./doorstep bench [pages|count|vote]`: measure, print the tables, and say what each bar was."""

import sys

from bench import count, pages, vote

PARTS = {"pages": pages.run, "count": count.run, "vote": vote.run}


def main(names: list[str]) -> None:
    unknown = set(names) - PARTS.keys()
    if unknown:
        sys.exit(f"There is no bench {sorted(unknown)[0]!r}. There are: {', '.join(PARTS)}.")
    for name in names or PARTS:
        PARTS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
