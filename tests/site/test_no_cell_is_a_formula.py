"""Every CSV is written through one helper, and nothing in it starts a formula."""

import ast
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.apps.ledger.export import safe
from tests.site.marked import PACKAGE

# Who writes rows without the helper, and why no spreadsheet runs them.
OTHERWISE = {
    "apps/awards/bankfile.py": "the bank's own letters: each cell is cut to A-Z, 0-9 and a space",
    "apps/voting/box.py": "numbers of trackers and codes of ideas, for programs (Pabulib)",
    "engine/count/publish.py": "ballot files for programs (Pabulib), read again as they were",
}
BEGINS = "=+-@＝＋－＠\t\r\n\0"


def test_every_csv_is_written_through_the_helper():
    forgotten = []
    for path in PACKAGE.rglob("*.py"):
        names = {
            node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)
        }
        relative = str(path.relative_to(PACKAGE))
        if {"writerow", "writerows", "DictWriter"} & names and "safe" not in names:
            forgotten.append(relative)
    assert set(forgotten) == set(OTHERWISE), (
        "Pass each cell through safe() of doorstep/apps/ledger/export.py, or say in OTHERWISE why "
        "no spreadsheet takes it for a formula."
    )


@pytest.mark.parametrize("sign", BEGINS)
@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\ufeff", "  ", "\x0c", "\x1b"])
def test_a_sign_that_begins_a_formula_is_made_text(sign, before):
    assert safe(f"{before}{sign}1+1").startswith("'")


@pytest.mark.parametrize("plain", ["St Anne’s = ours", "5-a-side", "a@b.example", "", "12", "’"])
def test_other_cells_stay_as_they_are(plain):
    assert safe(plain) == plain


@given(st.lists(st.text(max_size=30), min_size=1, max_size=6))
def test_whatever_stands_in_a_cell_the_row_is_read_back_whole(cells):
    cells = [cell.replace("\0", "") for cell in cells]
    out = io.StringIO(newline="")
    csv.writer(out).writerow(safe(cell) for cell in cells)
    [row] = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert [cell.removeprefix("'") for cell in row] == [cell.removeprefix("'") for cell in cells]
    assert not any(cell and cell.strip()[:1] in "=+-@＝＋－＠" for cell in row if cell.strip())
