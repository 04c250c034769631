"""Pure questions about messages: what is an address, when to try again, when a digest goes."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.outbox.models import Medium
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule

LONGEST_ADDRESS = 254  # RFC 5321
LONGEST_SMS = 600  # four parts; longer ones say less and link to the rest
LONGEST_TEXT = 20_000
# Messages on a topic that begins so lose their words as soon as they are sent.
ERASED_WHEN_SENT = "receipt-"
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(days=1)
# A UK mobile number: 07 and nine digits, of which 070 and 076 (but for 07624, the Isle of Man)
# are personal numbers and pagers (Ofcom, National Telephone Numbering Plan).
_MOBILE = re.compile(r"(?:\+44|0044|44|0)(7(?:[1-57-9]\d{8}|624\d{6}))")


@dataclass(frozen=True)
class Address:
    """Where a message goes, written in the one way in which it is looked up."""

    medium: Medium
    text: str


def address_or_refuse(text: str) -> Address:
    """An e-mail address or a UK mobile number, tidied. Raises Refused with what to do."""
    given = text.strip()
    if "@" in given:
        tidy = given.lower()
        try:
            if len(tidy) > LONGEST_ADDRESS:
                raise ValidationError("long")
            validate_email(tidy)
        except ValidationError:
            raise Refused(
                _("That is not an e-mail address. Check it for slips, such as a missing dot."),
                code="address",
            ) from None
        return Address(Medium.EMAIL, tidy)
    digits = re.sub(r"[\s().\-\u2010-\u2013]", "", given)
    digits = digits.replace("+440", "+44", 1)
    if match := _MOBILE.fullmatch(digits) if digits.isascii() else None:
        return Address(Medium.SMS, f"+44{match[1]}")
    raise Refused(
        _(
            "Give an e-mail address, or the number of a mobile phone in the United Kingdom, such "
            "as 07700 900123."
        ),
        code="address",
    )


def postal_address_or_refuse(lines: str) -> Address:
    """Two to seven lines that end in a letter box. Raises Refused with what to do."""
    tidy = [" ".join(line.split()) for line in lines.splitlines()]
    tidy = [line for line in tidy if line]
    if not 2 <= len(tidy) <= 7 or any(len(line) > 60 for line in tidy):
        raise Refused(
            _("Write the address on two to seven short lines: name or house, street, postcode."),
            code="postal_address",
        )
    return Address(Medium.LETTER, "\n".join(tidy))


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many tries: four times as long each time, at most a day."""
    times: int = 4 ** min(max(tries - 1, 0), 10)
    return min(FIRST_WAIT * times, LONGEST_WAIT)


def most_tries(now: datetime) -> int:
    return int(rule("message.tries", timezone.localdate(now)).value)


def next_digest(now: datetime) -> datetime:
    """When the next digest goes: today at the hour, or tomorrow once it has gone."""
    hour = int(rule("message.digest_hour", timezone.localdate(now)).value)
    here = timezone.localtime(now)
    today = here.replace(hour=hour, minute=0, second=0, microsecond=0)
    # A day of the clock, not of 24 hours: `here` is in London's time, so summer time is kept.
    return today if today > now else today + timedelta(days=1)


def masked(address: Address) -> str:
    """Enough to recognise an address that one knows, and too little to learn one."""
    if address.medium == Medium.EMAIL:
        name, _at, domain = address.text.partition("@")
        return f"{name[:1]}…@{domain[:1]}…"
    if address.medium == Medium.SMS:
        return f"…{address.text[-3:]}"
    return "…"


def why(reason: str) -> str:
    """Why a message was not sent, in words."""
    sentences = {
        "refused": _("Their mail server or network refused the address."),
        "unreachable": _("The gateway did not answer."),
        "gateway": _("The gateway would not take it. See its settings."),
        "unreadable": _("Its words or its address can no longer be read: the secret was changed."),
        "unsubscribed": _("They no longer want digests."),
        "forgotten": _("The address has been forgotten."),
    }
    return sentences.get(reason, reason)
