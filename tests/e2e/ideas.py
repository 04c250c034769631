"""Ideas, from a phone and from a café table, and their answers in public."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from tests.e2e.people import CHAIR, WORKER
from tests.e2e.season import Season
from tests.e2e.windows import press, wait_until, words

SWING = "Mend the swing at the bottom of Mill Lane"
PLANTERS = "Planters where the phone box was"
NEIGHBOUR = "neighbour@mill-lane.example"
COMES_BACK = "It can come back in the next round"
PARTY = "A street party in June"


def propose(season: Season, round_: str) -> None:
    """A resident on a phone, by an e-mailed code; the worker types two more in."""
    window = season.phone("Rosa’s neighbour")
    page = window.page
    window.open(f"{round_}propose/")
    page.get_by_label("Your idea in a few words").fill(SWING)
    page.get_by_label("What would happen, and for whom?").fill("New chains and a seat.")
    page.get_by_label("About how much might it cost").fill("900")
    page.get_by_label("Which street is it in?").fill("Mill Lane")
    page.get_by_label("lives here").check()
    page.get_by_label("I am 11 or older").check()
    page.get_by_label("Your e-mail address").fill(NEIGHBOUR)
    window.picture("season-propose")
    before = len(season.demo.letters())
    press(window, "Go on: we send you a code")
    letter = season.letter_after(before, NEIGHBOUR)
    page.get_by_label("code", exact=False).first.fill(six_digits(letter))
    window.picture("season-propose-code")
    page.locator("main form button").first.click()
    window.look()
    assert SWING in words(window)
    window.picture("season-idea")

    window = season.signed_in(WORKER)
    for title in (PLANTERS, PARTY):
        window.open(f"{round_}type-in/")
        window.page.get_by_label("idea in a few words").fill(title)
        window.page.get_by_label("What would happen, and for whom?").fill("As they told me.")
        window.page.get_by_label("lives here").check()
        for tick in window.page.locator("main input[type=checkbox]:not([name=tags])").all():
            tick.check()
        press(window, "Take it in")


def hear_what_happened(season: Season) -> None:
    """The morning's digest tells the author, and leads to the page that says the same."""

    def told() -> list[EmailMessage]:
        sent = (message_from_bytes(one.encode(), policy=default) for one in season.demo.letters())
        mine = (one for one in sent if one["To"] == NEIGHBOUR and one["List-Unsubscribe-Post"])
        return [one for one in mine if COMES_BACK in one.get_content()]

    wait_until(lambda: bool(told()), "what happened to the idea", within=90)
    window = season.phone("Rosa’s neighbour")
    window.open(re.search(r"/ideas/\d+/", told()[0].get_content())[0])
    assert COMES_BACK in words(window)
    window.picture("season-idea-not-funded")


def six_digits(letter: str) -> str:
    return re.search(r"\b(\d{6})\b", letter.partition("\n\n")[2]).group(1)


def answer_ideas(season: Season, round_: str) -> None:
    """Two are possible, with a cost; one is not as it is written, and is told what would help."""
    window = season.signed_in(CHAIR)
    page = window.page
    for title, cost in ((SWING, "1250"), (PLANTERS, "2100"), (PARTY, "")):
        window.open(f"{round_}ideas/")
        page.get_by_role("link", name=title).click()
        number = re.search(r"/ideas/(\d+)/", page.url).group(1)
        window.open(f"/ideas/{number}/check/")
        page.get_by_label("The answer in your own words").fill(
            "We asked, and this is what we know."
        )
        page.get_by_label("Yes" if cost else "No", exact=False).first.check()
        if cost:
            page.get_by_label("If yes: the cost, in pounds").fill(cost)
        else:
            page.get_by_label("Or another rule").fill("The lane is a bus route in June.")
            page.get_by_label("If not: what would change the answer?").fill("Another street.")
        press(window, "Publish this answer")
    window.picture("season-idea-not-possible")
