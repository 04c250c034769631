"""A sheet that must fit: the same words in smaller letters until they do, then fewer of them."""

import unicodedata
from collections.abc import Callable, Sequence
from typing import Literal

from doorstep.apps.printing import Sheet
from doorstep.apps.typeface import missing_letters

Paper = Literal["A4", "A3"]
# Points on A4. Under ten nobody reads a paper on a wall.
SIZES = (22.0, 20.0, 18.0, 16.0, 14.0, 13.0, 12.0, 11.0, 10.0)
# A3 is A4 enlarged: each side by the square root of two.
ENLARGED = {"A4": 1.0, "A3": 2**0.5}
Write = Callable[[Sheet, int], None]


class DoesNotFitError(ValueError):
    """No size of letters that may be used makes these words fit."""


def fitted(
    language: str,
    title: str,
    write: Write,
    *,
    lines: int,
    paper: Paper = "A4",
    pages: int = 1,
    least: float = SIZES[-1],
    shorten: bool = True,
) -> Sheet:
    """The sheet that `write(sheet, how_many)` makes in the largest letters that fit on `pages`.

    `how_many` of `lines` are to be written: all of them as long as a size of at least `least`
    points fits, then, if it may be shortened, fewer, and `write` says how many more there are.
    """

    def attempt(size: float, how_many: int) -> Sheet | None:
        sheet = Sheet(language, title, paper=paper, numbered=False)
        sheet.size = size * ENLARGED[paper]
        write(sheet, how_many)
        if sheet.pages <= pages:
            return sheet
        sheet.close()
        return None

    tries = [(size, lines) for size in SIZES if size >= least]
    tries += [(least, fewer) for fewer in reversed(range(lines)) if shorten]
    # Smaller letters and fewer lines never need more room, so what fits is found by halving.
    best: Sheet | None = None
    first, beyond = 0, len(tries)
    while first < beyond:
        middle = (first + beyond) // 2
        sheet = attempt(*tries[middle])
        if sheet is None:
            first = middle + 1
            continue
        if best:
            best.close()
        best, beyond = sheet, middle
    if best is None:
        raise DoesNotFitError(f"{title!r} does not fit on {pages} pages even without its list")
    return best


def without_pictures(text: str) -> str:
    """A name without the little pictures that the typeface lacks. A letter it lacks is refused
    when it is printed, for a name with a hole in it is another name."""
    lacking = set(missing_letters(text))
    kept = (c for c in text if not (c in lacking and unicodedata.category(c) in ("So", "Sk")))
    return " ".join("".join(kept).split())


def listed(names: Sequence[str], how_many: int, more: Callable[[int], str]) -> list[str]:
    """The first `how_many` names, and a last line for the others."""
    rest = len(names) - how_many
    return [*names[:how_many], *([more(rest)] if rest else [])]
