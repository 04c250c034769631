"""Signing in works without a script, says what is wrong, and keeps its secrets sealed."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.core import mail

from doorstep.apps.people.models import Account

pytestmark = pytest.mark.django_db
EMAIL = "secretary@millbrook.example"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def account():
    from doorstep.apps.people.actions import open_account
    from doorstep.apps.record.actors import Actor

    return open_account(EMAIL, actor=Actor("system", "test"))


@pytest.fixture(autouse=True)
def _fresh(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    # Tries and used numbers are counted there, and another test is not another try.
    settings.CACHES = {
        name: one | {"LOCATION": tmp_path / name} for name, one in settings.CACHES.items()
    }


def sent_code() -> str:
    return re.search(r"^    (\S+)$", mail.outbox[-1].body, re.MULTILINE).group(1)


def ask_for_code(page):
    return page.post("/accounts/login/", {"login": EMAIL})


def test_the_letter_says_one_thing(page, account):
    read = ask_for_code(page)
    assert read.heading == "Enter your code"
    letter = mail.outbox[-1]
    assert letter.subject == "Doorstep: Your sign-in code"
    assert "Never tell it to anybody" in letter.body
    assert "example.com" not in letter.body


def test_a_right_code_signs_in(page, account):
    ask_for_code(page)
    read = page.post("/accounts/login/code/confirm/", {"code": sent_code()})
    assert read.heading == "Your desk"
    assert "You have signed in." in read.text


def test_a_wrong_code_says_so_beside_the_box_and_on_top(page, account):
    ask_for_code(page)
    read = page.post("/accounts/login/code/confirm/", {"code": "WRONG"})
    assert "There is a problem" in read.text
    assert read.text.count("That code is not right.") == 2


def test_an_unknown_address_learns_nothing_here(page, account):
    known = ask_for_code(page).text
    unknown = page.post("/accounts/login/", {"login": "nobody@example.org"}).text
    assert unknown.replace("nobody@example.org", EMAIL) == known


def test_the_second_step_is_asked_for_and_its_secret_is_sealed(page, account):
    TOTP.activate(account, SECRET)
    kept = Authenticator.objects.get(user=account).data["secret"]
    assert SECRET not in kept
    ask_for_code(page)
    read = page.post("/accounts/login/code/confirm/", {"code": sent_code()})
    assert read.heading == "Enter the number from your app"
    wrong = page.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "That number is not right." in wrong.text
    digits = format_hotp_value(hotp_value(SECRET, next(iter(counters()))))
    assert page.post("/accounts/2fa/authenticate/", {"code": digits}).heading == "Your desk"


def address_of(length: int) -> str:
    end = "@" + ".".join(["a" * 60] * 3) + ".example"
    return "b" * (length - len(end)) + end


@pytest.mark.parametrize(
    ("where", "field"), [("signup/", "email"), ("login/", "login"), ("login/code/", "email")]
)
@pytest.mark.parametrize("length", [255, 300, 5000])
def test_an_address_that_would_be_cut_short_is_refused_on_its_box(page, where, field, length):
    before = Account.objects.count()
    read = page.post(f"/accounts/{where}", {field: address_of(length)})
    assert "That address is too long." in read.text
    assert read.text.count("at most 254 letters") == 2  # on top, and beside the box
    assert Account.objects.count() == before
    assert not mail.outbox


def test_the_longest_address_signs_up_whole(page):
    page.post("/accounts/signup/", {"email": address_of(254)})
    assert Account.objects.get().email == address_of(254)


def number_shown(seconds_ago: int = 0) -> str:
    return format_hotp_value(hotp_value(SECRET, (int(time.time()) - seconds_ago) // 30))


def signs_in_with(page, number: str) -> bool:
    """Whether a new visitor with the right e-mailed code gets in with this number."""
    page.client.cookies.clear()
    ask_for_code(page)
    page.post("/accounts/login/code/confirm/", {"code": sent_code()})
    return page.post("/accounts/2fa/authenticate/", {"code": number}).heading == "Your desk"


@pytest.mark.parametrize(
    ("seconds_ago", "opens"), [(60, False), (30, True), (0, True), (-30, True), (-60, False)]
)
def test_a_number_may_be_one_step_old_or_early(page, account, seconds_ago, opens, time_machine):
    time_machine.move_to("2026-06-01T12:00:15Z", tick=False)
    TOTP.activate(account, SECRET)
    assert signs_in_with(page, number_shown(seconds_ago)) is opens


@pytest.mark.parametrize("space", ["", " "])
def test_a_number_opens_once_for_as_long_as_it_would_open(page, account, time_machine, space):
    time_machine.move_to("2026-06-01T12:00:00Z", tick=False)
    TOTP.activate(account, SECRET)
    early = number_shown(-30)
    assert signs_in_with(page, early)
    time_machine.move_to("2026-06-01T12:00:45Z", tick=False)  # its own step: allauth forgot it
    again = f"{early[:3]}{space}{early[3:]}"
    assert not signs_in_with(page, again)
    time_machine.move_to("2026-06-01T12:01:29Z", tick=False)  # the last second that it could open
    assert not signs_in_with(page, again)
    assert signs_in_with(page, number_shown())


@pytest.mark.parametrize(
    "address",
    ["login/", "signup/", "login/code/", "email/", "logout/", "inactive/"],
)
def test_every_page_of_accounts_is_one_of_ours(page, account, address):
    if address in {"email/", "logout/"}:
        page.client.force_login(account)
    read = page.read(
        page.client.get(f"/accounts/{address}", follow=True), f"/accounts/{address}", 200
    )
    assert read.title.endswith("– Doorstep")


def test_signing_out_ends_on_the_home_page(client, account):
    client.force_login(account)
    response = client.post("/accounts/logout/")
    assert response["Location"] == "/"
    assert "doorstep" not in client.cookies or not client.cookies["doorstep"].value


def test_an_account_is_only_an_address(account):
    assert not Account.objects.get(email=EMAIL).has_usable_password()
