"""Payments on awards, who agreed to each, and the files that took them to the bank."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PaymentState(models.TextChoices):
    """The worker's word; `NEIGHBOUR_WORDS` has the other."""

    RAISED = "raised", _("Raised")
    APPROVED = "approved", _("Approved")
    RELEASED = "released", _("Released")
    CLEARED = "cleared", _("Cleared")
    CANCELLED = "cancelled", _("Cancelled")


NEIGHBOUR_WORDS = {
    PaymentState.RAISED: _("Asked for"),
    PaymentState.APPROVED: _("Agreed to, not sent yet"),
    PaymentState.RELEASED: _("On its way"),
    PaymentState.CLEARED: _("Paid"),
    PaymentState.CANCELLED: _("Taken back"),
}


class Declared(models.TextChoices):
    """What somebody says of themselves before they decide on a payment."""

    NONE = "none", _("none: I have no tie to the payee, the award or the others who decide")
    DIRECT = "direct", _("direct: I could gain from it")
    INDIRECT = "indirect", _("indirect: somebody close to me could gain from it")
    LOYALTY = "loyalty", _("loyalty: I belong to the organisation it is for")


class Payment(models.Model):
    """One sum to one payee against one invoice. Its slug is its name in the ledger for ever."""

    slug = models.SlugField(max_length=60, unique=True)
    award = models.ForeignKey("awards.Award", on_delete=models.PROTECT, related_name="payments")
    instalment = models.ForeignKey(
        "awards.Instalment", on_delete=models.PROTECT, null=True, related_name="payments"
    )
    payee_organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, null=True, related_name="payments"
    )
    payee_account = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, null=True, related_name="payments"
    )
    mandate = models.ForeignKey(
        "organisations.BankMandate", on_delete=models.PROTECT, related_name="payments"
    )
    # As it is compared: capitals and figures only. The one on the paper is in `invoice`.
    invoice = models.ForeignKey("record.Wording", on_delete=models.PROTECT, related_name="+")
    invoice_key = models.CharField(max_length=60)
    pence = models.BigIntegerField()
    approvals_needed = models.IntegerField()
    state = models.CharField(max_length=9, choices=PaymentState, default=PaymentState.RAISED)
    raised_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    raised_role = models.CharField(max_length=40)
    raised_on = models.DateField()
    released_on = models.DateField(null=True)
    raised = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="payment")
    approved = models.OneToOneField(
        "record.Leaf", on_delete=models.PROTECT, null=True, related_name="+"
    )
    released = models.OneToOneField(
        "record.Leaf", on_delete=models.PROTECT, null=True, related_name="+"
    )
    cleared = models.OneToOneField(
        "record.Leaf", on_delete=models.PROTECT, null=True, related_name="+"
    )
    cancelled = models.OneToOneField(
        "record.Leaf", on_delete=models.PROTECT, null=True, related_name="+"
    )
    release_entry = models.OneToOneField(
        "ledger.Journal", on_delete=models.PROTECT, null=True, related_name="payment_released"
    )
    clear_entry = models.OneToOneField(
        "ledger.Journal", on_delete=models.PROTECT, null=True, related_name="payment_cleared"
    )
    return_entry = models.OneToOneField(
        "ledger.Journal", on_delete=models.PROTECT, null=True, related_name="payment_returned"
    )
    # The number of the line of the bank's statement that shows it was paid.
    bank_line = models.BigIntegerField(null=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pence__gt=0), name="payment_is_of_something"),
            models.CheckConstraint(
                condition=Q(approvals_needed__in=[1, 2]), name="payment_needs_one_or_two_more"
            ),
            models.CheckConstraint(
                condition=Q(payee_organisation__isnull=True, payee_account__isnull=False)
                | Q(payee_organisation__isnull=False, payee_account__isnull=True),
                name="payment_has_one_payee",
            ),
            models.CheckConstraint(condition=~Q(invoice_key=""), name="payment_names_its_invoice"),
            # An invoice is paid once; taken back, it may be asked for again.
            models.UniqueConstraint(
                fields=["payee_organisation", "invoice_key"],
                condition=~Q(state="cancelled"),
                name="payment_invoice_once_an_organisation",
            ),
            models.UniqueConstraint(
                fields=["payee_account", "invoice_key"],
                condition=~Q(state="cancelled"),
                name="payment_invoice_once_a_person",
            ),
            models.UniqueConstraint(
                fields=["instalment"],
                condition=~Q(state="cancelled"),
                name="payment_of_an_instalment_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="raised",
                    approved__isnull=True,
                    released__isnull=True,
                    cleared__isnull=True,
                    cancelled__isnull=True,
                )
                | Q(
                    state="approved",
                    approved__isnull=False,
                    released__isnull=True,
                    cleared__isnull=True,
                    cancelled__isnull=True,
                )
                | Q(
                    state="released",
                    approved__isnull=False,
                    released__isnull=False,
                    cleared__isnull=True,
                    cancelled__isnull=True,
                )
                | Q(
                    state="cleared",
                    approved__isnull=False,
                    released__isnull=False,
                    cleared__isnull=False,
                    cancelled__isnull=True,
                    clear_entry__isnull=False,
                    bank_line__isnull=False,
                )
                | Q(state="cancelled", cleared__isnull=True, cancelled__isnull=False),
                name="payment_state_has_its_leaves",
            ),
            models.CheckConstraint(
                condition=Q(
                    released__isnull=True, release_entry__isnull=True, released_on__isnull=True
                )
                | Q(
                    released__isnull=False,
                    release_entry__isnull=False,
                    released_on__isnull=False,
                ),
                name="payment_release_has_its_entry",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="payments_by_state")]

    def __str__(self) -> str:
        return self.slug

    @property
    def in_words(self) -> str:
        """The neighbour's words for its state."""
        return str(NEIGHBOUR_WORDS[PaymentState(self.state)])


class Approval(models.Model):
    """What one account said of a payment. With any interest it is a recusal and counts for nothing.

    That there was none is recorded as well, each time.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="approvals")
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    declared = models.CharField(max_length=8, choices=Declared)
    day = models.DateField()
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "account"], name="approval_once_a_person"),
            models.CheckConstraint(
                condition=Q(declared__in=["none", "direct", "indirect", "loyalty"]),
                name="approval_declares_something",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["partnership_member", "finance_officer", "funder"]),
                name="approval_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} on {self.payment_id}: {self.declared}"

    @property
    def is_recusal(self) -> bool:
        return self.declared != Declared.NONE


class PaymentFile(models.Model):
    """One file handed to the bank. What it held of bank numbers is kept nowhere."""

    place = models.ForeignKey(
        "places.Place", on_delete=models.PROTECT, related_name="payment_files"
    )
    made_on = models.DateField()
    made_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    pence = models.BigIntegerField()
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pence__gt=0), name="paymentfile_is_of_something"),
        ]

    def __str__(self) -> str:
        return f"payment file {self.pk}"


class PaymentFileLine(models.Model):
    """A payment is in one file, once."""

    file = models.ForeignKey(PaymentFile, on_delete=models.PROTECT, related_name="lines")
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="file_line")

    def __str__(self) -> str:
        return f"{self.payment_id} in file {self.file_id}"


class Stop(models.Model):
    """One account's word that the bank will not pay a payment which is in a file. It takes two."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="stops")
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    reason = models.ForeignKey("record.Wording", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "account"], name="stop_once_a_person"),
        ]

    def __str__(self) -> str:
        return f"stop of {self.payment_id} by a {self.role}"
