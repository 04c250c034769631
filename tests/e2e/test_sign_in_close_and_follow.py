"""The journey: sign in, close a round, read its result, follow an award to the record.

On a phone, with JavaScript off: what works here works everywhere.
"""

import base64
import re
import time

import pytest

from tests.e2e.signing import code_for, digits_of, secret_of
from tests.e2e.visits import DESK, PHONE, Visit

MEMBER = "treasurer@millbrook.example"
READER = "secretary@millbrook.example"  # an app's number works once, so the second visit is hers
NO_SECOND_STEP = "resident@millbrook.example"


def test_our_own_app_agrees_with_the_standard():
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert digits_of(secret, at=59) == "287082"  # RFC 6238, appendix B, the last six digits


@pytest.fixture(params=[PHONE, DESK], ids=["360", "1280"])
def window(request, browser, demo):
    opened = Visit(browser, demo.address, request.param, scripts=False)
    yield opened
    opened.close()


def sign_in(window, demo, email, *, second_step=True, pictures=False):
    page = window.page
    window.open("/accounts/login/")
    if pictures:
        window.picture("sign-in-1-address")
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_role("button", name="Send me a code").click()
    window.look()
    if pictures:
        window.picture("sign-in-2-code")
    page.get_by_label("Code from the e-mail").fill(code_for(demo, email))
    page.get_by_role("button", name="Continue").click()
    window.look()
    if second_step:
        if pictures:
            window.picture("sign-in-3-app")
        show_the_app(window, secret_of(demo, email))
    assert page.locator("h1").inner_text() == "Your desk"
    if pictures:
        window.picture("sign-in-4-desk")


def show_the_app(window, secret):
    """Type the number that the app shows. If it was used before, wait for another."""
    page = window.page
    for _try in range(2):
        number = digits_of(secret)
        page.get_by_label("Six digits, or a recovery code").fill(number)
        page.get_by_role("button", name="Sign in").click()
        window.look()
        if page.locator("h1").inner_text() == "Your desk":
            return
        while digits_of(secret) == number:
            time.sleep(0.5)


def lose_the_session(window):
    """Press the button after the session has ended: a page says so, and nothing was done."""
    page = window.page
    kept = window.context.cookies()
    form = page.url
    window.context.clear_cookies(name="doorstep")
    window.expected = {200, 403}
    page.get_by_role("button", name="Close and count").click()
    window.look()
    assert page.locator("h1").inner_text() == "You were signed out before you sent this"
    assert "Nothing has been changed" in page.locator("main").inner_text()
    window.picture("wrong-session-lost")
    window.context.add_cookies(kept)
    page.goto(form)


def await_the_count(window):
    """A worker counts it: the page says so and has a button to look again."""
    end = time.monotonic() + 60
    while (again := window.page.get_by_role("link", name="Look again")).count():
        assert time.monotonic() < end, "the worker did not count it"
        window.picture("round-being-counted")
        time.sleep(0.5)
        again.click()
        window.look()


def test_from_sign_in_to_the_leaf_of_an_award(window, demo):
    first = window.size == PHONE
    sign_in(window, demo, MEMBER if first else READER, pictures=True)
    page = window.page
    if first:  # what is closed stays closed, so the other visit reads a round that was
        page.get_by_role("link", name="Close and count “A first £25,000 for the Wharf”").click()
        window.look()
        window.picture("round-close")
        lose_the_session(window)
        page.get_by_role("button", name="Close and count").click()
        window.look()
        await_the_count(window)
        # Sent twice: the second finds it done and shows the same result.
        page.go_back()
        window.look()
        if page.get_by_role("button", name="Close and count").count():
            page.get_by_role("button", name="Close and count").click()
            window.look()
            await_the_count(window)
        assert page.url == f"{demo.address}/rounds/millbrook-wharf-2026/"
    else:
        window.open("/rounds/millbrook-east-2026/")
    assert "Funded" in page.locator("main").inner_text()
    window.picture("round-after-the-count")

    page.locator("a[href^='/awards/']").first.click()
    window.look()
    name = page.locator("h1").inner_text()
    page.get_by_role("link", name=re.compile(r"Entry \d+ in the ledger")).click()
    window.look()
    window.picture("ledger-entry")
    page.go_back()
    page.get_by_role("link", name=re.compile(r"[Ll]ine \d+ of the record")).last.click()
    window.look()
    window.picture("record-leaf")
    assert name in page.locator("main").inner_text()
    assert not window.faults, "\n".join(window.faults)


def test_a_person_without_the_role_is_told_why(window, demo):
    sign_in(window, demo, NO_SECOND_STEP, second_step=False)
    window.open("/rounds/millbrook-wharf-2026/close/", 403)
    window.picture("wrong-role")
    assert not window.faults, "\n".join(window.faults)
