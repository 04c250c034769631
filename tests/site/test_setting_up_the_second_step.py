"""From the picture to the recovery codes without being asked twice for the same thing."""

import re
from datetime import date

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.core import mail

from doorstep.apps.people.actions import give_role, open_account
from doorstep.apps.record.actors import Actor

EMAIL = "treasurer@millbrook.example"


def test_the_secret_is_shown_in_letters_and_the_codes_come_at_once(
    committed_db, page, settings, tmp_path
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.CACHES = {
        name: one | {"LOCATION": tmp_path / name} for name, one in settings.CACHES.items()
    }
    by = Actor("system", "test")
    give_role(open_account(EMAIL, actor=by), "finance_officer", since=date(2026, 1, 1), actor=by)
    page.post("/accounts/login/", {"login": EMAIL})
    code = re.search(r"^    (\S+)$", mail.outbox[-1].body, re.MULTILINE).group(1)
    page.post("/accounts/login/code/confirm/", {"code": code})

    read = page.get("/bank/", follow=True)
    assert read.heading == "Set up your second step"
    secret = re.search(r"<code[^>]*>([A-Z2-7]+)</code>", read.html).group(1)
    digits = format_hotp_value(hotp_value(secret, next(iter(counters()))))
    codes = page.post("/accounts/2fa/totp/activate/", {"code": digits})

    assert codes.heading == "Your recovery codes"
    assert codes.links["I have kept them: go on to the page I wanted"] == "/bank/"
    assert page.get("/bank/").heading == "Bank accounts"
    later = page.get("/accounts/2fa/recovery-codes/")
    assert later.links["I have kept them: go to my desk"] == "/desk/"
    assert len(re.findall(r"<li><code>", codes.html)) == 10
    assert "Doorstep: Your second step is on" in [letter.subject for letter in mail.outbox]
    assert page.get("/accounts/2fa/").heading == "Your second step"
    assert page.get("/accounts/2fa/totp/deactivate/").heading == "Switch off your second step"
    assert page.get("/accounts/2fa/recovery-codes/generate/").heading

    mail.outbox.clear()
    page.post("/accounts/2fa/recovery-codes/generate/")
    page.post("/accounts/2fa/totp/deactivate/")
    told = [letter.subject for letter in mail.outbox]
    assert len(told) == 2
    assert told[-1] == "Doorstep: Your second step is off"
    assert {address for letter in mail.outbox for address in letter.to} == {EMAIL}
