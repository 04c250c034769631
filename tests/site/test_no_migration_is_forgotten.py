"""What the models say is what the migrations make, and `./doorstep check` asks for it."""

import subprocess
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest
from django.core.management import call_command

from doorstep.apps.rounds.models import Round

ROOT = Path(__file__).parents[2]


@pytest.fixture
def door() -> ModuleType:
    """The front door, loaded like a module."""
    loader = SourceFileLoader("front_door", str(ROOT / "doorstep"))
    spec = spec_from_loader("front_door", loader)
    assert spec is not None
    found = module_from_spec(spec)
    loader.exec_module(found)
    return found


@pytest.mark.django_db
def test_a_field_that_no_migration_made_is_found(monkeypatch, capsys):
    asked = {"check": True, "dry_run": True}
    call_command("makemigrations", **asked)
    monkeypatch.setattr(Round._meta.get_field("slug"), "max_length", 7)
    with pytest.raises(SystemExit) as ended:
        call_command("makemigrations", **asked)
    assert ended.value.code == 1
    assert "Alter field slug on round" in capsys.readouterr().out


def test_the_check_of_developers_asks_for_it_beside_no_data_of_theirs(door, monkeypatch):
    asked = []

    def run(command, *, cwd, env=None):
        asked.append((command, env))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(door.subprocess, "run", run)
    monkeypatch.setenv("DOORSTEP_DATABASE_URL", "postgresql://theirs")
    door.check()
    command, env = asked[-1]
    assert command[-3:] == ["makemigrations", "--check", "--dry-run"]
    assert [name for name in env if name.startswith("DOORSTEP_")] == ["DOORSTEP_DATA"]
