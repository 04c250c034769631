"""How a receipt is told again: the same file by its mark, the same picture by 256 points of light.

A difference hash: the picture is made grey and 17 by 16 points small, and each point is compared
with its right neighbour. A smaller, darker or re-saved copy keeps almost all of them.
"""

import io

from PIL import Image

from doorstep.apps.organisations import strongbox

_MARK = b"doorstep receipt mark v1"
_SIDE = 16


def marks_of(data: bytes) -> list[str]:
    """The mark of these bytes under today's secret, then under older ones."""
    return strongbox.fingerprints(data.hex(), _MARK)


def picture_of(data: bytes) -> str:
    """64 hexadecimal digits for a picture that `files` made anew."""
    with Image.open(io.BytesIO(data)) as image:
        image.draft("L", (_SIDE * 8, _SIDE * 8))
        small = image.convert("L").resize((_SIDE + 1, _SIDE), Image.Resampling.LANCZOS)
    points = small.tobytes()
    bits = 0
    for row in range(_SIDE):
        for column in range(_SIDE):
            at = row * (_SIDE + 1) + column
            bits = bits << 1 | (points[at] < points[at + 1])
    return f"{bits:064x}"


def differing(one: str, other: str) -> int:
    """At how many of the 256 points two pictures differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
