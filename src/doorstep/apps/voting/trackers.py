"""Trackers: four plain words and two digits by which a voter finds their own published ballot.

Made before the ballot is sealed and put inside it, so that nobody learns it from the envelope.
The words are ours: short, known to a child, apart in sound and spelling, and about nothing.
"""

import re
import secrets

from doorstep.engine.seal.words import WORDS

_FORM = re.compile(r"[a-z]{3,10}(?:-[a-z]{3,10}){3}-[0-9]{2}")
LONGEST = 4 * max(map(len, WORDS)) + 4 + 2


def new() -> str:
    """A fresh tracker, such as `otter-lamp-river-quilt-42`."""
    chosen = [secrets.choice(WORDS) for _ in range(4)]
    return "-".join([*chosen, f"{secrets.randbelow(100):02}"])


def is_tracker(text: str) -> bool:
    return bool(_FORM.fullmatch(text))


def as_typed(text: str) -> str:
    """What somebody typed or read out, as trackers are written: `Otter lamp, river quilt 42`."""
    parts = re.findall(r"[a-z]+|[0-9]+", text.lower())
    return "-".join(parts)
