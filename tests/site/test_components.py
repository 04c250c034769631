"""Money, days and numbers are written as people write them, and pictures never lie."""

from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Template
from django.utils import translation

from doorstep.apps.files.models import StoredFile
from doorstep.site.components import pictures, tables
from doorstep.site.components.photos import TALLEST, WIDEST, photo
from doorstep.site.words import counted, day, moment, money


@pytest.mark.parametrize(
    ("pence", "written"),
    [
        (0, "£0"),
        (5, "£0.05"),
        (180000, "£1,800"),
        (180050, "£1,800.50"),
        (-500, "−£5"),
        (10**15, "£10,000,000,000,000"),
    ],
)
def test_money_is_written_in_pounds(pence, written):
    assert money(pence) == written


@pytest.mark.parametrize("wrong", [1.0, "100", None, True, 10.5])
def test_money_that_is_not_whole_pence_is_refused(wrong):
    with pytest.raises(TypeError, match="whole pence"):
        money(wrong)


def test_days_are_london_days():
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert day(late) == "1 July 2026"
    assert moment(late) == "1 July 2026 at 12:30am"
    assert moment(datetime(2026, 11, 22, 12, 0, tzinfo=UTC)) == "22 November 2026 at midday"
    with translation.override("cy"):
        assert day(date(2026, 11, 22)) == "22 Tachwedd 2026"


def test_one_person_two_people():
    assert counted(1, "people") == "1 person"
    assert counted(1412, "people") == "1,412 people"


def drawn(html: str) -> ElementTree.Element:
    return ElementTree.fromstring(f"<div>{html}</div>".replace(' loading="lazy">', " />"))


def test_the_money_picture_says_the_same_in_its_table():
    html = pictures.money_picture(1_000_00, 200_00, 300_00, 500_00)
    figure = drawn(html)
    widths = [int(r.get("width")) for r in figure.findall(".//svg[@class='bar']/rect")]
    assert widths == [10000, 3000, 2000, 5000]
    for amount in ("£1,000", "£200", "£300", "£500"):
        assert f'<td class="number">{amount}</td>' in html


def test_a_picture_whose_parts_do_not_add_up_is_refused():
    with pytest.raises(ValueError, match="do not add up"):
        pictures.money_picture(1_000_00, 200_00, 300_00, 499_99)


def test_a_place_with_no_money_still_has_a_picture():
    assert "£0" in pictures.money_picture(0, 0, 0, 0)


def test_bars_are_in_proportion_and_names_are_escaped():
    html = pictures.bar_chart("Sources", "Source", [("A <b>", 200_00), ("B", 50_00)])
    assert "A &lt;b&gt;" in html
    bars = drawn(html).findall(".//tbody//svg/rect")
    assert [int(b.get("width")) for b in bars] == [10000, 2500]


STREAMS = [
    ("Dormant bank accounts", "Kept for owners", 40_000_00),
    ("Dormant bank accounts", "The pot", 60_000_00),
    ("Match", "The pot", 30_000_00),
    ("The pot", "Millbrook East", 50_000_00),
    ("The pot", "Left in the pot", 40_000_00),
]


def test_the_flow_is_drawn_without_text_that_shrinks_and_said_in_a_table():
    html = pictures.flow_picture(STREAMS)
    figure = drawn(html)
    assert len(figure.findall(".//path")) == 2 * len(STREAMS)
    rows = figure.findall(".//tbody/tr")
    assert len(rows) == len(STREAMS)
    ids = [e.get("id") for e in figure.iter() if e.get("id")]
    assert len(ids) == len(set(ids))


def test_a_flow_never_leaves_its_frame():
    for svg in drawn(pictures.flow_picture(STREAMS)).findall(".//svg"):
        _x, _y, width, height = map(int, svg.get("viewBox").split())
        for post in svg.findall("rect"):
            assert 0 <= int(post.get("x")) <= width - int(post.get("width"))
            assert int(post.get("y")) >= 0
            assert int(post.get("y")) + int(post.get("height")) <= height


def test_money_that_runs_in_a_circle_is_refused():
    with pytest.raises(ValueError, match="circle"):
        pictures.flow_picture([("a", "b", 1), ("b", "a", 1)])


@pytest.mark.parametrize("size", [(2400, 1800), (700, 2400), (320, 200), (2400, 3)])
def test_a_photo_has_its_place_before_it_comes_and_never_fills_the_page(size):
    html = photo(StoredFile(width=size[0], height=size[1]), "/files/x/", "A <receipt>")
    width, height = (int(drawn(html).find("img").get(side)) for side in ("width", "height"))
    assert width <= WIDEST
    assert height <= TALLEST
    assert abs(width * size[1] - height * size[0]) <= max(size)  # in its own proportions
    assert "A &lt;receipt&gt;" in html


def test_a_table_keeps_its_roles_when_it_becomes_cards():
    html = tables.data_table("Entries", ["When", ("Amount", "number")], [["Monday", "<£5>"]])
    table = drawn(html).find("table")
    assert table.get("role") == "table"
    assert 'data-label="Amount"' in html
    assert "&lt;£5&gt;" in html


def test_an_empty_table_says_so():
    assert "Nobody yet" in tables.data_table("x", ["a"], [], nothing="Nobody yet")


def test_a_state_has_a_known_tone():
    with pytest.raises(ValueError, match="not a tone"):
        tables.state_tag("Open", "purple")


def test_the_pager_keeps_the_rest_of_the_address():
    page = Paginator(range(30), 10).page(2)
    html = tables.pager(page, QueryDict("kind=award&page=2"))
    assert 'href="?kind=award&amp;page=1"' in html
    assert 'href="?kind=award&amp;page=3"' in html
    assert tables.pager(Paginator(range(3), 10).page(1)) == ""


def test_templates_reach_every_part():
    text = (
        "{% load doorstep %}{{ n|money }} {{ d|day }} {{ k|counted:'votes' }}"
        "{% state_tag 'Open' 'good' %}{% bar_chart 'c' 'w' rows %}{% money_picture n 0 0 n %}"
    )
    context = Context({"n": 100, "d": date(2026, 1, 2), "k": 2, "rows": [("a", 1)]})
    html = Template(text).render(context)
    assert html.startswith("£1 2 January 2026 2 votes<strong")
