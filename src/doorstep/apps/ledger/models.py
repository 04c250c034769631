"""The ledger: accounts, journals and transfers of whole pence. Nothing is edited.

A transfer has one debit, one credit and one positive amount, so every journal balances by
construction. What Django cannot express is kept by the triggers in `sql/`.
"""

from django.db import models

from doorstep.apps.record.models import Leaf, Wording

MAX_PENCE = 10**13
MAX_LINES = 500


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
