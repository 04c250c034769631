"""Words, money and small tables of the report, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape

from ..words import PLURALS, Translate, money, rounded_money
from .words import COUNTED, WORDS

MOST_IN_A_NAME = 200


@dataclass(frozen=True, slots=True)
class Writer:
    """Puts codes into the reader's words. Everything it returns is text, not yet HTML."""

    currency: str
    translate: Translate

    def say(self, word: str, **params: str) -> str:
        """One of WORDS, filled in."""
        return self.translate(WORDS[word]) % params

    def counted(self, number: int, thing: str) -> str:
        """A number of people, ideas or steps: a key of PLURALS or COUNTED."""
        one, many = COUNTED.get(thing) or PLURALS[thing]
        if number == 1:
            return self.translate(one)
        return self.translate(many) % {"number": f"{number:,}"}

    def money(self, amount: Fraction | int) -> str:
        return money(amount, self.currency)

    def about(self, amount: Fraction | int) -> str:
        return rounded_money(amount, self.currency)


def name_of(text: str) -> str:
    """A project's name on one line, not endless, without what moves a cursor."""
    shown = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return shown if len(shown) <= MOST_IN_A_NAME else shown[: MOST_IN_A_NAME - 1] + "…"


def paragraph(text: str, kind: str = "") -> str:
    return f"<p{f' class={kind!r}' if kind else ''}>{escape(text)}</p>"


def section(key: str, title: str, *parts: str) -> str:
    inside = "".join(parts)
    return f'<section aria-labelledby="{key}"><h2 id="{key}">{escape(title)}</h2>{inside}</section>'


def folded(summary: str, inside: str, kind: str = "") -> str:
    named = f" class={kind!r}" if kind else ""
    return f"<details{named}><summary>{escape(summary)}</summary>{inside}</details>"


Cell = str | int


def table(caption: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Cell]]) -> str:
    """A real table: columns are (heading, class), the first cell of a row is its heading, and a
    cell that begins with "<svg" is a picture. On a narrow screen each row becomes a card."""
    heads = "".join(
        f'<th scope="col" role="columnheader" class="{kind}">{escape(head)}</th>'
        for head, kind in columns
    )
    body = "".join(f'<tr role="row">{_cells(columns, row)}</tr>' for row in rows)
    return (
        f'<table class="cards" role="table"><caption class="unseen">{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table>'
    )


def _cells(columns: Sequence[tuple[str, str]], row: Sequence[Cell]) -> str:
    made = []
    for place, ((head, kind), cell) in enumerate(zip(columns, row, strict=True)):
        text = str(cell) if str(cell).startswith("<svg ") else escape(str(cell))
        if place == 0:
            made.append(f'<th scope="row" role="rowheader" class="{kind}">{text}</th>')
        else:
            made.append(f'<td role="cell" class="{kind}" data-label="{escape(head)}">{text}</td>')
    return "".join(made)
