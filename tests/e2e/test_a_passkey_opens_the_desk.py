"""A passkey, made and used by Chromium's own virtual authenticator, under our content policy."""

import pytest

from tests.e2e.signing import code_for
from tests.e2e.visits import DESK, PHONE, Visit


@pytest.fixture(params=[PHONE, DESK], ids=["360", "1280"])
def window(request, browser, demo):
    # A passkey belongs to a name, and 127.0.0.1 is none.
    opened = Visit(
        browser, demo.address.replace("127.0.0.1", "localhost"), request.param, scripts=True
    )
    device = opened.context.new_cdp_session(opened.page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    yield opened
    opened.close()


def press(window, name):
    window.page.get_by_role("button", name=name, exact=True).click()


def heading(window, words):
    window.page.locator("h1", has_text=words).wait_for()
    window.look()


def test_a_passkey_is_made_signs_in_alone_and_is_removed(window, demo):
    page = window.page
    window.open("/accounts/signup/")
    email = f"passkey-{window.size['width']}@millbrook.example"
    page.get_by_label("E-mail").or_(page.get_by_label("e-mail")).first.fill(email)
    page.locator("main form button").first.click()
    page.wait_for_load_state("load")
    page.get_by_label("Code from the e-mail").fill(code_for(demo, email))
    page.get_by_role("button", name="Continue").click()
    heading(window, "Your desk")

    window.open("/accounts/2fa/")
    page.get_by_role("link", name="Add a passkey").click()
    heading(window, "Add a passkey")
    page.get_by_label("What do you call this device?").fill("Ann’s phone")
    window.picture("passkey-add")
    press(window, "Make the passkey")
    heading(window, "Your recovery codes")
    window.open("/accounts/2fa/webauthn/")
    assert page.get_by_role("heading", name="Ann’s phone").count() == 1
    window.picture("passkey-list")

    window.context.clear_cookies()
    window.open("/accounts/login/")
    window.picture("passkey-sign-in")
    press(window, "Sign in with my passkey")
    heading(window, "Your desk")
    assert email in page.locator("main").inner_text()

    window.open("/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Remove Ann’s phone").click()
    heading(window, "Show that it is still you")
    page.get_by_role("link", name="Use a security key").click()
    press(window, "Use my passkey")
    heading(window, "Remove this passkey")
    press(window, "Remove it")
    heading(window, "Your passkeys")
    assert "You have no passkey yet." in page.locator("main").inner_text()
    assert window.faults == []
