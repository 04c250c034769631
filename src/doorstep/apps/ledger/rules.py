"""What the ledger allows, with the reason in words a resident would use. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from doorstep.apps.refused import Refused

from .models import MAX_LINES, MAX_PENCE, Guard
from .telling import account_words

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]*(:[a-z0-9][a-z0-9_-]*){1,6}")
EXAMPLE = "example"
# What codes begin with that is not a fund's own id.
FIRST_PARTS = frozenset({"world", "place", EXAMPLE})
_KIND = re.compile(r"[a-z_]{1,20}\.[a-z_]{1,39}")


class Line(NamedTuple):
    """Pence that move from the account `debit` to the account `credit` (their codes)."""

    debit: str
    credit: str
    pence: int


class Standing(NamedTuple):
    """An account as it stands before an entry: what guards it, and pence held (credit - debit)."""

    guard: str
    fund: str
    held: int


def read_pounds(text: str, *, or_nothing: bool = False) -> int:
    """Pence from what somebody typed: "1,800", "£120.50". Refused when it is not a sum, and £0
    where nothing is no answer."""
    plain = re.sub(r"[\s,£]", "", text)
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{2})?", plain, re.ASCII):
        raise Refused(
            _("“%(text)s” is not a sum of money. Write it such as 120 or 120.50.")
            % {"text": text[:40]},
            code="not_a_sum",
        )
    whole, _dot, odd = plain.partition(".")
    pence = int(whole) * 100 + int(odd or 0)
    if pence or not or_nothing:
        check_pence(pence)
    return pence


def pounds(pence: int) -> str:
    """£1,800, or £1,800.50 where there are odd pence."""
    sign = "-" if pence < 0 else ""
    whole, odd = divmod(abs(pence), 100)
    return f"{sign}£{whole:,}" + (f".{odd:02}" if odd else "")


def is_example(code: str) -> bool:
    """Whether an account is of pretend money: `example:…`, or the outside that it comes from."""
    parts = code.split(":")
    return parts[0] == EXAMPLE or parts == ["world", EXAMPLE]


def check_code(code: str, fund: str, guard: str) -> None:
    """Refuse an account that could not be read, or whose guard does not fit its place."""
    if not isinstance(code, str) or len(code) > 120 or not _CODE.fullmatch(code):
        raise Refused(
            _(
                "“%(code)s” cannot name an account. Use small letters, digits and hyphens, in "
                "parts with a colon between."
            )
            % {"code": code},
            code="account-code",
        )
    if not isinstance(fund, str) or not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", fund):
        raise Refused(_("“%(fund)s” cannot name a fund.") % {"fund": fund}, code="account-fund")
    if guard not in Guard.values:
        raise Refused(
            _("“%(guard)s” is no guard; choose %(some)s.")
            % {"guard": guard, "some": ", ".join(Guard.values)},
            code="guard",
        )
    if (guard == Guard.NONE) != code.startswith("world:"):
        raise Refused(
            _(
                "Only accounts of the outside world (world:…) stand without a guard; every other "
                "account must refuse to go below nothing."
            ),
            code="guard",
        )


def check_lines(kind: str, lines: Sequence[Line], idem_key: str) -> None:
    """Refuse an entry that could not be posted whatever stands in the accounts."""
    if not _KIND.fullmatch(kind):
        raise Refused(
            _("“%(kind)s” is not a kind of entry; write room.event.") % {"kind": kind},
            code="entry-kind",
        )
    if not isinstance(idem_key, str) or not 1 <= len(idem_key) <= 200:
        raise Refused(
            _("An entry needs a key of 1 to 200 characters, the same on every retry."),
            code="entry-key",
        )
    if not 1 <= len(lines) <= MAX_LINES:
        raise Refused(
            _("An entry has 1 to %(most)s lines; this has %(lines)s. Split it.")
            % {"most": MAX_LINES, "lines": len(lines)},
            code="entry-lines",
        )
    for line in lines:
        check_pence(line.pence)
        if line.debit == line.credit:
            raise Refused(_("Money cannot move from an account to itself."), code="same-account")


def check_pence(pence: object) -> None:
    """Refuse anything but a whole number of pence. PostgreSQL would silently store 0.6 as 1."""
    if type(pence) is not int:
        raise Refused(
            _("%(pence)s is not a whole number of pence. Write £12.50 as 1250.")
            % {"pence": repr(pence)},
            code="not-pence",
        )
    if not 0 < pence <= MAX_PENCE:
        raise Refused(
            _("One transfer moves between 1p and %(most)s; this is %(sum)s.")
            % {"most": pounds(MAX_PENCE), "sum": pounds(pence)},
            code="pence-range",
        )


def check_moves(lines: Sequence[Line], accounts: Mapping[str, Standing]) -> None:
    """Refuse lines that would touch an unknown account, mix funds or overspend, in their order.

    `accounts` maps each code to how it stands now. The database keeps the same rules; this is
    where they get their sentences.
    """
    held = {code: standing.held for code, standing in accounts.items()}
    for line in lines:
        for code in (line.debit, line.credit):
            if code not in accounts:
                raise Refused(
                    _("There is no account %(code)s. Open it first.") % {"code": code},
                    code="no-account",
                )
        if accounts[line.debit].fund != accounts[line.credit].fund:
            raise Refused(
                _(
                    "%(debit)s belongs to the fund “%(one)s” and %(credit)s to “%(other)s”. Money "
                    "never moves between two funds."
                )
                % {
                    "debit": line.debit,
                    "one": accounts[line.debit].fund,
                    "credit": line.credit,
                    "other": accounts[line.credit].fund,
                },
                code="two-funds",
            )
        for code, change in ((line.debit, -line.pence), (line.credit, line.pence)):
            after = held[code] + change
            if accounts[code].guard == Guard.CREDIT_NONNEG and after < 0:
                raise Refused(
                    _(
                        "%(sum)s was asked of “%(account)s”, but only %(left)s is left there. "
                        "Nothing was moved. Ask for less, or add money first."
                    )
                    % {
                        "sum": pounds(line.pence),
                        "account": account_words(code),
                        "left": pounds(held[code]),
                    },
                    code="overspend",
                )
            if accounts[code].guard == Guard.DEBIT_NONNEG and after > 0:
                raise Refused(
                    _(
                        "%(sum)s would be paid back to “%(account)s”, which is owed only %(owed)s. "
                        "Nothing was moved."
                    )
                    % {
                        "sum": pounds(line.pence),
                        "account": account_words(code),
                        "owed": pounds(-held[code]),
                    },
                    code="overspend",
                )
            held[code] = after


def check_same_sum(
    line_pence: int, is_payment: bool, entry_pence: int, fund: str, entry_funds: set[str]
) -> None:
    """Refuse a line of the bank and an entry that cannot be the same money."""
    if (line_pence < 0) != is_payment:
        raise Refused(
            _("A payment is money out, and an arrival is money in. Choose the other one."),
            code="match-direction",
        )
    if abs(line_pence) != entry_pence:
        raise Refused(
            _("The bank moved %(bank)s and the entry %(entry)s. Only the same sum can be matched.")
            % {"bank": pounds(abs(line_pence)), "entry": pounds(entry_pence)},
            code="match-sum",
        )
    if entry_funds != {fund}:
        raise Refused(
            _("This account holds the money of another fund than that entry."), code="match-fund"
        )
