"""Sheets: every letter of Welsh, pages that break, squares that a camera reads, no letter lost."""

import io
import re

import fontpkg
import pypdfium2
import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from doorstep.apps.printing import LARGE, NORMAL, Sheet
from doorstep.apps.refused import Refused
from doorstep.apps.typeface import missing_letters, printable
from tests.apps.files.making import photo

WELSH = "ŵ ŷ Ŵ Ŷ â ê î ô û ẁ ẃ ẅ ỳ ý ÿ"


def read(sheet: Sheet) -> PdfReader:
    return PdfReader(io.BytesIO(sheet.bytes()))


def words(sheet: Sheet) -> str:
    return "\n".join(page.extract_text() for page in read(sheet).pages)


def test_welsh_letters_are_printed_in_every_part():
    sheet = Sheet("cy", f"Teitl {WELSH}", footer=WELSH)
    sheet.heading(WELSH)
    sheet.paragraph(WELSH, bold=True)
    sheet.small(WELSH)
    sheet.items([WELSH], numbered=True)
    sheet.boxes([WELSH])
    sheet.table([WELSH, "£"], [[WELSH, "£1,800"]], widths=[3, 1], numbers=[1])
    sheet.blanks([WELSH])
    document = read(sheet)
    assert words(sheet).count("ŵ ŷ Ŵ Ŷ") == 9
    assert document.trailer["/Root"]["/Lang"] == "cy"
    assert document.metadata.title == f"Teitl {WELSH}"
    box = document.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)


def test_fonts_are_in_the_file_so_that_any_printer_has_them():
    sheet = Sheet("en-gb", "Title")
    sheet.paragraph("Plain")
    sheet.paragraph("Bold", bold=True)
    fonts = read(sheet).pages[0]["/Resources"]["/Font"].values()
    assert all("OpenSans" in font.get_object()["/BaseFont"] for font in fonts)
    assert all("/FontFile2" in str(font.get_object()["/DescendantFonts"][0].get_object()
               ["/FontDescriptor"].get_object().keys()) for font in fonts)  # fmt: skip


@pytest.mark.parametrize("text", ["漢字", "A 🎉 party", "עברית".replace("ע", "𐤀"), "q\u20e3"])
def test_a_letter_that_the_typeface_lacks_is_refused_and_named(text):
    assert missing_letters(text)
    sheet = Sheet("en-gb", "Title")
    for write in (
        sheet.paragraph, sheet.heading, sheet.small, sheet.big,
        lambda t: sheet.items([t]), lambda t: sheet.boxes([t]),
        lambda t: sheet.table([t], []), lambda t: sheet.qr("https://x", caption=t),
        lambda t: sheet.address([t]), lambda t: sheet.blanks([t]), lambda t: Sheet("cy", t),
        lambda t: Sheet("cy", "x", footer=t),
    ):  # fmt: skip
        with pytest.raises(Refused, match="cannot be printed"):
            write(text)


@given(st.text(max_size=80))
def test_any_text_is_printed_whole_or_refused(text):
    try:
        kept = printable(text)
    except Refused:
        return
    assert not missing_letters(kept)
    assert printable(kept) == kept


@given(st.lists(st.text(alphabet="aŵ £—\n\t\u00a0\u200b\u0301w", max_size=300), max_size=6))
@settings(max_examples=25, deadline=None)
def test_any_printable_text_fits_on_pages(texts):
    try:
        sheet = Sheet("en-gb", "Title", large=True)
        for text in texts:
            sheet.heading(text)
            sheet.paragraph(text)
            sheet.items([text])
            sheet.boxes([text])
    except Refused:
        return
    assert read(sheet).pages


def test_letters_written_in_two_parts_are_joined():
    assert printable("w\u0302") == "ŵ"


def test_no_typeface_is_a_fault_and_not_an_empty_page(monkeypatch):
    def missing(*arguments, **options):
        raise fontpkg.FamilyNotInstalled("Open Sans")

    monkeypatch.setattr(fontpkg, "path", missing)
    with pytest.raises(ImproperlyConfigured, match="typeface Open Sans is missing"):
        Sheet("en-gb", "Title")


def test_large_print_is_larger():
    assert LARGE >= 16 > NORMAL >= 12
    plain, large = Sheet("en-gb", "T"), Sheet("en-gb", "T", large=True)
    for sheet in (plain, large):
        for _paragraph in range(14):
            sheet.paragraph("You have one code. " * 20)
    assert len(read(large).pages) > len(read(plain).pages)


def test_a_heading_never_stands_alone_at_the_foot():
    for filled in range(20, 40):
        sheet = Sheet("en-gb", "T", numbered=False)
        for _line in range(filled):
            sheet.paragraph("A line.")
        sheet.heading("The heading", 2)
        sheet.paragraph("What it speaks of.")
        [page] = [p for p in read(sheet).pages if "The heading" in p.extract_text()]
        assert "What it speaks of." in page.extract_text()


def test_a_box_and_its_words_stay_together():
    sheet = Sheet("en-gb", "T", numbered=False)
    sheet.boxes([f"Idea {number} begins " + "and goes on " * 20 + "ends" for number in range(30)])
    for page in read(sheet).pages:
        text = page.extract_text()
        assert text.count("begins") == text.count("ends")


def test_a_table_says_its_headings_on_every_page():
    sheet = Sheet("en-gb", "T", numbered=False)
    sheet.table(["Idea", "Cost"], [[f"Idea {n}", "£1"] for n in range(90)], numbers=[1])
    pages = read(sheet).pages
    assert len(pages) > 2
    assert all("Cost" in page.extract_text() for page in pages)


def test_a_row_that_fits_on_no_page_is_refused():
    with pytest.raises(Refused, match="does not fit"):
        Sheet("en-gb", "T").table(["Idea"], [["word " * 3000]])


@pytest.mark.parametrize("url", ["https://fund.example.org/v/ABCD-EFGH/", "https://x/" + "a" * 300])
def test_a_square_is_shapes_with_a_quiet_edge_and_says_the_address(url):
    import segno

    sheet = Sheet("en-gb", "T", numbered=False)
    sheet.qr(url, side=60)
    data = sheet.bytes()
    assert b"/Subtype /Image" not in data
    with pypdfium2.PdfDocument(data) as document:
        page = document[0]
        seen = page.render(scale=10).to_pil().convert("L")
        page.close()
    expected = [list(row) for row in segno.make(url, error="m", micro=False).matrix_iter(border=4)]
    dot = 10 * 72 / 25.4
    step = 60 * dot / len(expected)
    top = left = 20 * dot
    for down, row in enumerate(expected):
        for across, dark in enumerate(row):
            level = seen.getpixel(
                (int(left + (across + 0.5) * step), int(top + (down + 0.5) * step))
            )
            assert (level < 128) is bool(dark), (down, across)


def test_an_address_shows_in_the_window_of_an_envelope():
    sheet = Sheet("en-gb", "T", numbered=False)
    sheet.address(["Ann Hughes", "12 Mill Lane", "Millbrook MB1 2AB"])
    sheet.heading("Your code")
    with pypdfium2.PdfDocument(sheet.bytes()) as document:
        page = document[0]
        text = page.get_textpage()
        rects = [text.get_rect(n) for n in range(text.count_rects())]
        text.close()
        page.close()
    millimetres = 72 / 25.4
    tops = sorted((842 - top) / millimetres for _left, _bottom, _right, top in rects)
    assert 40 < tops[0] < tops[2] < 85
    assert tops[3] > 90, "the letter itself is behind the paper of the envelope"


def test_pictures_keep_their_shape():
    sheet = Sheet("en-gb", "T")
    sheet.picture(photo((300, 900)), height=50)
    assert re.search(rb"/Width 300", sheet.bytes())


def test_pages_are_numbered_unless_they_are_letters():
    for numbered in (True, False):
        sheet = Sheet("en-gb", "T", numbered=numbered)
        sheet.paragraph("x")
        sheet.new_page()
        assert ("2 / 2" in words(sheet)) is numbered
        assert sheet.pages == 2


def test_lines_to_write_on_and_rules_break_pages_too():
    sheet = Sheet("en-gb", "T", numbered=False)
    sheet.rule()
    sheet.blanks([f"Name {number}" for number in range(40)])
    assert [f"Name {number}" in words(sheet) for number in range(40)] == [True] * 40
    assert len(read(sheet).pages) > 1
