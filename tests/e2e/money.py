"""Money: from the award to the bank's line, the receipt and the result."""

import io
import re

from PIL import Image

from tests.e2e.people import BOOKKEEPER, CHAIR, FINANCE, HALL, SECRETARY, WORKER
from tests.e2e.season import Season
from tests.e2e.windows import press, words


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
