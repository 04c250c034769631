"""A code in clear: how it is made, typed, checked and hashed. Pure.

Sixteen characters of Crockford's base 32 in fours: a public selector (4), a secret (11, 55 bits)
and a check character that finds every single wrong character and every two that were swapped.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from django.conf import settings

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SELECTOR, SECRET, WHOLE = 4, 11, 16
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
# What people read for what was printed (Crockford), and U, which he leaves out, for a V.
_FORGIVEN = str.maketrans("OILU", "011V")
_LEFT_OUT = " -‐‑–—_.\u00a0\u200b\t"  # with the dashes that people type


class MistypedError(ValueError):
    """Not a code as any of ours is written."""


@dataclass(frozen=True, repr=False)
class Code:
    """A whole code. Its `repr` hides the secret, so that no trace of a fault shows it."""

    selector: str
    secret: str

    def __repr__(self) -> str:
        return f"<code {self.selector}>"

    @property
    def printed(self) -> str:
        """`ABCD-EFGH-JKMN-PQRS`"""
        body = self.selector + self.secret
        whole = body + check_character(body)
        return "-".join(whole[i : i + 4] for i in range(0, WHOLE, 4))


def _times_alpha(value: int) -> int:
    """Multiply by alpha in the field of 32 elements (x^5 + x^2 + 1)."""
    value <<= 1
    return value ^ 0b100101 if value & 32 else value


def check_character(body: str) -> str:
    """The sum over the field of 32 elements of each character times another power of alpha."""
    total = 0
    for letter in body:
        total = _times_alpha(total ^ _VALUE[letter])
    return ALPHABET[total]


def new_code(selector: str) -> Code:
    return Code(selector, "".join(secrets.choice(ALPHABET) for _ in range(SECRET)))


def new_selector() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(SELECTOR))


def read(typed: str) -> Code:
    """The code that somebody typed; MistypedError when it cannot be one, which costs no try."""
    if len(typed) > 100:
        raise MistypedError
    bare = "".join(letter for letter in typed if letter not in _LEFT_OUT)
    bare = bare.strip().upper().translate(_FORGIVEN)
    if len(bare) != WHOLE or not set(bare) <= _VALUE.keys():
        raise MistypedError
    if check_character(bare[:-1]) != bare[-1]:
        raise MistypedError
    return Code(bare[:SELECTOR], bare[SELECTOR:-1])


def read_selector(typed: str) -> str:
    """The public part of a code, as the desk types it, whole code or first four characters."""
    bare = "".join(letter for letter in typed if letter not in _LEFT_OUT)
    bare = bare.strip().upper().translate(_FORGIVEN)
    if len(bare) not in {SELECTOR, WHOLE} or not set(bare) <= _VALUE.keys():
        raise MistypedError
    return bare[:SELECTOR]


def may_hold_a_secret(typed: str) -> bool:
    """Whether what was typed is as long as a code, right or mistyped, and so is not shown again."""
    bare = "".join(letter for letter in typed if letter not in _LEFT_OUT)
    return len(bare) >= WHOLE - 2 and bare.upper().translate(_FORGIVEN).isalnum()


def new_salt() -> bytes:
    return secrets.token_bytes(16)


# By the byte that a kept hash begins with. Codes printed before there was one keep their cost; so
# does every printed code when a dearer one is added here. p and not n is doubled, because each
# guess of a full server then stays at 9 MB. The secret has 55 bits, so the hash only has to make
# each guess dear: docs/decisions/2026-11-28-a-guess-costs-two-turns-of-scrypt.md.
_COSTS = {
    b"": {"n": 2**13, "r": 8, "p": 1, "dklen": 32},
    b"\x02": {"n": 2**13, "r": 8, "p": 2, "dklen": 32},
    b"\x03": {"n": 2**13, "r": 9, "p": 2, "dklen": 32},
}
_NOW = b"\x03"


def hashed(code: Code, salt: bytes, cost: bytes = _NOW) -> bytes:
    """The mark of its cost, then 32 bytes: scrypt(HMAC(pepper, secret), salt).

    Without the pepper a copy of the table is no use.
    """
    peppered = hmac.digest(settings.CODE_PEPPER.encode(), code.secret.encode(), "sha256")
    return cost + hashlib.scrypt(peppered, salt=salt, **_COSTS[cost])


def is_right(code: Code, salt: bytes, kept: bytes) -> bool:
    """One hash, at the cost the code was kept at: which that is, its day tells anyway."""
    return hmac.compare_digest(hashed(code, salt, kept[:-32]), kept)


def committed(selector: str, salt: bytes, kept: bytes) -> bytes:
    """The bytes of one code under the root of its run: they tell nothing about its secret."""
    return selector.encode() + salt + kept
