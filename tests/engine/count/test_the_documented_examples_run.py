"""What the documentation shows of the library is what the library does."""

import doctest
import inspect
from pathlib import Path

import pytest

from doorstep.engine import count

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _from_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_the_first_example_of_the_library() -> None:
    found = doctest.testmod(count)
    assert (found.failed, found.attempted) == (0, 4)


def test_the_examples_of_the_page() -> None:
    found = doctest.testfile(str(ROOT / "docs" / "count.md"), module_relative=False)
    assert found.failed == 0
    assert found.attempted >= 6


def test_every_public_name_function_and_class_has_a_docstring() -> None:
    for name in count.__all__:
        public = getattr(count, name)
        if inspect.isclass(public) or inspect.isfunction(public):
            assert public.__doc__, name


def test_types_are_shipped() -> None:
    assert (ROOT / "src" / "doorstep" / "py.typed").exists()
    assert '"py.typed"' in (ROOT / "pyproject.toml").read_text()
