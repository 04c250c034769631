"""A lot that anybody draws again: the same public seed and candidates give the same order.

For each candidate, numbered from 1 in the order in which they stood, the SHA-256 of the UTF-8 bytes
of `doorstep lot v1`, the seed and the number, each on a line of its own, is taken as a number; the
smallest comes first. Whoever knows no seed can choose no number, so the seed is something public
that nobody knows while people may still stand, such as the numbers of a lottery drawn later.
"""

from hashlib import sha256

NAME = "doorstep lot v1"


def key(seed: str, number: int) -> str:
    """The lot of one candidate, as 64 hexadecimal figures; the smallest comes first."""
    return sha256(f"{NAME}\n{seed}\n{number}\n".encode()).hexdigest()


def drawn(seed: str, candidates: int) -> list[int]:
    """All numbers from 1 to `candidates` in the order of the lot. ValueError without a seed, with
    one that has spaces at its ends, or outside 1 to 10,000 candidates."""
    if not seed or seed != " ".join(seed.split()):
        raise ValueError("A seed is a text without spaces at its ends or two in a row.")
    if not 1 <= candidates <= 10_000:
        raise ValueError("A lot is drawn among 1 to 10,000.")
    return sorted(range(1, candidates + 1), key=lambda number: key(seed, number))
