"""Who an award is paid to, for what, in which parts, and that both sides have signed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PayeeKind(models.TextChoices):
    ORGANISATION = "organisation", _("the organisation that does the work")
    REIMBURSEMENT = "reimbursement", _("a person, paid back what they spent")
    FLOAT = "float", _("whoever holds a float, a sum handed over to spend from")
    HOST = "host", _("the host organisation, which pays the bills")


class Side(models.TextChoices):
    OURS = "ours", _("for the partnership")
    THEIRS = "theirs", _("for whoever is paid")


class Agreement(models.Model):
    """One for each award, and never changed: what is agreed otherwise is another award."""

    award = models.OneToOneField("awards.Award", on_delete=models.PROTECT, related_name="agreement")
    payee_kind = models.CharField(max_length=13, choices=PayeeKind)
    payee_organisation = models.ForeignKey(
        "organisations.Organisation",
        on_delete=models.PROTECT,
        null=True,
        related_name="agreements",
    )
    payee_account = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, null=True, related_name="agreements"
    )
    purpose = models.ForeignKey("record.Wording", on_delete=models.PROTECT, related_name="+")
    drafted = models.OneToOneField(
        "record.Leaf", on_delete=models.PROTECT, related_name="agreement"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    payee_kind__in=["organisation", "host"],
                    payee_organisation__isnull=False,
                    payee_account__isnull=True,
                )
                | Q(
                    payee_kind="reimbursement",
                    payee_organisation__isnull=True,
                    payee_account__isnull=False,
                )
                | Q(
                    payee_kind="float",
                    payee_organisation__isnull=True,
                    payee_account__isnull=False,
                )
                | Q(
                    payee_kind="float",
                    payee_organisation__isnull=False,
                    payee_account__isnull=True,
                ),
                name="agreement_names_one_payee",
            ),
        ]

    def __str__(self) -> str:
        return f"agreement on {self.award_id}"


class Instalment(models.Model):
    """One part of an award, and the day from which it may be paid."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="instalments")
    number = models.IntegerField()
    pence = models.BigIntegerField()
    due_on = models.DateField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "number"], name="instalment_numbered_once"
            ),
            models.CheckConstraint(
                condition=Q(pence__gt=0, number__gt=0), name="instalment_is_of_something"
            ),
        ]

    def __str__(self) -> str:
        return f"instalment {self.number} of {self.agreement_id}"


class Signature(models.Model):
    """One side's word, given in the app by one account."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=6, choices=Side)
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    day = models.DateField()
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "side"], name="signature_once_a_side"),
            # Nobody signs for both sides.
            models.UniqueConstraint(
                fields=["agreement", "account"], name="signature_once_a_person"
            ),
            models.CheckConstraint(
                condition=Q(side__in=["ours", "theirs"]), name="signature_side_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} of {self.agreement_id}"
