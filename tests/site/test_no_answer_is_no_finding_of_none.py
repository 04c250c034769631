"""Libraries are asked about, and an advisory service that is silent is never told as no finding."""

import json
import subprocess
from pathlib import Path

import pytest

from bench import audit
from bench.torture import Figure, libraries
from bench.torture.frame import page

ROOT = Path(__file__).resolve().parents[2]
SILENT = "Dependency could not be audited"


def told(monkeypatch, *, weak: str = "", silent: int = 0, broken: bool = False) -> None:
    """The advisories know of one weakness, or say nothing of the last few libraries, or of any."""
    names = audit._locked()
    rows = [{"name": name, "version": "1", "vulns": []} for name in names]
    for place, name in enumerate(names):
        if name == weak:
            rows[place]["vulns"] = [{"id": "PYSEC-1"}]
        if place >= len(names) - silent:
            rows[place] = {"name": name, "skip_reason": SILENT}
    output = "" if broken else json.dumps({"dependencies": rows, "fixes": []})
    done = subprocess.CompletedProcess([], 1 if weak or broken else 0, output, "no network")
    monkeypatch.setattr(audit, "_run", lambda command: done)


def test_every_library_of_the_lock_is_asked_about(monkeypatch) -> None:
    assert {"django", "waitress", "cryptography"} <= set(audit._locked())
    told(monkeypatch)
    assert str(audit.ask_advisories()).endswith("libraries, 0 with a known weakness")
    assert audit.main([]) == 0


@pytest.mark.parametrize("how", [{"silent": 1}, {"silent": 999}, {"broken": True}])
def test_silence_fails_unless_it_is_said_to_be_fine(monkeypatch, capsys, how) -> None:
    told(monkeypatch, **how)
    assert not audit.ask_advisories().was_asked
    assert audit.main([]) == 1
    assert "not asked: no answer from the advisories" in capsys.readouterr().err
    assert audit.main(["--unanswered-is-fine"]) == 0
    said = capsys.readouterr().err
    assert "nothing was ruled out" in said
    assert how == {"silent": 1} or "0 with a known weakness" not in said


def test_a_weakness_fails_whatever_else_is_silent(monkeypatch, capsys) -> None:
    told(monkeypatch, weak=audit._locked()[0], silent=1)
    assert audit.main(["--unanswered-is-fine"]) == 1
    assert "PYSEC-1" in capsys.readouterr().err


def test_the_run_tells_what_was_not_asked_as_neither_held_nor_failed(monkeypatch) -> None:
    monkeypatch.setattr(libraries, "ask_bandit", lambda: (5, []))
    for how, held in (({}, True), ({"silent": 999}, None), ({"weak": audit._locked()[0]}, False)):
        told(monkeypatch, **how)
        ours, theirs = libraries.main(None)
        assert ours == Figure("T27", "our own code", "5 lines read by bandit; findings 0", True)
        assert theirs.held is held
    row = {
        "number": "T27", "what": "libraries", "figure": "no answer", "database": "", "held": None,
        "run": "libraries", "size": "full", "seed": 1, "on": "2026-11-29",
    }  # fmt: skip
    assert page._sentence(row).startswith("**not asked:** libraries")


def test_bandit_that_read_nothing_has_not_answered(monkeypatch) -> None:
    told(monkeypatch, broken=True)
    with pytest.raises(RuntimeError, match="no network"):
        audit.ask_bandit()


def test_what_must_be_green_asks_too() -> None:
    assert "./doorstep audit --unanswered-is-fine" in (ROOT / ".ci" / "run").read_text()
