"""What became of the money: receipts, what happened in their words, years of long grants."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ReceiptState(models.TextChoices):
    """The worker's word; `in_words` has the other."""

    WAITING = "waiting", _("To be checked")
    SHOWN = "shown", _("Public")
    SENT_BACK = "sent_back", _("Sent back")


class Receipt(models.Model):
    """A photo or PDF that shows what a payment bought. Public only after somebody looked for
    names and numbers of people on it; `shown` is then the version that the public sees.

    `mark` tells the same file again, `picture` (256 bits of light and dark) the same picture.
    """

    award = models.ForeignKey("awards.Award", on_delete=models.PROTECT, related_name="receipts")
    payment = models.ForeignKey("awards.Payment", on_delete=models.PROTECT, related_name="receipts")
    pence = models.BigIntegerField()
    file = models.OneToOneField("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(max_length=64)
    picture = models.CharField(max_length=64, blank=True)
    looks_like = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="looked_like"
    )
    handed_by = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    handed_in = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=ReceiptState, default=ReceiptState.WAITING)
    shown = models.OneToOneField(
        "files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.ForeignKey(
        "record.Wording", on_delete=models.PROTECT, null=True, related_name="+"
    )
    checked_by = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    checked = models.OneToOneField(
        "record.Leaf", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pence__gt=0), name="receipt_is_of_something"),
            models.UniqueConstraint(
                fields=["payment", "mark"],
                condition=~Q(state="sent_back"),
                name="receipt_once_a_payment",
            ),
            # Whoever handed it in is not the one who says that it may be seen.
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True)
                | Q(handed_by__isnull=True)
                | ~Q(checked_by=models.F("handed_by")),
                name="receipt_checked_by_another",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="waiting",
                    shown__isnull=True,
                    checked__isnull=True,
                    checked_by__isnull=True,
                )
                | Q(
                    state="shown",
                    shown__isnull=False,
                    checked__isnull=False,
                    checked_by__isnull=False,
                )
                | Q(
                    state="sent_back",
                    shown__isnull=True,
                    checked__isnull=False,
                    checked_by__isnull=False,
                    reason__isnull=False,
                ),
                name="receipt_state_has_its_leaf",
            ),
        ]

    def __str__(self) -> str:
        return f"receipt {self.pk} of {self.payment_id}"


class Outcome(models.TextChoices):
    """What happened. That it stopped, changed or taught something is as welcome as success."""

    HAPPENED = "happened", _("It happened")
    CHANGED = "changed", _("It changed on the way")
    STOPPED = "stopped", _("It stopped")
    LEARNED = "learned", _("We learned something")


class ResultNote(models.Model):
    """What happened, in their words. Public once somebody has read it (`shown`)."""

    award = models.ForeignKey("awards.Award", on_delete=models.PROTECT, related_name="results")
    outcome = models.CharField(max_length=8, choices=Outcome)
    words = models.OneToOneField("record.Wording", on_delete=models.PROTECT, related_name="+")
    photo = models.OneToOneField(
        "files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+"
    )
    told_by = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    told = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")
    public_photo = models.OneToOneField(
        "files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+"
    )
    shown_by = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    shown = models.OneToOneField(
        "record.Leaf", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["happened", "changed", "stopped", "learned"]),
                name="result_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(shown__isnull=True, shown_by__isnull=True, public_photo__isnull=True)
                | Q(shown__isnull=False, shown_by__isnull=False),
                name="result_shown_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(shown_by__isnull=True)
                | Q(told_by__isnull=True)
                | ~Q(shown_by=models.F("told_by")),
                name="result_read_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"result of {self.award_id}: {self.outcome}"


class YearReport(models.Model):
    """One year of an unrestricted award: accounts as a file and a page of story; no receipts."""

    award = models.ForeignKey("awards.Award", on_delete=models.PROTECT, related_name="years")
    number = models.IntegerField()
    ends_on = models.DateField()
    accounts = models.OneToOneField("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    story = models.OneToOneField("record.Wording", on_delete=models.PROTECT, related_name="+")
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["award", "number"], name="yearreport_once_a_year"),
            models.CheckConstraint(condition=Q(number__gt=0), name="yearreport_numbered"),
        ]

    def __str__(self) -> str:
        return f"year {self.number} of {self.award_id}"
