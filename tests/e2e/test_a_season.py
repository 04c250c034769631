"""A neighbourhood's season, walked by the people who live it, in real Chromium.

Propose, check, freeze, print codes, vote on a phone without JavaScript, on paper, and twice by
mistake; close; two trustees open; count; poster; award; approvals; payment; bank; receipt; result.
"""

import io
import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from tests.e2e.season import Season, codes_in, in_pdf, print_with
from tests.e2e.visits import Visit

SECRETARY = "secretary@millbrook.example"
CHAIR = "chair@millbrook.example"
WORKER = "worker@millbrook.example"
TREASURER = "treasurer@millbrook.example"
RESIDENT = "resident@millbrook.example"
FINANCE = "finance@alderdale-cvs.example"
BOOKKEEPER = "bookkeeper@alderdale-cvs.example"
HALL = "treasurer@st-annes-hall.invalid"
TRUSTEES = {CHAIR: "Maya", TREASURER: "Idris", RESIDENT: "Rosa"}
BEGINS = datetime(2027, 2, 1, 10, tzinfo=UTC)  # a Monday
TITLE = "£3,000 for Mill Lane"
SWING = "Mend the swing at the bottom of Mill Lane"
PLANTERS = "Planters where the phone box was"
PARTY = "A street party in June"


@pytest.fixture
def season(browser, tmp_path):
    walked = Season(browser, tmp_path, BEGINS)
    yield walked
    walked.close()


def day(number: int) -> str:
    return (BEGINS + timedelta(days=number)).strftime("%Y-%m-%d")


def press(window: Visit, name: str) -> None:
    window.page.get_by_role("button", name=name).click()
    window.look()


def words(window: Visit) -> str:
    return window.page.locator("main").inner_text()


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


def make_keys(season: Season, round_: str) -> None:
    """Each trustee on their own device; one of them makes the key of the round."""
    for email in TRUSTEES:
        window = season.signed_in(email, scripts=True)
        window.open(f"{round_}trustee/")
        done(window, "Make my key")
    first, *others = (season.windows[email] for email in TRUSTEES)
    first.open(f"{round_}trustee/")
    done(first, "Make the round’s key")
    first.picture("season-trustee")
    for window in (first, *others):
        window.open(f"{round_}trustee/")
        if window.page.get_by_role("button", name="Try my key").count():
            done(window, "Try my key")


def done(window: Visit, button: str) -> None:
    """Press what the trustee's own browser does, and wait for the page that follows."""
    page = window.page
    before = page.locator("main h2").first.inner_text()
    page.get_by_role("button", name=button).click()
    page.wait_for_function(
        "before => document.querySelector('main h2').innerText !== before", arg=before
    )
    window.look()


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
    page.get_by_label("Your e-mail address").fill("neighbour@mill-lane.example")
    window.picture("season-propose")
    before = len(season.demo.letters())
    press(window, "Go on: we send you a code")
    letter = season.letter_after(before, "neighbour@mill-lane.example")
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


def trackers_in(paper: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"\b(?:[a-z]+[ -]){4}\d{2}\b", paper)))


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


def vote_on_paper(season: Season, round_: str, code: str) -> None:
    window = season.signed_in(WORKER)
    window.open(f"{round_}desk/paper/")
    window.page.get_by_label("The whole code").fill(code)
    press(window, "Spend it on paper")
    assert "Give its holder one ballot paper" in window.page.inner_text("body")


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


def opened(window: Visit, path: str) -> str:
    window.open(path)
    return words(window)


def wait_until(true, what: str, *, within: float = 30) -> None:
    end = time.monotonic() + within
    while not true():
        assert time.monotonic() < end, f"{what} did not come in {within} s"
        time.sleep(0.3)


def look_up_the_share(season: Season, round_: str, tracker: str) -> None:
    window = season.phone("Ada")
    window.open(f"{round_}share/")
    window.page.get_by_role("textbox").fill(tracker)
    press(window, "Find it")
    assert SWING in words(window)
    assert "What your share paid for" in words(window)
    window.picture("season-share")


def see_the_poster(season: Season, round_: str) -> None:
    window = season.window("a passer-by", scripts=True)
    window.open(round_)
    poster = window.context.request.get(f"{window.address}{round_}poster-a4-en.pdf")
    assert poster.ok
    assert PLANTERS in " ".join(in_pdf(poster.body()).split())


def award_of(season: Season, round_: str) -> str:
    window = season.window("a passer-by")
    window.open(round_)
    return window.page.locator("a[href^='/awards/']").first.get_attribute("href")


def agree(season: Season, award: str) -> None:
    """The agreement, signed by both sides."""
    window = season.signed_in(FINANCE)
    page = window.page
    window.open(f"{award}agreement/")
    page.get_by_label("the organisation that does the work").check()
    page.get_by_label("Organisation", exact=False).last.select_option("St Anne’s Hall Committee")
    page.get_by_label("What is it for?").fill("Four planters, soil, and herbs for everybody.")
    press(window, "Write the agreement")
    window = season.signed_in(SECRETARY)
    window.open(f"{award}agreement/")
    press(window, "Sign for the partnership")
    window = season.signed_in(HALL)
    window.open(f"{award}yours/")
    press(window, "Sign")
    window.picture("season-agreement")


def pay(season: Season, award: str) -> str:
    """Asked for by one, approved by another while a third stays out, sent by a fourth; returns the
    payment's address."""
    window = season.signed_in(WORKER)
    page = window.page
    window.open(f"{award}money/")
    page.get_by_label("Number on the invoice or receipt").fill("SAH-77")
    page.get_by_label("Sum").fill("2100")
    press(window, "Ask for it")
    payment = page.url.removeprefix(window.address)
    if not payment.startswith("/payments/"):
        payment = page.locator("a[href^='/payments/']").first.get_attribute("href")
    assert not window.page.get_by_role("button", name="Say so").count(), "nobody approves their own"
    for email, interest in ((CHAIR, "loyalty"), (SECRETARY, "none")):
        window = season.signed_in(email)
        window.open(payment)
        window.page.get_by_label(interest, exact=False).first.check()
        press(window, "Say so")
    window = season.signed_in(FINANCE)
    window.open(payment)
    window.picture("season-payment")
    press(window, "Release £2,100")
    window.open("/places/millbrook-east/payments/")
    press(window, "Make the payment file")
    return payment


STATEMENT = """date,amount,who,reference,bank reference,balance
{day},-2100.00,ST ANNES HALL COMMITTEE,SAH-77,MB4711,
"""


def match_the_bank(season: Season) -> None:
    window = season.signed_in(BOOKKEEPER)
    page = window.page
    window.open("/bank/alderdale-cvs-east/")
    day = season.now().strftime("%d/%m/%Y")
    page.locator("input[type=file]").set_input_files(
        {
            "name": "statement.csv",
            "mimeType": "text/csv",
            "buffer": STATEMENT.format(day=day).encode(),
        }
    )
    press(window, "Read it")
    window.picture("season-bank")
    page.get_by_role("button", name=re.compile("It is payment")).first.click()
    window.look()


def show_what_became_of_it(season: Season, award: str) -> None:
    window = season.signed_in(WORKER)
    page = window.page
    window.open(f"{award}receipts/")
    page.locator("form:has(input[value=receipt]) input[type=file]").set_input_files(
        {"name": "receipt.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}
    )
    form = page.locator("form:has(input[value=receipt])")
    form.locator("input[inputmode=decimal]").first.fill("2100")
    press(window, "Hand it in")
    form = page.locator("form:has(input[value=result])")
    form.get_by_label("It happened").check()
    form.locator("textarea").fill("The mint is taller than the children.")
    press(window, "Tell it")
    window = season.signed_in(SECRETARY)
    window.open(f"{award}receipts/")
    press(window, "There are none: make it public")
    press(window, "Make the words public")
    window = season.phone("Rosa’s neighbour")
    window.open(award)
    told = words(window)
    assert "The mint is taller than the children." in told
    assert "The bank’s statement shows" in told
    assert window.page.locator("figure.receipt img").count() == 1
    window.picture("season-award")


def a_photo() -> bytes:
    taken = io.BytesIO()
    Image.new("RGB", (600, 400), "#e9e4d8").save(taken, "JPEG")
    return taken.getvalue()


def test_a_whole_season(season):
    with season.on(day=0, hour=10):
        round_ = draft_a_round(season)
        plan_codes_and_name_trustees(season, round_)
        make_keys(season, round_)
        propose(season, round_)
    with season.on(day=2, hour=10):
        answer_ideas(season, round_)
        cards, papers = freeze_and_print(season, round_)
        assert "not open" in refused(season, "Ada", cards[0]).lower()
    with season.on(day=4, hour=10):
        ada = vote(season, "Ada", cards[0], SWING)
        vote(season, "Ben", cards[1], PLANTERS)
        vote(season, "Cai", cards[2], SWING, PLANTERS)
        again = vote(season, "Ada", cards[0], SWING, PLANTERS)  # by mistake, or for a better mind
        assert again != ada
        vote_on_paper(season, round_, cards[3])
        assert "paper" in refused(season, "Dee", cards[3])
        assert "code" in refused(season, "Dee", "AAAA-AAAA-AAAA-AAAA")
    with season.on(day=8, hour=21):
        assert refused(season, "Eli", cards[4])
        key_papers(season, round_, papers[0])
        open_the_box(season, round_)
        look_up_the_share(season, round_, again)
        see_the_poster(season, round_)
        award = award_of(season, round_)
        agree(season, award)
        pay(season, award)
    with season.on(day=9, hour=10):
        match_the_bank(season)
        show_what_became_of_it(season, award)
    assert not season.faults(), "\n".join(season.faults())
