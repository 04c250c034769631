"""Checks an Ed25519 signature: RFC 8032, section 5.1, in plain whole numbers. It never signs."""

from __future__ import annotations

from functools import cache
from hashlib import sha512

Point = tuple[int, int, int, int]  # extended coordinates: x = X/Z, y = Y/Z, x*y = T/Z

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE_D = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)
NEUTRAL: Point = (0, 1, 1, 0)


def signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) is that of the key `public` (32 bytes) over the message."""
    point = _decompressed(public)
    s = int.from_bytes(signature[32:], "little")
    if point is None or len(signature) != 64 or s >= ORDER:
        return False
    h = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % ORDER
    x, y, z, t = point
    minus = (PRIME - x, y, z, PRIME - t)
    return _compressed(_sum(_times(s, BASE), _times(h, minus))) == signature[:32]


def _sum(p: Point, q: Point) -> Point:
    a = (p[1] - p[0]) * (q[1] - q[0]) % PRIME
    b = (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c = 2 * p[3] * q[3] * CURVE_D % PRIME
    d = 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def _times(number: int, point: Point) -> Point:
    found = NEUTRAL
    for doubled in _doublings(point):
        if number & 1:
            found = _sum(found, doubled)
        number >>= 1
    return found


@cache
def _doublings(point: Point) -> list[Point]:
    """A point times 1, 2, 4 …, kept: one key signs thousands of checkpoints."""
    found = [point]
    while len(found) < 253:
        found.append(_sum(found[-1], found[-1]))
    return found


def _compressed(point: Point) -> bytes:
    inverse = pow(point[2], PRIME - 2, PRIME)
    x, y = point[0] * inverse % PRIME, point[1] * inverse % PRIME
    return (y | (x & 1) << 255).to_bytes(32, "little")


@cache
def _decompressed(data: bytes) -> Point | None:
    if len(data) != 32:
        return None
    both = int.from_bytes(data, "little")
    sign, y = both >> 255, both & (1 << 255) - 1
    x = _x_of(y, sign) if y < PRIME else None
    return None if x is None else (x, y, 1, x * y % PRIME)


def _x_of(y: int, sign: int) -> int | None:
    square = (y * y - 1) * pow(CURVE_D * y * y + 1, PRIME - 2, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * ROOT_OF_MINUS_ONE % PRIME
    if (x * x - square) % PRIME or (x == 0 and sign):
        return None
    return PRIME - x if x & 1 != sign else x


BASE_Y = 4 * pow(5, PRIME - 2, PRIME) % PRIME
BASE_X = _x_of(BASE_Y, 0) or 0
BASE: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % PRIME)
