"""`./doorstep bench [PART ...]`: measure, and say each bar. The parts are in PARTS."""

import subprocess
import sys
from collections.abc import Callable

from bench import count, forecast, ledger, need, pages, partnerships, phone, promises, verify, vote

PARTS: dict[str, Callable[..., None]] = {
    "pages": pages.run,
    "phone": phone.run,
    "count": count.run,
    "vote": vote.run,
    "need": need.run,
    "forecast": forecast.run,
    "ledger": ledger.run,
    "promises": promises.run,
    "partnerships": partnerships.run,
    "verify": verify.run,
}


def main(arguments: list[str]) -> None:
    flags = [one for one in arguments if one.startswith("--")]  # bench count has two
    names = [one for one in arguments if one not in flags]
    unknown = set(names) - PARTS.keys()
    if unknown:
        sys.exit(f"There is no bench {sorted(unknown)[0]!r}. There are: {', '.join(PARTS)}.")
    if flags and names != ["count"]:
        sys.exit(f"{flags[0]} is for bench count alone.")
    if len(names) == 1:
        PARTS[names[0]](*flags)
    else:
        # Each in a process of its own: some set Django up on a site that goes when they end.
        for name in names or PARTS:
            subprocess.run([sys.executable, "-m", "bench", name], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
