"""Votes: on a phone without JavaScript, and the answers to codes that open no ballot."""

import re

from tests.e2e.ideas import SWING
from tests.e2e.season import Season
from tests.e2e.windows import press, words


def vote(season: Season, who: str, code: str, *ideas: str) -> str:
    """On a phone, without JavaScript. Returns the tracker of the receipt."""
    window = season.phone(who)
    page = window.page
    window.open("/vote/")
    page.get_by_label("Your code").fill(code)
    press(window, "Open my ballot")
    for idea in ideas:
        page.get_by_role("button", name=re.compile(re.escape(idea))).click()
        window.look()
    assert "Your vote counts" in words(window)
    window.picture(f"season-ballot-{who}")
    page.get_by_role("link", name="Receipt").click()
    window.look()
    window.picture(f"season-receipt-{who}")
    tracker = page.locator(".code-big").inner_text()
    press(window, "I am done: forget me on this phone")
    return tracker


def refused(season: Season, who: str, code: str) -> str:
    """What a phone says of a code that does not open a ballot."""
    window = season.phone(who)
    window.open("/vote/")
    window.expected |= {422, 409, 403, 410}
    window.page.get_by_label("Your code").fill(code)
    window.page.get_by_role("button", name="Open my ballot").click()
    window.look()
    return window.page.get_by_role("alert").inner_text()


def look_up_the_share(season: Season, round_: str, tracker: str) -> None:
    window = season.phone("Ada")
    window.open(f"{round_}share/")
    window.page.get_by_role("textbox").fill(tracker)
    press(window, "Find it")
    assert SWING in words(window)
    assert "What your share paid for" in words(window)
    window.picture("season-share")
