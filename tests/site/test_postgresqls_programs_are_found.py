"""PostgreSQL's own programs are looked for in one way, by everything that makes a cluster."""

import shutil
from pathlib import Path

import pytest

from doorstep.site.upkeep import cluster
from doorstep.site.upkeep.cluster import programs_here


@pytest.fixture
def installed(tmp_path, monkeypatch) -> Path:
    """A machine on which a shell finds no PostgreSQL, and packages put three."""
    monkeypatch.setattr(
        cluster, "PACKAGED", (f"{tmp_path}/lib/{{}}/bin", f"{tmp_path}/pgsql-{{}}/bin")
    )
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    for folder in ("lib/9.6/bin", "lib/15/bin", "pgsql-16/bin"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "initdb").touch()
    (tmp_path / "lib/17/bin").mkdir(parents=True)  # its client alone
    return tmp_path


def test_a_version_is_found_wherever_its_package_put_it(installed):
    assert programs_here(15) == installed / "lib/15/bin"
    assert programs_here(16) == installed / "pgsql-16/bin"


def test_without_a_version_the_newest_by_number_is_found(installed):
    assert programs_here() == installed / "pgsql-16/bin"
    (installed / "pgsql-16/bin/initdb").unlink()
    assert programs_here() == installed / "lib/15/bin"


def test_what_a_shell_finds_is_taken_where_no_package_put_any(installed, monkeypatch):
    assert programs_here(14) is None
    monkeypatch.setattr(shutil, "which", lambda _name: str(installed / "lib/9.6/bin/initdb"))
    assert programs_here(14) == installed / "lib/9.6/bin"
