"""Where a group's money goes, who may sign for it, and how that is changed by two people."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doorstep.apps.organisations.models.bodies import Organisation
from doorstep.apps.people.models import Account
from doorstep.apps.people.spells import Spell


class BankMandate(Spell):
    """The account that money for an organisation, or back to a person, is paid into.

    The number is readable only with the install's secret (strongbox.py); the page shows the last
    three digits. Neither enters a leaf, a log line or an export.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="mandates"
    )
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="mandates"
    )
    account_name = models.CharField(max_length=140)
    sealed_number = models.TextField(editable=False)
    last_three = models.CharField(max_length=3)
    # How many of those who may sign must sign together; None while nobody has said.
    signatures = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            *Spell.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(last_three__length=3, account_name__length__gt=0),
                name="bankmandate_shows_three_digits",
            ),
            # An eight-digit number or a sort code is far shorter than anything sealed.
            models.CheckConstraint(
                condition=models.Q(sealed_number__length__gte=60), name="bankmandate_is_sealed"
            ),
            models.CheckConstraint(
                condition=models.Q(signatures__isnull=True)
                | models.Q(signatures__gte=1, signatures__lte=5),
                name="bankmandate_is_signed_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(until__isnull=True),
                name="bankmandate_open_once",
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(until__isnull=True),
                name="bankmandate_open_once_a_person",
            ),
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=True, account__isnull=False)
                | models.Q(organisation__isnull=False, account__isnull=True),
                name="bankmandate_of_one_payee",
            ),
        ]

    def __str__(self) -> str:
        return f"account ending {self.last_three}"


class Signatory(Spell):
    """Somebody who may sign for the group's bank account, on dated days."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="signatories"
    )
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            *Spell.Meta.constraints,
            models.UniqueConstraint(
                fields=["organisation", "account"],
                condition=Q(until__isnull=True),
                name="signatory_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"signs for {self.organisation_id}"


class ChangeState(models.TextChoices):
    WAITING = "waiting", _("waits for a second person")
    CONFIRMED = "confirmed", _("confirmed by a second person")
    REFUSED = "refused", _("refused")
    LAPSED = "lapsed", _("nobody confirmed it in time")


class MandateChange(models.Model):
    """New bank details as one officer asks for them. Nothing is paid there before another officer
    confirms, the hold has passed and somebody called back (`awards`)."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="mandate_changes"
    )
    account_name = models.CharField(max_length=140)
    sealed_number = models.TextField(editable=False)
    last_three = models.CharField(max_length=3)
    signatures = models.PositiveSmallIntegerField()
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField()
    last_day = models.DateField()
    state = models.CharField(max_length=9, choices=ChangeState, default=ChangeState.WAITING)
    decided_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField(null=True)
    mandate = models.OneToOneField(
        BankMandate, on_delete=models.PROTECT, null=True, related_name="change"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(state="waiting"),
                name="mandatechange_one_waits",
            ),
            models.CheckConstraint(
                condition=Q(signatures__gte=1, signatures__lte=5),
                name="mandatechange_is_signed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(last_three__length=3, account_name__length__gt=0),
                name="mandatechange_shows_three_digits",
            ),
            models.CheckConstraint(
                condition=Q(sealed_number__length__gte=60)
                | Q(sealed_number="") & ~Q(state="waiting"),
                name="mandatechange_is_sealed_or_forgotten",
            ),
            models.CheckConstraint(
                condition=Q(last_day__gt=F("asked_on")), name="mandatechange_may_be_answered"
            ),
            # One state each, with what it needs: so a change can never be confirmed by its asker.
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by=None, decided_on__isnull=True, mandate=None)
                | Q(state="lapsed", decided_by=None, decided_on__isnull=False, mandate=None)
                | Q(
                    state="refused",
                    decided_by__isnull=False,
                    decided_on__isnull=False,
                    mandate=None,
                )
                | Q(
                    ~Q(decided_by=F("asked_by")),
                    state="confirmed",
                    decided_by__isnull=False,
                    decided_on__isnull=False,
                    mandate__isnull=False,
                ),
                name="mandatechange_takes_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"change to an account ending {self.last_three}"
