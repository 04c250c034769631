"""Posters and leaflets: one page, whatever the number of ideas, with every word it should have."""

import io

import pypdfium2
import pytest
from django.utils import translation
from pypdf import PdfReader

from doorstep.site.printed.leaflet import leaflet
from doorstep.site.printed.poster import Told, poster

SHORT = "Bench {}"
LONG = "A share in a community minibus for the hospital, the shops and the coast, year {}"
A4, A3 = (595, 842), (842, 1191)


def told(ideas: int, name: str = LONG, *, later: int = 0, title: str = "") -> Told:
    return Told(
        language="en-gb",
        place="Millbrook East",
        title=title or "What shall we do with £60,000?",
        lead="742 people voted, and decided what £59,900 of £60,000 pays for.",
        heading="Funded",
        ideas=[(name.format(n), 180_000 + n) for n in range(ideas)],
        facts=["742 people voted. 7,240 people of every age lived there in 2024 (made up)."],
        ask="See every idea, and count it again yourself:",
        address="https://doorstep.example/rounds/millbrook-east-2026/",
        later=[LONG.format(f"L{n}") for n in range(later)],
        later_ways="Anybody may propose it again when the next round takes ideas.",
        how="Everybody who voted had an equal share of the pot.",
    )


def read(pdf: bytes) -> tuple[PdfReader, str]:
    pages = PdfReader(io.BytesIO(pdf))
    return pages, " ".join(" ".join(page.extract_text() for page in pages.pages).split())


def inside_the_page(pdf: bytes) -> bool:
    """Whether every letter stands between the margins of its page."""
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            width, height = page.get_size()
            text = page.get_textpage()
            for place in range(text.count_chars()):
                left, bottom, right, top = text.get_charbox(place)
                if not (30 <= left <= right <= width - 30 and 25 <= bottom <= top <= height - 25):
                    return False
    return True


@pytest.mark.parametrize("paper", ["A4", "A3"])
@pytest.mark.parametrize("ideas", [0, 1, 2, 5, 12, 18, 24, 30])
def test_a_poster_is_one_page_with_every_idea_on_it(ideas, paper):
    pdf = poster(told(ideas), paper)
    pages, text = read(pdf)
    assert len(pages.pages) == 1
    size = pages.pages[0].mediabox
    assert (round(size.width), round(size.height)) == (A4 if paper == "A4" else A3)
    for number in range(ideas):
        assert LONG.format(number) in text
        assert f"£1,800.{number:02}" in text or number == 0
    for words in ("Millbrook East", "£60,000?", "742 people voted.", "doorstep.example"):
        assert words in text
    assert inside_the_page(pdf)


@pytest.mark.parametrize("ideas", [1, 12, 18, 30])
def test_a_leaflet_is_one_sheet_with_every_idea_on_it(ideas):
    pdf = leaflet(told(ideas, later=30 - ideas))
    pages, text = read(pdf)
    assert len(pages.pages) <= 2
    for number in range(ideas):
        assert LONG.format(number) in text
    for number in range(30 - ideas):
        assert LONG.format(f"L{number}") in text
    assert "equal share of the pot" in text
    assert inside_the_page(pdf)


def test_what_one_page_cannot_hold_is_counted_on_it():
    endless = "An idea with a very long name " * 6 + "{}"
    pdf = poster(told(30, endless))
    pages, text = read(pdf)
    assert len(pages.pages) == 1
    left_out = 30 - sum(endless.format(n).strip() in text for n in range(30))
    assert left_out
    assert f"and {left_out} ideas more" in text


def test_a_short_poster_is_written_large():
    few, many = poster(told(1, SHORT)), poster(told(30, SHORT))

    def tallest(pdf: bytes) -> float:
        with pypdfium2.PdfDocument(pdf) as document:
            text = document[0].get_textpage()
            boxes = [text.get_charbox(place) for place in range(text.count_chars())]
        return max(top - bottom for _left, bottom, _right, top in boxes)

    assert tallest(few) > tallest(many)


def test_little_pictures_in_a_name_are_left_out():
    _pages, text = read(poster(told(1, "Party on the green 🎉 {}")))
    assert "Party on the green 0" in text


def test_the_foot_is_in_the_language_of_the_sheet():
    with translation.override("cy"):
        _pages, text = read(poster(told(30, "An idea with a very long name " * 6 + "{}")))
    assert "more" not in text.split("–")[-1]
