"""One value, one sequence of bytes: the strict subset of RFC 8785 that leaves are written in.

Only what every language reads back alike is allowed: objects, arrays, strings, whole numbers
below 2^53, true, false and null. A float never enters, so its awkward rules never matter.
"""

import json
from collections.abc import Iterable
from typing import Never, TypeAlias

Value: TypeAlias = "dict[str, Value] | list[Value] | str | int | bool | None"

MAX_BYTES = 65_535  # C2SP tiled logs give an entry a 16-bit length.
MAX_INTEGER = 2**53 - 1  # The largest whole number that a JavaScript reader keeps exactly.
MAX_DEPTH = 32


class CanonicalError(ValueError):
    """The value, or the bytes, have no place in a leaf; the text says why and what to do."""


def canonical(value: Value) -> bytes:
    """The RFC 8785 bytes of `value`, at most 65,535 of them.

    Raises CanonicalError for any other type, a number of 2^53 or more, half a surrogate pair,
    nesting deeper than 32, and for a result that is too long.
    """
    ordered = _ordered(value, MAX_DEPTH)
    text = json.dumps(ordered, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    data = text.encode()
    if len(data) > MAX_BYTES:
        raise CanonicalError(f"{len(data):,} bytes; a leaf holds {MAX_BYTES:,}. Split it.")
    return data


def parse(data: bytes) -> Value:
    """The value whose canonical bytes are exactly `data`; CanonicalError when there is none."""
    try:
        value: Value = json.loads(
            data.decode(), parse_float=_no_float, parse_constant=_no_float, object_pairs_hook=_once
        )
    except CanonicalError:
        raise
    except (ValueError, RecursionError) as error:  # a number of 4,300 digits is no JSONDecodeError
        raise CanonicalError(f"not JSON in UTF-8: {error}") from None
    if canonical(value) != data:
        raise CanonicalError("the same value has other canonical bytes (order, spaces or escapes).")
    return value


def _ordered(value: object, depth: int) -> Value:
    if depth < 0:
        raise CanonicalError(f"nested deeper than {MAX_DEPTH}.")
    # Exact types: a subclass (an enum, a numpy number, a lazy string) may print as anything.
    kind = type(value)
    if value is None or kind is bool:
        return value  # type: ignore[return-value]
    if kind is int:
        return _safe_integer(value)  # type: ignore[arg-type]
    if kind is str:
        return _whole_text(value)  # type: ignore[arg-type]
    if kind is list:
        return [_ordered(item, depth - 1) for item in value]  # type: ignore[attr-defined]
    if kind is dict:
        return _ordered_object(value, depth)  # type: ignore[arg-type]
    raise CanonicalError(f"{kind.__name__} has no canonical form; write text or a whole number.")


def _ordered_object(value: dict[object, object], depth: int) -> Value:
    keys = [key for key in value if type(key) is str]
    if len(keys) != len(value):
        raise CanonicalError("every name in an object is text.")
    for key in keys:
        _whole_text(key)
    # RFC 8785 orders names by UTF-16 units, which is not the order of code points.
    keys.sort(key=lambda key: key.encode("utf-16-be"))
    return {key: _ordered(value[key], depth - 1) for key in keys}


def _safe_integer(value: int) -> int:
    if abs(value) > MAX_INTEGER:
        raise CanonicalError(f"{value} is 2^53 or more; write it as a string.")
    return value


def _whole_text(value: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise CanonicalError("text with half a surrogate pair has no bytes.")
    return value


def _no_float(text: str) -> Never:
    raise CanonicalError(f"{text} is not a whole number; write it as a string.")


def _once(pairs: Iterable[tuple[str, Value]]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, value in pairs:
        if name in found:
            raise CanonicalError(f"the name {name!r} stands twice in one object.")
        found[name] = value
    return found
