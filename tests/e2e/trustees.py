"""Three trustees, each on their own device; two of them open the box."""

from tests.e2e.people import SECRETARY, TRUSTEES
from tests.e2e.season import Season
from tests.e2e.windows import done, opened, press, wait_until


def make_keys(season: Season, round_: str) -> None:
    """Each trustee on their own device; one of them makes the key of the round."""
    for email in TRUSTEES:
        window = season.signed_in(email, scripts=True)
        window.open(f"{round_}trustee/")
        if window.page.locator("#authenticator_secret").count():
            season.set_up_the_app(window, email)  # a neighbour, whose role asked for none before
        done(window, "Make my key")
    first, *others = (season.windows[email] for email in TRUSTEES)
    first.open(f"{round_}trustee/")
    done(first, "Make the round’s key")
    first.picture("season-trustee")
    for window in (first, *others):
        window.open(f"{round_}trustee/")
        if window.page.get_by_role("button", name="Try my key").count():
            done(window, "Try my key")


def open_the_box(season: Season, round_: str) -> None:
    """Two of the three trustees, each on the device that has their key."""
    first, second = list(TRUSTEES)[:2]
    for email in (first, second):
        window = season.signed_in(email, scripts=True)
        window.open(f"{round_}trustee/")
        done(window, "Hand on my half")
    for email in (first, second):
        window = season.windows[email]
        window.open(f"{round_}trustee/")
        done(window, "Open the box")
    window = season.signed_in(SECRETARY)
    window.open(f"{round_}box/")
    window.picture("season-box")
    press(window, "Put the ballots together")
    press(window, "Seal: destroy the links")
    window.open(f"{round_}close/")
    press(window, "Close and count")
    wait_until(lambda: "Funded" in opened(window, round_), "the count")
    window.picture("season-result")
