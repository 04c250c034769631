"""Sheets of paper: A4 as PDF, in Open Sans, for letters, posters, slips and receipts. It stands
beside the rooms, as all of them print.

    sheet = Sheet("cy", _("Your code"), large=True)
    sheet.heading(_("Vote for what comes first"))
    sheet.paragraph(_("You have one code. …"))
    sheet.qr("https://…/c/", caption=_("Scan this"))
    sheet.bytes()

What the typeface has no letter for is refused (`typeface.py`).
"""

import io
from collections.abc import Sequence
from typing import Literal

import segno
from django.utils.translation import gettext as _
from fpdf import FPDF, FPDFException
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace, TTFFont

from doorstep.apps.refused import Refused
from doorstep.apps.typeface import FAMILY, bytes_of, printable, typeface

MARGIN = 20.0  # mm, room enough for every printer and for a punch
# RNIB's guidance on clear print asks for 12 points at least, on large print for 16 to 18.
NORMAL, LARGE = 12.0, 18.0
SMALLEST = {NORMAL: 10.0, LARGE: 16.0}
LEADING = 1.4
MM_PER_POINT = 25.4 / 72
HEADINGS = {1: 2.0, 2: 1.5, 3: 1.2}
Align = Literal["left", "center", "right"]
_ALIGN = {"left": "L", "center": "C", "right": "R"}


class Sheet:
    """Pages that are written from top to bottom and break by themselves.

    Sizes are in millimetres. `large` sets everything half again as big, for people who read large
    print. `footer` stands at the foot of every page, with the page's number unless `numbered` is
    off, as in a run of letters. `paper` is A4, or A3 for a poster.
    """

    def __init__(
        self,
        language: str,
        title: str,
        *,
        large: bool = False,
        footer: str = "",
        numbered: bool = True,
        paper: Literal["A4", "A3"] = "A4",
    ) -> None:
        self.size = LARGE if large else NORMAL
        self.title = printable(title)
        self._pdf = _Pages(printable(footer), numbered, paper)
        self._pdf.add_typeface()
        self._pdf.set_lang("cy" if language.startswith("cy") else "en-GB")
        self._pdf.set_title(self.title)
        self._pdf.set_producer("Doorstep")
        self._pdf.set_margins(MARGIN, MARGIN, MARGIN)
        self._pdf.set_auto_page_break(True, MARGIN)
        self._pdf.add_page()

    @property
    def width(self) -> float:
        """How wide the writing is."""
        return self._pdf.epw

    @property
    def left(self) -> float:
        """How much room is left down to the foot of this page."""
        return self._pdf.page_break_trigger - self._pdf.get_y()

    @property
    def pages(self) -> int:
        return self._pdf.pages_count

    def heading(self, text: str, level: int = 1) -> None:
        """A heading; it never stands alone at the foot of a page."""
        size = self.size * HEADINGS[level]
        self.space(size * MM_PER_POINT * (0.4 if level == 1 else 0.7))
        if self.left < 4 * size * MM_PER_POINT * LEADING:
            self.new_page()
        self._write(text, size, "B", leading=1.15)
        self.space(size * MM_PER_POINT * 0.4)

    def paragraph(self, text: str, *, bold: bool = False, align: Align = "left") -> None:
        self._write(text, self.size, "B" if bold else "", align=align)
        self.space(self.size * MM_PER_POINT * 0.6)

    def small(self, text: str) -> None:
        """What is rarely read, in smaller letters; in large print they are large still."""
        self._write(text, max(SMALLEST[self.size], self.size * 0.85), "")
        self.space(self.size * MM_PER_POINT * 0.5)

    def big(self, text: str, points: float = 28.0, *, align: Align = "center") -> None:
        """What is read first or typed off, such as a code."""
        self._write(text, points, "B", align=align, leading=1.25)
        self.space(self.size * MM_PER_POINT * 0.6)

    def items(self, texts: Sequence[str], *, numbered: bool = False) -> None:
        """A list, with dots or numbers."""
        indent = self.size * MM_PER_POINT * (2.0 if numbered else 1.4)
        for number, text in enumerate(texts, 1):
            self._keep(self.size * MM_PER_POINT * LEADING)
            self._pdf.set_font(FAMILY, "", self.size)
            top = self._pdf.get_y()
            self._pdf.cell(indent, self._line(self.size), f"{number}." if numbered else "•")
            self._pdf.set_y(top)
            self._write(text, self.size, "", indent=indent)
            self.space(self.size * MM_PER_POINT * 0.25)
        self.space(self.size * MM_PER_POINT * 0.4)

    def boxes(self, texts: Sequence[str], *, side: float | None = None) -> None:
        """A list with an empty box before each, to tick or to write a number in. An item never
        breaks across pages."""
        side = side or self.size * MM_PER_POINT * 1.5
        indent = side + self.size * MM_PER_POINT
        for text in texts:
            height = self._height(text, self.width - indent)
            self._keep(max(side, height) + self.size * MM_PER_POINT)
            top = self._pdf.get_y()
            self._pdf.set_line_width(0.5)
            self._pdf.rect(self._pdf.l_margin, top, side, side)
            self._pdf.set_y(top + max(0.0, (side - self._line(self.size)) / 2))
            self._write(text, self.size, "", indent=indent)
            self._pdf.set_y(max(self._pdf.get_y(), top + side))
            self.space(self.size * MM_PER_POINT * 0.5)

    def table(
        self,
        headings: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        widths: Sequence[float] | None = None,
        numbers: Sequence[int] = (),
    ) -> None:
        """Rows under headings, which come again on every page. `widths` are shares of the width;
        columns whose place (from 0) is in `numbers` stand to the right."""
        align = tuple("RIGHT" if place in numbers else "LEFT" for place in range(len(headings)))
        self._pdf.set_font(FAMILY, "", self.size)
        self._pdf.set_line_width(0.2)
        try:
            with self._pdf.table(
                col_widths=tuple(widths) if widths else None,
                text_align=align,
                line_height=self._line(self.size),
                headings_style=FontFace(emphasis="BOLD"),
                borders_layout="HORIZONTAL_LINES",
                padding=1,
            ) as table:
                for line in (headings, *rows):
                    row = table.row()
                    for cell in line:
                        row.cell(printable(cell))
        except (FPDFException, ValueError) as problem:
            raise Refused(
                _("This table does not fit on a page: one row is too long to print. Shorten it."),
                code="does_not_fit",
            ) from problem
        self.space(self.size * MM_PER_POINT)

    def qr(self, url: str, *, side: float = 40.0, caption: str = "", align: Align = "left") -> None:
        """A square for a phone's camera, drawn as shapes, so that it is sharp at any size. The
        address should stand in words near it, for whoever has no camera."""
        dark = segno.make(url, error="m", micro=False)
        lines = [list(line) for line in dark.matrix_iter(border=4)]
        height = side + (self._height(caption, self.width) if caption else 0)
        self._keep(height)
        top = self._pdf.get_y()
        room = self.width - side
        x = self._pdf.l_margin + {"left": 0.0, "center": room / 2, "right": room}[align]
        step = side / len(lines)
        with self._pdf.new_path() as path:
            path.style.fill_color = "#000000"
            path.style.stroke_color = None
            for down, line in enumerate(lines):
                for start, length in _runs(line):
                    path.rectangle(x + start * step, top + down * step, length * step, step)
        self._pdf.set_y(top + side)
        if caption:
            self._write(caption, self.size, "", align=align)
        self.space(self.size * MM_PER_POINT * 0.6)

    def picture(self, data: bytes, *, width: float | None = None, height: float = 120.0) -> None:
        """A picture (JPEG or PNG): as wide as the writing unless told, and no higher than told."""
        self._keep(height)
        self._pdf.image(
            data, h=height, w=width or self.width, keep_aspect_ratio=True, x=self._pdf.l_margin
        )
        self.space(self.size * MM_PER_POINT)

    def address(self, lines: Sequence[str]) -> None:
        """Where a letter goes, so that it shows in the window of a DL envelope (BS 4264)."""
        self._pdf.set_y(45)
        for line in lines:
            self._write(line, NORMAL, "")
        self._pdf.set_y(max(95.0, self._pdf.get_y() + 5))

    def rule(self) -> None:
        """A thin line across."""
        y = self._pdf.get_y()
        self._pdf.set_line_width(0.2)
        self._pdf.line(self._pdf.l_margin, y, self._pdf.l_margin + self.width, y)
        self.space(self.size * MM_PER_POINT)

    def blanks(self, labels: Sequence[str]) -> None:
        """Lines to write on by hand, each after its label: names, signatures, dates."""
        for label in labels:
            self._keep(14)
            self.space(6)
            self._write(label, self.size, "")
            y = self._pdf.get_y()
            reach = self._pdf.get_string_width(printable(label)) + 4
            start = self._pdf.l_margin + min(reach, self.width * 0.6)
            self._pdf.set_line_width(0.3)
            self._pdf.line(start, y, self._pdf.l_margin + self.width, y)

    def space(self, height: float) -> None:
        """Leave room; at the foot of a page there is none to leave."""
        if self.left > height:
            self._pdf.set_y(self._pdf.get_y() + height)

    def new_page(self) -> None:
        self._pdf.add_page()

    def bytes(self) -> bytes:
        """The finished PDF."""
        return bytes(self._pdf.output())

    def close(self) -> None:
        """Let go of the fonts at once: for a sheet that is only tried for size."""
        for font in self._pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def _line(self, size: float, leading: float = LEADING) -> float:
        return size * MM_PER_POINT * leading

    def _keep(self, height: float) -> None:
        """Begin a page if this does not fit on what is left; what fits on none begins anyway."""
        if height > self.left and self._pdf.get_y() > self._pdf.t_margin:
            self.new_page()

    def _height(self, text: str, width: float) -> float:
        self._pdf.set_font(FAMILY, "", self.size)
        height = self._pdf.multi_cell(
            width, self._line(self.size), printable(text), dry_run=True, output="HEIGHT"
        )
        assert isinstance(height, int | float)
        return float(height)

    def _write(
        self,
        text: str,
        size: float,
        style: Literal["", "B"],
        *,
        align: Align = "left",
        leading: float = LEADING,
        indent: float = 0.0,
    ) -> None:
        self._pdf.set_font(FAMILY, style, size)
        self._pdf.set_x(self._pdf.l_margin + indent)
        self._pdf.multi_cell(
            self.width - indent,
            self._line(size, leading),
            printable(text),
            align=_ALIGN[align],
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )


class _Pages(FPDF):
    """fpdf2's pages, with our foot."""

    def __init__(self, words: str, numbered: bool, paper: Literal["A4", "A3"] = "A4") -> None:
        super().__init__(format=paper, unit="mm")
        self.words = words
        self.numbered = numbered

    def add_typeface(self) -> None:
        """Give the pages their fonts out of memory: fpdf2 would hold a file open for each sheet
        until it is forgotten, finished or not."""
        for style, path in typeface().items():
            self.add_font(FAMILY, style, path)
            font = self.fonts[f"{FAMILY.lower()}{style}"]
            assert isinstance(font, TTFFont)
            font.ttfont.reader.file.close()
            font.ttfont.reader.file = io.BytesIO(bytes_of(path))

    def footer(self) -> None:
        number = f"{self.page_no()} / {{nb}}" if self.numbered else ""
        if not (self.words or number):
            return
        self.set_y(-14)
        self.set_font(FAMILY, "", 10)
        self.cell(self.epw * 0.8, 5, self.words)
        self.cell(self.epw * 0.2, 5, number, align="R")


def _runs(line: Sequence[int]) -> list[tuple[int, int]]:
    """(where, how long) each run of dark squares is."""
    runs: list[tuple[int, int]] = []
    for place, dark in enumerate(line):
        if not dark:
            continue
        if runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((place, 1))
    return runs
