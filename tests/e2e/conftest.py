"""A real browser against a real demo: Debian's Chromium drives what `./doorstep demo` serves."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.people import BEGINS
from tests.e2e.season import Season
from tests.e2e.serving import Demo, free_port, serving

ARGUMENTS = [
    "--no-sandbox",  # CI runs as root, where Chromium's sandbox cannot
    "--disable-gpu",
    "--disable-background-networking",
    "--force-color-profile=srgb",
]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo that every visit but a season's shares."""
    with serving(tmp_path_factory.mktemp("demo"), free_port()) as running:
        yield running


@pytest.fixture(scope="session")
def bundle(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything public of the demo in a folder; copy it before spoiling it."""
    folder = tmp_path_factory.mktemp("bundle") / "bundle"
    demo.run("bundle", folder)
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium with a fresh profile. Skipped without one, unless it is required."""
    chromium = shutil.which("chromium")
    if chromium is None:
        reason = "no chromium: apt-get install --no-install-recommends chromium libatomic1"
        if os.environ.get("DOORSTEP_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def season(browser: Browser, tmp_path: Path) -> Iterator[Season]:
    """A neighbourhood with nothing decided, whose days pass as a test says."""
    walked = Season(browser, tmp_path, BEGINS)
    yield walked
    walked.close()
