"""What must always hold of money: nothing from nothing, and every pound on a bank's line."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from doorstep.apps.invariants import Fault, holds
from doorstep.engine.rulebook import rule

from .bank_verify import verify_bank
from .models import Account, AccountBalance, BankAccount, BankLine, Guard, Journal
from .reconciling import open_lines
from .verify import verify_ledger

holds(
    "ledger.entries",
    _("Every entry of the books is the one that the record names, line by line."),
    Journal.objects.count,
)(verify_ledger)

_SUMS = """
    SELECT account.code, balance.debits, balance.credits,
        COALESCE((SELECT SUM(pence) FROM ledger_transfer WHERE debit_id = account.id), 0),
        COALESCE((SELECT SUM(pence) FROM ledger_transfer WHERE credit_id = account.id), 0)
    FROM ledger_account AS account
    JOIN ledger_accountbalance AS balance ON balance.account_id = account.id
    ORDER BY account.code
"""


@holds(
    "ledger.sums",
    _("What an account holds is what came in less what went out, to the penny."),
    Account.objects.count,
)
def balances_are_sums() -> Iterator[Fault]:
    with connection.cursor() as cursor:
        cursor.execute(_SUMS)
        rows = cursor.fetchall()
    for code, debits, credits, out, came in rows:
        if (debits, credits) != (int(out), int(came)):
            yield f"Account {code}", "its balance is not the sum of its transfers."


@holds(
    "ledger.nothing_from_nothing",
    _("All accounts of a fund together, with the world outside, come to exactly nothing."),
    lambda: Account.objects.values("fund").distinct().count(),
)
def funds_balance() -> Iterator[Fault]:
    rows = AccountBalance.objects.values("account__fund").annotate(
        debited=Sum("debits"), credited=Sum("credits")
    )
    for row in rows.order_by("account__fund"):
        if row["debited"] != row["credited"]:
            yield f"Fund {row['account__fund']}", "its accounts do not come to nothing together."


@holds(
    "ledger.never_below_nothing",
    _("No account spends more than it holds."),
    AccountBalance.objects.count,
)
def nothing_is_overdrawn() -> Iterator[Fault]:
    for balance in AccountBalance.objects.select_related("account").order_by("pk"):
        wrong_way = {Guard.CREDIT_NONNEG: balance.held < 0, Guard.DEBIT_NONNEG: balance.held > 0}
        if wrong_way.get(Guard(balance.account.guard), False):
            yield f"Account {balance.account.code}", "it holds less than nothing."


holds(
    "ledger.bank",
    _("The books and the bank’s own statements agree, and the bank’s lines are as it wrote them."),
    BankLine.objects.count,
)(verify_bank)


@holds(
    "ledger.bank_lines_explained",
    _("Every line of the bank is accounted for within the days that the rules give."),
    lambda: open_lines(BankAccount.objects.all()).count(),
    deadline=True,
)
def bank_lines_are_explained() -> Iterator[Fault]:
    today = timezone.localdate()
    for line in open_lines(BankAccount.objects.all()).select_related("account__place"):
        place = line.account.place.slug if line.account.place else None
        days = int(rule("bank.public_after", today, place).value)
        if (age := (today - line.booked_on).days) > days:
            yield f"A line of {line.account.slug}", f"it has waited for {age} days. See /bank/"
