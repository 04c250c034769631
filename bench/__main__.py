"""`./doorstep bench [pages|count|vote|need|forecast]`: measure, print tables, and say each bar."""

import sys
from collections.abc import Callable

from bench import count, forecast, need, pages, vote

PARTS: dict[str, Callable[..., None]] = {
    "pages": pages.run,
    "count": count.run,
    "vote": vote.run,
    "need": need.run,
    "forecast": forecast.run,
}


def main(arguments: list[str]) -> None:
    flags = [one for one in arguments if one.startswith("--")]  # bench count has two
    names = [one for one in arguments if one not in flags]
    unknown = set(names) - PARTS.keys()
    if unknown:
        sys.exit(f"There is no bench {sorted(unknown)[0]!r}. There are: {', '.join(PARTS)}.")
    if flags and names != ["count"]:
        sys.exit(f"{flags[0]} is for bench count alone.")
    for name in names or PARTS:
        PARTS[name](*flags)


if __name__ == "__main__":
    main(sys.argv[1:])
