"""Vouchers drawn by a seed that anybody can check: value-weighted selection with a fixed interval.

Monetary unit sampling, as ISA (UK) 530 "Audit Sampling" names it (appendix 1 on value-weighted
selection, appendix 4(c)): each penny has the same chance, so a payment's chance grows with its
sum, and one that is at least the interval is always drawn. The interval is the whole divided by
the size; the start within it comes from the seed. So that no pattern in the payments meets the
interval (the same appendix, 4(b), warns of it), they are put into an order that the seed gives.

All sums are whole numbers: position k of n lies at floor((start + k * total) / n).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

METHOD = "monetary-unit-fixed-interval-v1"


@dataclass(frozen=True)
class Voucher:
    """Something that was paid: its public name and its sum in pence, at least one."""

    name: str
    pence: int


@dataclass(frozen=True)
class Picked:
    """A voucher that was drawn. `certain`: its sum alone is at least the interval."""

    voucher: Voucher
    certain: bool


@dataclass(frozen=True)
class Draw:
    """A sample with all that it was drawn from. `interval` is in pence, rounded down."""

    picked: tuple[Picked, ...]
    vouchers: int
    total: int
    size: int
    interval: int

    @property
    def pence(self) -> int:
        return sum(one.voucher.pence for one in self.picked)


def sample_size(vouchers: int, percent: int, least: int) -> int:
    """So many of a hundred, rounded up, and at least `least`; never more than there are."""
    if vouchers < 0 or not 0 < percent <= 100 or least < 1:
        raise ValueError("A sample is of something, from 1 to 100 in a hundred, at least 1.")
    return min(vouchers, max(least, -(-vouchers * percent // 100)))


def draw(vouchers: Sequence[Voucher], size: int, seed: bytes) -> Draw:
    """Draw `size` positions among the pence of all vouchers; the same seed draws the same.

    A voucher on which several positions fall is drawn once, so fewer may be drawn than `size`.
    ValueError for two of one name, a sum below a penny, or a size that cannot be.
    """
    if len({one.name for one in vouchers}) != len(vouchers):
        raise ValueError("Two vouchers have one name.")
    if any(type(one.pence) is not int or one.pence < 1 for one in vouchers):
        raise ValueError("A voucher is of at least one penny, in whole pence.")
    if not 0 <= size <= len(vouchers) or (vouchers and size < 1):
        raise ValueError("Draw at least one voucher, and not more than there are.")
    total = sum(one.pence for one in vouchers)
    if not vouchers:
        return Draw((), 0, 0, 0, 0)
    start = int.from_bytes(sha256(seed + b"\nstart").digest()) % total
    positions = [(start + k * total) // size for k in range(size)]
    picked, begins, at = [], 0, 0
    for one in sorted(vouchers, key=lambda each: _place(seed, each)):
        ends = begins + one.pence
        if at < size and positions[at] < ends:
            picked.append(Picked(one, certain=one.pence * size >= total))
            while at < size and positions[at] < ends:
                at += 1
        begins = ends
    return Draw(tuple(picked), len(vouchers), total, size, total // size)


def _place(seed: bytes, voucher: Voucher) -> bytes:
    return sha256(seed + b"\norder\n" + voucher.name.encode()).digest()
