"""Values of JSON that anybody may have written: read strictly, compared by kind, and shown."""

from __future__ import annotations

import json
import re
from typing import Any, Never

MOST_NESTED = 32


def _no_float(text: str) -> Never:
    raise ValueError(f"{text} is no whole number")


def _by_utf16(value: Any) -> Any:
    """The same with every object's names in RFC 8785's order, which is that of UTF-16 units."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return {name: _by_utf16(value[name]) for name in names}
    return [_by_utf16(one) for one in value] if isinstance(value, list) else value


_DECODE = json.JSONDecoder(parse_float=_no_float, parse_constant=_no_float).decode
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
_ENCODE_AS_IT_IS = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_LONG = re.compile(rb"[:,\[]-?[0-9]{16}")  # where a number may begin
_FOUR_BYTES = re.compile(rb"[\xf0-\xf7]")


def canonical_object(data: bytes) -> dict[str, Any] | None:
    """An object out of its one canonical spelling (RFC 8785, whole numbers only, nested at most 32
    deep); None where the bytes are anything else."""
    try:
        value = _DECODE(data.decode())
        if data.count(b"{") + data.count(b"[") > MOST_NESTED and _depth(value) > MOST_NESTED:
            return None
        again = _ENCODE(value)
        if _FOUR_BYTES.search(data):  # only beyond U+FFFF do code points and UTF-16 differ in order
            again = _ENCODE_AS_IT_IS(_by_utf16(value))
        same = again.encode() == data
    except (ValueError, RecursionError):
        return None
    return value if same and isinstance(value, dict) else None


def has_large_number(value: object, data: bytes) -> bool:
    """Whether a whole number of 2^53 or more is in a value that was read from `data`."""
    return _LONG.search(data) is not None and _too_large(value)


def told(value: object) -> str:
    """A value as a sentence shows it: text as it is, anything else as JSON."""
    return value if isinstance(value, str) else _ENCODE(value)


def alike(one: object, other: object) -> bool:
    """Whether two values of JSON are the same; Python alone takes true for 1."""
    if type(one) is not type(other):
        return False
    return _ENCODE(one) == _ENCODE(other) if isinstance(one, list | dict) else one == other


def is_whole(value: object, least: int = 0) -> bool:
    return type(value) is int and value >= least


def _depth(value: object) -> int:
    inside = (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    )
    return 0 if inside is None else 1 + max(map(_depth, inside), default=0)


def _too_large(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_too_large, value.values()))
    if isinstance(value, list):
        return any(map(_too_large, value))
    return type(value) is int and abs(value) >= 1 << 53
