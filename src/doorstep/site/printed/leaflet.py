"""A leaflet for the door: one sheet of A4, printed on both sides where one does not hold it."""

from django.utils.translation import gettext as _

from doorstep.apps.printing import Sheet
from doorstep.site.printed.fitting import DoesNotFitError, Write, fitted, listed, without_pictures
from doorstep.site.printed.poster import Told, and_more


def leaflet(told: Told) -> bytes:
    """The leaflet as a PDF of one page or two."""
    lines = len(told.ideas) + len(told.later)
    write = _writer(told)
    try:
        sheet = fitted(told.language, told.title, write, lines=lines, shorten=False)
    except DoesNotFitError:
        sheet = fitted(told.language, told.title, write, lines=lines, pages=2)
    return sheet.bytes()


def _writer(told: Told) -> Write:
    def write(sheet: Sheet, how_many: int) -> None:
        sheet.size = min(sheet.size, 16.0)
        sheet.paragraph(told.place, bold=True)
        sheet.heading(without_pictures(told.title))
        sheet.paragraph(told.lead)
        first = min(how_many, len(told.ideas))
        if told.ideas:
            sheet.heading(told.heading, 3)
            sheet.items(listed(told.lines, first, and_more))
        if told.later:
            sheet.heading(_("Not funded this time"), 3)
            later = [without_pictures(name) for name in told.later]
            sheet.items(listed(later, max(0, how_many - len(told.ideas)), and_more))
            sheet.paragraph(told.later_ways)
        for fact in told.facts:
            sheet.paragraph(fact)
        if told.how:
            sheet.heading(_("How it was counted"), 3)
            sheet.paragraph(told.how)
        sheet.paragraph(told.ask, bold=True)
        sheet.qr(told.address, side=32.0, caption=told.address)

    return write
