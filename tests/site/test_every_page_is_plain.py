"""The strict reader of pages really notices each fault it is there for."""

import pytest
from django.http import HttpResponse

from tests.pages import Page, faults

GOOD = (
    '<!doctype html><html lang="en-GB"><head><title>A – Doorstep</title></head>'
    "<body><main><h1>A</h1>{}</main></body></html>"
)


def read(inside: str, frame: str = GOOD) -> list[str]:
    return faults(Page(HttpResponse(frame.format(inside)), "/"))


def test_a_good_page_has_no_faults():
    assert read("<p>Words.</p>") == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("<h1>B</h1>", "2 h1"),
        ("<h3>B</h3>", "jumps from h1 to h3"),
        ("<p></div>", "not HTML5"),
        ('<p id="a"></p><p id="a"></p>', "2 times"),
        ('<p aria-describedby="b"></p>', "names nothing"),
        ('<input name="email">', "no label"),
        ('<p style="color:red">x</p>', "style attribute"),
        ("<style>p{{}}</style>", "style element"),
        ("<script>go()</script>", "inline script"),
        ('<button onclick="go()">x</button>', "onclick"),
        ('<img src="/a.png">', "without alt"),
        ('<img alt="" src="https://example.org/a.png">', "third party"),
        ('<a href="/no-such-page/">x</a>', "no such address"),
        ('<a href="#b">x</a>', "leads nowhere"),
        ('<form method="post" action="/x/"></form>', "csrf_token"),
        ("<table><tr><td>1</td></tr></table>", "caption"),
        ("<table><caption>c</caption><tr><th>1</th></tr></table>", "scope"),
        ("<p>None</p>", "not rendered"),
        ("<svg></svg>", "svg without a title"),
        ('<a href="/"></a>', "without words"),
    ],
)
def test_a_fault_is_noticed(fault, said):
    assert any(said in line for line in read(fault)), read(fault)


def test_a_page_without_title_or_language_is_noticed():
    bare = "<!doctype html><html><head></head><body><main><h1>A</h1>{}</main></body></html>"
    found = read("", bare)
    assert any("title" in line for line in found)
    assert any("language" in line for line in found)
