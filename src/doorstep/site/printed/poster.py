"""A poster, one page of A4 or A3: how to vote while a round goes on, what was decided after it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from doorstep.apps.printing import Sheet
from doorstep.site.printed.fitting import ENLARGED, Paper, fitted, listed, without_pictures
from doorstep.site.words import counted, money


@dataclass(frozen=True)
class Told:
    """What a poster or leaflet says, in the language it is written in."""

    language: str
    place: str
    title: str
    lead: str
    heading: str
    ideas: Sequence[tuple[str, int]]
    facts: Sequence[str]
    ask: str
    address: str
    later: Sequence[str] = ()
    later_ways: str = ""
    how: str = ""

    @property
    def lines(self) -> list[str]:
        return [f"{without_pictures(name)} – {money(pence)}" for name, pence in self.ideas]


def poster(told: Told, paper: Paper = "A4") -> bytes:
    """The poster as a PDF of exactly one page."""

    def write(sheet: Sheet, how_many: int) -> None:
        grow = ENLARGED[paper]
        big = min(34.0 * grow, sheet.size * 1.9)
        sheet.paragraph(told.place, bold=True)
        sheet.big(without_pictures(told.title), big, align="left")
        sheet.paragraph(told.lead)
        if told.lines:
            sheet.heading(told.heading, 3)
            sheet.items(listed(told.lines, how_many, and_more))
        for fact in told.facts:
            sheet.paragraph(fact)
        # A phone reads 26 millimetres from an arm's length; a poster with room has them larger.
        side = max(26.0, min(44.0, sheet.size / grow * 2.0)) * grow
        sheet.qr(told.address, side=side, caption=f"{told.ask} {told.address}")

    return fitted(told.language, told.title, write, lines=len(told.ideas), paper=paper).bytes()


def and_more(rest: int) -> str:
    """For ideas that one page has no room for."""
    return _("and %(ideas)s more: see the page below") % {"ideas": counted(rest, "ideas")}
