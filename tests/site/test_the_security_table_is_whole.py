"""docs/security.md goes through the whole of OWASP ASVS 5.0, level 2. Every test that it names is a
test function that pytest collects, and every document that it names has that heading."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from doorstep.site.limiting import LIMITS, Elsewhere

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \| ([^|]*) \|$", re.MULTILINE)
TEXT = (ROOT / "docs" / "security.md").read_text()
ROWS = ROW.findall(TEXT)
HOW = {"kept", "written", "by design", "does not apply", "operator"}
# The numbers of levels 1 and 2 (253), and eight of level 3, as the standard's own table of
# version 5.0.0 has them: section, then its requirements.
ASKED = """
    1.1:1,2 1.2:1,2,3,4,5,6,7,8,9,10 1.3:1,2,3,4,5,6,7,8,9,10,11 1.4:1,2,3 1.5:1,2 2.1:1,2,3
    2.2:1,2,3 2.3:1,2,3,4,5 2.4:1 3.2:1,2 3.3:1,2,3,4 3.4:1,2,3,4,5,6 3.5:1,2,3,4,5 3.7:1,2
    4.1:1,2,3 4.2:1 4.3:1,2 4.4:1,2,3,4 5.1:1 5.2:1,2,3,6 5.3:1,2 5.4:1,2,3 6.1:1,2,3
    6.2:1,2,3,4,5,6,7,8,9,10,11,12 6.3:1,2,3,4,7 6.4:1,2,3,4 6.5:1,2,3,4,5 6.6:1,2,3
    6.8:1,2,3,4 7.1:1,2,3 7.2:1,2,3,4 7.3:1,2 7.4:1,2,3,4,5 7.5:1,2,3 7.6:1,2 8.1:1,2
    8.2:1,2,3 8.3:1 8.4:1 9.1:1,2,3 9.2:1,2,3,4 10.1:1,2 10.2:1,2 10.3:1,2,3,4
    10.4:1,2,3,4,5,6,7,8,9,10,11 10.5:1,2,3,4,5 10.6:1,2 10.7:1,2,3 11.1:1,2 11.2:1,2,3
    11.3:1,2,3 11.4:1,2,3,4 11.5:1 11.6:1 12.1:1,2,3 12.2:1,2 12.3:1,2,3,4 13.1:1
    13.2:1,2,3,4,5 13.3:1,2 13.4:1,2,3,4,5 14.1:1,2 14.2:1,2,3,4,7,8 14.3:1,2,3 15.1:1,2,3
    15.2:1,2,3 15.3:1,2,3,4,5,6,7 15.4:2 16.1:1 16.2:1,2,3,4,5 16.3:1,2,3,4 16.4:1,2,3
    16.5:1,2,3 17.1:1 17.2:1,2,3,4 17.3:1,2
"""
LEVELS = {
    f"{section}.{number}"
    for section, _colon, numbers in (part.partition(":") for part in ASKED.split())
    for number in numbers.split(",")
}


def test_every_number_stands_in_the_table_once():
    stands = Counter(number for number, *_ in ROWS)
    assert set(stands) == LEVELS
    assert len(LEVELS) == 253 + 8
    assert set(stands.values()) == {1}


@cache
def collected(path: str) -> frozenset[str]:
    """The tests of a file, as pytest collects them: functions of the module that begin so."""
    tree = ast.parse((ROOT / path).read_text())
    return frozenset(
        one.name
        for one in tree.body
        if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")
    )


def anchors(path: str) -> set[str]:
    """What the headings of a document are linked by."""
    headings = re.findall(r"^#+ (.+)$", (ROOT / path).read_text(), re.MULTILINE)
    return {re.sub(r"[^a-z0-9 -]", "", one.lower()).replace(" ", "-") for one in headings}


@pytest.mark.parametrize(("number", "words", "how", "by"), ROWS, ids=[row[0] for row in ROWS])
def test_a_row_says_how_and_by_what(number, words, how, by):
    assert how.strip() in HOW, f"{number}: write one of {', '.join(sorted(HOW))}"
    tests = re.findall(r"`(tests/[^`]+)`", by)
    if how.strip() == "kept":
        assert tests, f"{number}: name the test that keeps it, as `tests/…/test_x.py::test_y`"
    elif how.strip() == "written":
        assert "](" in by, f"{number}: lead to the document that says it"
    else:
        assert len(by.strip()) > 3, f"{number}: say why"
    for name in tests:
        path, _colons, promise = name.partition("::")
        assert (ROOT / path).is_file(), f"{number} names {path}, which is gone"
        assert promise in collected(path), f"{number} names {name}, which pytest does not collect"
    for path, anchor in re.findall(r"\]\(([\w./-]*)#?([\w-]*)\)", by):
        document = f"docs/{path or 'security.md'}"
        assert (ROOT / document).is_file(), f"{number} names {document}, which is gone"
        assert not anchor or anchor in anchors(document), f"{number}: {document} has no #{anchor}"


def test_a_row_that_names_no_collected_test_is_noticed():
    here = "tests/site/test_the_security_table_is_whole.py"
    for wrong in (
        f"`{here}`",
        f"`{here}::test_gone`",
        f"`{here}::collected`",
        "`tests/gone.py::x`",
    ):
        with pytest.raises(AssertionError):
            test_a_row_says_how_and_by_what("0.0.0", "", "kept", wrong)
    with pytest.raises(AssertionError):
        test_a_row_says_how_and_by_what("0.0.0", "", "written", "[x](#no-such-heading)")


def test_what_is_limited_is_written_down():
    said = TEXT.partition("## How often something may be sent")[2].partition("\n## ")[0]
    rules = {
        one.rule
        for held in LIMITS.values()
        for one in ([held] if isinstance(held, Elsewhere) else held)
    }
    assert rules | {"limit.api"} <= set(re.findall(r"`([a-z_]+\.[a-z_]+)`", said))
