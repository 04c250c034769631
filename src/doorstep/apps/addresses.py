"""Numbers in public addresses. Anybody may type any number there, so each is bounded here, before
a database is asked for one that it cannot hold. Stands beside the rooms, as all of them use it."""

import re

from django.urls import register_converter

# Fifteen digits fit into every database's whole numbers, and no record grows that long.
DIGITS = "[0-9]{1,15}"


class Number:
    """`<number:seq>` in a path: what is longer is an address that leads nowhere, a 404."""

    regex = DIGITS

    def to_python(self, text: str) -> int:
        return int(text)

    def to_url(self, number: int) -> str:
        return str(number)


register_converter(Number, "number")


def number(text: str | None) -> int | None:
    """A whole number out of a query, or None where there is none that could lead anywhere."""
    return int(text) if text and re.fullmatch(DIGITS, text) else None
