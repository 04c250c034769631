"""A vote in one room: from the signed sheet to the awards in two minutes, on two phones."""

from tests.e2e.money import a_photo
from tests.e2e.people import CHAIR, SECRETARY, WORKER, day
from tests.e2e.season import Season
from tests.e2e.windows import press, words

KETTLE, COATS, CHOIR = "A kettle for the hall", "A rail of coats", "Choir books"


def prepare(season: Season) -> str:
    window = season.signed_in(SECRETARY)
    page = window.page
    window.open("/places/millbrook-east/rounds/new/")
    page.get_by_label("What is the round called?").fill("£400 on a Thursday")
    page.get_by_label("How much money is in the pot, in pounds?").fill("400")
    page.get_by_label("One room.").check()
    page.get_by_label("About how many people will vote?").fill("30")
    press(window, "Make the draft")
    for label, value in {
        "People can propose ideas from": day(0),
        "Last day to propose": day(0),
        "Every idea is answered by": day(0),
        "Voting opens on": day(0),
        "Voting ends on": day(0),
        "At what time?": "18:00",
        "At what time does it end?": "21:00",
    }.items():
        page.get_by_label(label, exact=True).fill(value)
    press(window, "Save the draft")
    round_ = page.url.removeprefix(window.address).removesuffix("edit/")
    window = season.signed_in(WORKER)
    for title in (KETTLE, COATS, CHOIR):
        window.open(f"{round_}type-in/")
        window.page.get_by_label("idea in a few words").fill(title)
        window.page.get_by_label("What would happen, and for whom?").fill("As they told me.")
        window.page.get_by_label("lives here").check()
        for tick in window.page.locator("main input[type=checkbox]:not([name=tags])").all():
            tick.check()
        press(window, "Take it in")
    window = season.signed_in(CHAIR)
    for title in (KETTLE, COATS, CHOIR):
        window.open(f"{round_}ideas/")
        window.page.get_by_role("link", name=title).click()
        window.open(window.page.url.removeprefix(window.address) + "check/")
        window.page.get_by_label("Yes", exact=False).first.check()
        window.page.get_by_label("If yes: the cost, in pounds").fill("180")
        window.page.get_by_label("The answer in your own words").fill("We know a shop.")
        press(window, "Publish this answer")
    window = season.signed_in(SECRETARY)
    window.open(f"{round_}freeze/")
    assert "Nothing is missing" in words(window), words(window)
    press(window, "Freeze it")
    return round_


def enter(season: Season, email: str, round_: str, counts: dict[str, int]) -> None:
    window = season.windows[email]
    window.open(f"{round_}room/")
    for label, number in counts.items():
        window.page.get_by_label(label, exact=False).first.fill(str(number))
    photo = window.page.locator("input[type=file]")
    if photo.count():
        photo.set_input_files({"name": "sheet.jpg", "mimeType": "image/jpeg", "buffer": a_photo()})
    window.picture("room-count")
    press(window, "Enter my count")


def test_a_room_decides_in_two_minutes(season):
    with season.on(day=0, hour=10):
        round_ = prepare(season)
    with season.on(day=0, hour=19):
        season.signed_in(SECRETARY)
        season.signed_in(CHAIR)
        sheet = {"How many": 25, KETTLE: 19, COATS: 14, CHOIR: 8}
        enter(season, SECRETARY, round_, sheet)
        enter(season, CHAIR, round_, sheet | {CHOIR: 9})
        window = season.windows[CHAIR]
        assert "differ" in words(window)
        window.picture("room-differs")
        enter(season, CHAIR, round_, sheet)
        window.open(round_)
        told = words(window)
        window.picture("room-result")
        assert told.index(KETTLE) < told.index("Not funded this time") < told.index(CHOIR)
    assert not season.faults(), "\n".join(season.faults())
