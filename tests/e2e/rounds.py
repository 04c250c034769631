"""A round, from its draft to its codes."""

from tests.e2e.papers import trackers_in
from tests.e2e.people import SECRETARY, TRUSTEES, WORKER, day
from tests.e2e.season import Season, codes_in, print_with
from tests.e2e.windows import press, words

TITLE = "£3,000 for Mill Lane"


def draft_a_round(season: Season) -> str:
    """Returns the address of the new round."""
    window = season.signed_in(SECRETARY)
    page = window.page
    window.open("/places/millbrook-east/rounds/new/")
    page.get_by_label("What is the round called?").fill(TITLE)
    page.get_by_label("How much money is in the pot, in pounds?").fill("3000")
    page.get_by_label("A few streets.").check()
    page.get_by_label("About how many people will vote?").fill("40")
    press(window, "Make the draft")
    for label, value in {
        "People can propose ideas from": day(0),
        "Last day to propose": day(1),
        "Every idea is answered by": day(2),
        "Voting opens on": day(4),
        "Voting ends on": day(8),
    }.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("Every ballot, shuffled").check()
    window.picture("season-draft")
    press(window, "Save the draft")
    return page.url.removeprefix(window.address).removesuffix("edit/")


def plan_codes_and_name_trustees(season: Season, round_: str) -> None:
    window = season.windows[SECRETARY]
    page = window.page
    window.open(f"{round_}codes/")
    page.get_by_label("How people get them").select_option(index=1)
    page.get_by_label("How many").fill("6")
    press(window, "Add to the plan")
    window.open(f"{round_}trustees/")
    for number, (email, name) in zip(("first", "second", "third"), TRUSTEES.items(), strict=True):
        page.get_by_label(f"Name of the {number} trustee").fill(name)
        page.get_by_label(f"E-mail address of the {number} trustee").fill(email)
    page.get_by_label("No two of them live in one household").check()
    press(window, "Name these three")


def freeze_and_print(season: Season, round_: str) -> tuple[list[str], list[str]]:
    """Returns the codes on the cards and the trackers on the papers."""
    window = season.signed_in(SECRETARY)
    window.open(f"{round_}freeze/")
    assert "Nothing is missing" in words(window), words(window)
    window.picture("season-freeze")
    press(window, "Freeze it")
    window = season.signed_in(WORKER)
    window.open(f"{round_}codes/")
    window.page.get_by_label("Who is beside you").select_option(index=1)
    cards = codes_in(print_with(window, "Print run 1"))
    window.open(f"{round_}papers/")
    window.page.get_by_label("How many papers").fill("3")
    papers = print_with(window, "Print these papers")
    window.open(f"{round_}papers/")
    window.picture("season-papers")
    assert len(cards) == 6, cards
    return cards, trackers_in(papers)
