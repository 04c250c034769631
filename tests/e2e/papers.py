"""Ballots on paper: a code spent for one, and each of them keyed twice."""

import re

from tests.e2e.people import SECRETARY, WORKER
from tests.e2e.season import Season
from tests.e2e.windows import press, words


def trackers_in(paper: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"\b(?:[a-z]+[ -]){4}\d{2}\b", paper)))


def vote_on_paper(season: Season, round_: str, code: str) -> None:
    window = season.signed_in(WORKER)
    window.open(f"{round_}desk/paper/")
    window.page.get_by_label("The whole code").fill(code)
    press(window, "Spend it on paper")
    assert "Give its holder one ballot paper" in window.page.inner_text("body")


def refused_at_the_desk(season: Season, round_: str, code: str) -> str:
    """Somebody asks for a second paper with the same code."""
    window = season.signed_in(WORKER)
    window.open(f"{round_}desk/paper/")
    window.expected |= {409, 422}
    window.page.get_by_label("The whole code").fill(code)
    window.page.get_by_role("button", name="Spend it on paper").click()
    window.look()
    return words(window)


def key_papers(season: Season, round_: str, tracker: str) -> None:
    for email in (WORKER, SECRETARY):
        window = season.signed_in(email)
        window.open(f"{round_}papers/1/")
        window.page.get_by_label("Number of the paper").fill("1")
        window.page.get_by_label("Ideas", exact=False).first.fill("1 2")
        window.page.get_by_label("Tracker").fill(tracker)
        press(window, "Keep and go to the next")
    for email in (WORKER, SECRETARY):
        window = season.windows[email]
        window.open(f"{round_}papers/1/")
        window.page.get_by_label("How many papers of this stack came back").fill("1")
        press(window, "I counted this many")
    window.picture("season-papers-keyed")
