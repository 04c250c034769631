"""The report of a count in a real browser: no request, no scrolling sideways, nothing for axe."""

from fractions import Fraction
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from doorstep.engine.count import Project, Rule, count, election_of
from doorstep.engine.count.page import html_report
from tests.e2e.serving import SHOTS
from tests.e2e.visits import DESK, PHONE, RULES

LONG = "A place to sit, to wait and to talk, out of the rain, near the school and the bus stop"


def report(rule: Rule, ideas: int) -> str:
    projects = [
        Project(f"p{n}", f"{LONG if n % 3 == 0 else 'A bench'} {n}", Fraction(300 + 70 * (n % 9)))
        for n in range(ideas)
    ]
    votes = [[f"p{(n * 5 + k * k) % ideas}" for k in range(1 + n % 6)] for n in range(150)]
    election = election_of(
        name="round.pb", projects=projects, votes=votes, budget=6_000, meta={"currency": "GBP"}
    )
    return html_report(election, count(election, rule))


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(
    ("name", "rule", "ideas"),
    [
        ("shares", Rule(), 24),
        ("greedy", Rule(name="greedy"), 24),
        ("all-funded", Rule(), 8),
        ("many", Rule(completion="none"), 1_100),
    ],
)
def test_it_stands_alone(
    browser: Browser,
    tmp_path: Path,
    size: dict[str, int],
    name: str,
    rule: Rule,
    ideas: int,
) -> None:
    file = tmp_path / "report.html"
    file.write_text(report(rule, ideas), encoding="utf-8")
    context = browser.new_context(viewport=size)  # type: ignore[arg-type]
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(file.as_uri())
    wide = page.evaluate("document.documentElement.scrollWidth")
    found = Axe().run(page, options=RULES).response["violations"]
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"report-{name}-{size['width']}.png", full_page=ideas < 100)
    context.close()
    assert asked == [file.as_uri()]
    assert said == []
    assert wide <= size["width"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
