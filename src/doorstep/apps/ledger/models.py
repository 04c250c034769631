"""The ledger: accounts, journals and transfers of whole pence. Nothing is edited.

A transfer has one debit, one credit and one positive amount, so every journal balances by
construction. What Django cannot express is kept by the triggers in `sql/`.
Below it the bank: what its statements say happened, and which entry each line proves.
"""

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact, GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from doorstep.apps.record.models import Leaf, Wording

MAX_PENCE = 10**13
MAX_LINES = 500
# What the words of a line of the bank are sealed for (organisations/strongbox.py).
BANK_LINE = b"doorstep bank line v1"


class Guard(models.TextChoices):
    NONE = "none"
    CREDIT_NONNEG = "credit_nonneg"
    DEBIT_NONNEG = "debit_nonneg"


class Account(models.Model):
    """Where money stands. Opened once, by the leaf it names; never renamed, never unguarded."""

    code = models.CharField(max_length=120, unique=True)
    fund = models.CharField(max_length=60)
    guard = models.CharField(max_length=13, choices=Guard.choices)
    leaf = models.ForeignKey(Leaf, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(guard__in=Guard.values), name="ledger_account_known_guard"
            ),
            # Only the outside world may go below nothing: that is where money comes from.
            models.CheckConstraint(
                condition=models.Q(guard=Guard.NONE, code__startswith="world:")
                | models.Q(~models.Q(guard=Guard.NONE), ~models.Q(code__startswith="world:")),
                name="ledger_account_world_alone_unguarded",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class AccountBalance(models.Model):
    """The running sums of an account, in pence. Moved only by the transfer it names last."""

    account = models.OneToOneField(
        Account, on_delete=models.PROTECT, primary_key=True, related_name="balance"
    )
    guard = models.CharField(max_length=13, choices=Guard.choices)
    debits = models.BigIntegerField()
    credits = models.BigIntegerField()
    last_transfer = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(guard=Guard.CREDIT_NONNEG)
                | models.Q(credits__gte=models.F("debits")),
                name="ledger_balance_credit_nonneg",
            ),
            models.CheckConstraint(
                condition=~models.Q(guard=Guard.DEBIT_NONNEG)
                | models.Q(debits__gte=models.F("credits")),
                name="ledger_balance_debit_nonneg",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.held}"

    @property
    def held(self) -> int:
        """Pence standing in the account: credits less debits (negative for the outside world)."""
        return self.credits - self.debits


class Journal(models.Model):
    """One entry: 1 to 500 transfers that happened together, sealed by its leaf.

    The primary key is a deferred foreign key to the leaf, so no entry commits without its leaf;
    the leaf's trigger counts the lines, so no leaf without all of them.
    """

    leaf = models.OneToOneField(
        Leaf,
        on_delete=models.PROTECT,
        to_field="journal_seq",
        db_column="seq",
        primary_key=True,
        related_name="journal",
    )
    idem_key = models.CharField(max_length=200, unique=True)
    request_hash = models.BinaryField()
    kind = models.CharField(max_length=60)
    effective_on = models.DateField()
    memo = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, related_name="+")
    n_lines = models.IntegerField()
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversal"
    )

    leaf_id: int

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(n_lines__gte=1, n_lines__lte=MAX_LINES),
                name="ledger_journal_some_lines",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq}: {self.kind}"

    @property
    def seq(self) -> int:
        """The entry's number: 1, 2, 3 … without a gap."""
        return self.leaf_id


class Transfer(models.Model):
    """Pence moved from `debit` to `credit`. Numbered without a gap by the action that posts."""

    id = models.BigIntegerField(primary_key=True)
    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="transfers")
    line = models.IntegerField()
    debit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="debit_transfers")
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="credit_transfers")
    pence = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["journal", "line"], name="ledger_transfer_one_per_line"
            ),
            models.CheckConstraint(
                condition=models.Q(pence__gt=0, pence__lte=MAX_PENCE),
                name="ledger_transfer_positive_pence",
            ),
            models.CheckConstraint(
                condition=~models.Q(debit=models.F("credit")), name="ledger_transfer_two_accounts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id}: {self.debit_id} to {self.credit_id}, {self.pence}"


class BankAccount(models.Model):
    """An account at the host that holds this money and no other: a place's, or the whole fund's.

    The number itself is kept nowhere; its last three digits tell a wrong file from a right one.
    """

    slug = models.SlugField(max_length=60, unique=True)
    label = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    fund = models.CharField(max_length=60)
    place = models.ForeignKey(
        "places.Place", on_delete=models.PROTECT, null=True, related_name="bank_accounts"
    )
    last_three = models.CharField(max_length=3)
    leaf = models.OneToOneField(Leaf, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Exact(Length("last_three"), 3), name="bankaccount_shows_three_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class BankStatement(models.Model):
    """A file of the bank's that was read once. The file is not kept; its SHA-256 and sums are."""

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="statements")
    sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=8)
    first_day = models.DateField()
    last_day = models.DateField()
    n_lines = models.IntegerField()
    n_known = models.IntegerField()
    in_pence = models.BigIntegerField()
    out_pence = models.BigIntegerField()
    leaf = models.OneToOneField(Leaf, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "sha256"], name="bankstatement_read_once"),
            models.CheckConstraint(
                condition=models.Q(first_day__lte=models.F("last_day")),
                name="bankstatement_begins_before_it_ends",
            ),
            models.CheckConstraint(
                condition=models.Q(n_lines__gte=0, n_known__gte=0, in_pence__gte=0)
                & models.Q(out_pence__gte=0),
                name="bankstatement_counts_from_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"statement {self.pk} of {self.account_id}"


class BankLine(models.Model):
    """One line that the bank booked: money in is positive, money out negative.

    `number` is its place among the lines of its file. `sealed` holds who and what for, readable
    only with the install's secret; the public never sees it. `mark` tells the line from every
    other of its account, so that no line counts twice.
    """

    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="lines")
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="lines")
    number = models.IntegerField()
    mark = models.CharField(max_length=64)
    booked_on = models.DateField()
    pence = models.BigIntegerField()
    sealed = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "mark"], name="bankline_once"),
            models.UniqueConstraint(fields=["statement", "number"], name="bankline_numbered_once"),
            models.CheckConstraint(
                condition=~models.Q(pence=0)
                & models.Q(pence__gte=-MAX_PENCE, pence__lte=MAX_PENCE),
                name="bankline_is_of_something",
            ),
            # A name or a reference is far shorter than anything sealed.
            models.CheckConstraint(
                condition=GreaterThanOrEqual(Length("sealed"), 100), name="bankline_is_sealed"
            ),
        ]
        indexes = [models.Index(fields=["account", "booked_on"], name="banklines_by_day")]

    def __str__(self) -> str:
        return f"bank line {self.pk}: {self.pence}"

    @property
    def size(self) -> int:
        """Pence, whichever way they went."""
        return abs(self.pence)


class BankAssertion(models.Model):
    """What the bank says stood in the account at the end of a day."""

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="assertions")
    statement = models.OneToOneField(
        BankStatement, on_delete=models.PROTECT, related_name="assertion"
    )
    day = models.DateField()
    pence = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.pence} on {self.day}"


class Accounted(models.TextChoices):
    """How a line of the bank was accounted for. `NEIGHBOUR_ACCOUNTED` has the other words."""

    PAYMENT = "payment", _("a payment of ours")
    ARRIVAL = "arrival", _("money that came in")
    CHARGE = "charge", _("a charge or interest of the bank")
    OWN = "own", _("moved between two accounts of the same money")
    RETURNED = "returned", _("a payment that came back, or a mistake put right")
    MISTAKE = "mistake", _("not ours: the bank or somebody else made a mistake")


NEIGHBOUR_ACCOUNTED = {
    Accounted.PAYMENT: _("A payment that was agreed to"),
    Accounted.ARRIVAL: _("Money that came in"),
    Accounted.CHARGE: _("The bank’s charge or interest"),
    Accounted.OWN: _("Moved between two accounts of this money"),
    Accounted.RETURNED: _("Money that came back"),
    Accounted.MISTAKE: _("A mistake, being put right"),
}
WITH_ENTRY = (Accounted.PAYMENT, Accounted.ARRIVAL)


class Match(models.Model):
    """A line of the bank and the entry that it shows to have happened; or, where nothing of ours
    moved, the reason. Confirmed by a person; undone only by a leaf that says so, beside it."""

    bank_line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="matches")
    journal = models.ForeignKey(
        Journal, on_delete=models.PROTECT, null=True, related_name="matches"
    )
    kind = models.CharField(max_length=8, choices=Accounted)
    reason = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    leaf = models.OneToOneField(Leaf, on_delete=models.PROTECT, related_name="+")
    undone = models.OneToOneField(Leaf, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bank_line"],
                condition=models.Q(undone__isnull=True),
                name="match_of_a_line_once",
            ),
            models.UniqueConstraint(
                fields=["journal"],
                condition=models.Q(undone__isnull=True),
                name="match_of_an_entry_once",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["payment", "arrival"], journal__isnull=False)
                | models.Q(
                    kind__in=["charge", "own", "returned", "mistake"],
                    journal__isnull=True,
                    reason__isnull=False,
                ),
                name="match_has_an_entry_or_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for line {self.bank_line_id}"

    @property
    def in_words(self) -> str:
        """The neighbour's words for it."""
        return str(NEIGHBOUR_ACCOUNTED[Accounted(self.kind)])
