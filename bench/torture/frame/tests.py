"""Tests that a run repeats in a larger size, or counts: pytest in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

from bench.torture import Options

ROOT = Path(__file__).resolve().parents[3]


def repeated(options: Options, *files: str, **environment: str) -> tuple[int, list[str]]:
    """(how many passed, names of those that did not), on the run's database."""
    told = options.folder / "junit.xml"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", f"--junitxml={told}", *files],
        cwd=ROOT, capture_output=True, text=True,
        env=os.environ | {"DOORSTEP_DATABASE_URL": options.server} | environment,
    )  # fmt: skip
    if not told.exists():
        raise RuntimeError(done.stdout[-2_000:] + done.stderr[-2_000:])
    cases = list(ElementTree.parse(told).iter("testcase"))
    bad = [
        f"{case.get('classname')}.{case.get('name')}"
        for case in cases
        if case.find("failure") is not None or case.find("error") is not None
    ]
    if bad:
        print(done.stdout[-4_000:])
    passed = [case for case in cases if case.find("skipped") is None]
    return len(passed) - len(bad), bad


def matching(*patterns: str) -> list[str]:
    """Test files by patterns below tests/, as paths from the top of the tree."""
    found = {path for each in patterns for path in (ROOT / "tests").glob(each)}
    return sorted(str(path.relative_to(ROOT)) for path in found)
