"""The page /verify/ checks in JavaScript what verify.py checks in Python, apart from it, and says
the same: right or wrong, and the same first thing. 1,000 records: `./doorstep torture agreement`.
"""

import shutil

import pytest

from tests.engine.seal.many import record
from tests.engine.seal.two_checkers import comparable, scripts, verdict_of_python

# Records on which the two differed once, by their number.
ONCE_DIFFERED = (
    923_643_895,  # half a surrogate pair in a certificate
    446_338_248,  # a list of objects where a certificate said a number
)


def test_they_say_the_same_of_good_and_bad_records(tmp_path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node here; tests/e2e asks the same of Chromium")
    kinds = set()
    with scripts(node, tmp_path) as page:
        for number in [*range(80), *ONCE_DIFFERED]:
            (tmp_path / f"{number}").mkdir()
            made = record(number, tmp_path / f"{number}")
            of_python = comparable(verdict_of_python(made, tmp_path / "seen.json"))
            assert comparable(page.verdict(made)) == of_python, made.done
            kinds.add(of_python["kind"])
    assert kinds == {"right", "wrong", "unreadable"}
