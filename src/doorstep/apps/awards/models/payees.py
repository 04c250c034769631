"""New bank details wait, and somebody calls back before a penny goes there."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class HeldFrom(models.TextChoices):
    """Where the number that was called had been held. A request's own number is not among them:
    whoever sends false bank details sends a false number beside them."""

    OUR_RECORDS = "our_records", _("our own records from before this request")
    REGISTER = "register", _("a public register, such as the Charity Commission’s")
    IN_PERSON = "in_person", _("they were seen in person, and known")


class Confirmation(models.TextChoices):
    """What the bank's Confirmation of Payee said of the name on the account."""

    MATCH = "match", _("the name matches")
    CLOSE = "close", _("the name is close, and the difference is explained")
    NO_MATCH = "no_match", _("the name does not match")
    UNAVAILABLE = "unavailable", _("the bank could not check")


class MandateHold(models.Model):
    """Bank details as they came in: who typed them, and the first day they may be paid to."""

    mandate = models.OneToOneField(
        "organisations.BankMandate", on_delete=models.PROTECT, related_name="hold"
    )
    entered_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    entered_on = models.DateField()
    clear_from = models.DateField()
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(clear_from__gt=models.F("entered_on")), name="mandatehold_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"hold on {self.mandate_id} until {self.clear_from}"


class MandateCheck(models.Model):
    """A call back by somebody else, to a number that was held already, and what came of it."""

    mandate = models.ForeignKey(
        "organisations.BankMandate", on_delete=models.PROTECT, related_name="checks"
    )
    called_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    called_on = models.DateField()
    held_from = models.CharField(max_length=11, choices=HeldFrom)
    confirmation = models.CharField(max_length=11, choices=Confirmation)
    confirmed = models.BooleanField()
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(held_from__in=["our_records", "register", "in_person"]),
                name="mandatecheck_number_was_held",
            ),
            models.CheckConstraint(
                condition=Q(confirmation__in=["match", "close", "no_match", "unavailable"]),
                name="mandatecheck_confirmation_known",
            ),
            models.CheckConstraint(
                condition=Q(confirmed=False) | ~Q(confirmation="no_match"),
                name="mandatecheck_name_not_refused",
            ),
        ]

    def __str__(self) -> str:
        return f"check of {self.mandate_id} on {self.called_on}"
