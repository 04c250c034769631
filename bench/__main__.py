"""`./doorstep bench [pages|count|vote|need|forecast]`: measure, print tables, and say each bar."""

import sys

from bench import count, forecast, need, pages, vote

PARTS = {
    "pages": pages.run,
    "count": count.run,
    "vote": vote.run,
    "need": need.run,
    "forecast": forecast.run,
}


def main(names: list[str]) -> None:
    unknown = set(names) - PARTS.keys()
    if unknown:
        sys.exit(f"There is no bench {sorted(unknown)[0]!r}. There are: {', '.join(PARTS)}.")
    for name in names or PARTS:
        PARTS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
