"""The agreement with the council: what each side owes the other, by when, and who signed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doorstep.apps.organisations.models import Organisation
from doorstep.apps.partnerships.models.members import Partnership
from doorstep.apps.partnerships.models.outcomes import ItemDecision
from doorstep.apps.people.models import Account
from doorstep.apps.record.models import Leaf, Wording


class CouncilState(models.TextChoices):
    DRAFT = "draft", _("being written")
    OFFERED = "offered", _("waits for both signatures")
    SIGNED = "signed", _("signed by both sides")
    ENDED = "ended", _("ended")


class CouncilSide(models.TextChoices):
    PARTNERSHIP = "partnership", _("the partnership")
    COUNCIL = "council", _("the council")


class CouncilAgreement(models.Model):
    """One agreement of a partnership with its council; `number` counts from 1. While it is a draft
    its duties stand in `draft`, for members alone; once offered they are written down for good."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="council_agreements"
    )
    number = models.PositiveSmallIntegerField()
    council = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=CouncilState, default=CouncilState.DRAFT)
    draft = models.JSONField(default=list)
    decision = models.ForeignKey(
        ItemDecision, on_delete=models.PROTECT, null=True, related_name="+"
    )
    why = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, related_name="+")
    offered = models.OneToOneField(
        Leaf, on_delete=models.PROTECT, null=True, related_name="council_offered"
    )
    ended = models.OneToOneField(
        Leaf, on_delete=models.PROTECT, null=True, related_name="council_ended"
    )
    reason = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="council_number_once"),
            models.UniqueConstraint(
                fields=["partnership"], condition=~Q(state="ended"), name="council_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "offered", "signed", "ended"]),
                name="council_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(offered__isnull=False),
                name="council_is_offered_by_a_leaf",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(decision__isnull=False) | Q(why__isnull=False),
                name="council_is_decided_or_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(ended__isnull=False, reason__isnull=False),
                name="council_ends_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"agreement {self.number} with {self.council_id}"


class CouncilDuty(models.Model):
    """What one side owes under an agreement: for the first time on a day, and then `every` so many
    months; 0 is once. Each time is a promise of that side, as a body. Never changed."""

    class Every(models.IntegerChoices):
        ONCE = 0, _("once")
        MONTH = 1, _("every month")
        QUARTER = 3, _("every three months")
        HALF = 6, _("every six months")
        YEAR = 12, _("every year")

    agreement = models.ForeignKey(CouncilAgreement, on_delete=models.PROTECT, related_name="duties")
    number = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=12, choices=CouncilSide)
    words = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    every = models.PositiveSmallIntegerField(choices=Every)
    first_on = models.DateField()

    class Meta:
        ordering = ["agreement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="duty_number_once"),
            models.CheckConstraint(
                condition=Q(side__in=["partnership", "council"]), name="duty_side_known"
            ),
            models.CheckConstraint(
                condition=Q(every__in=[0, 1, 3, 6, 12]), name="duty_rhythm_known"
            ),
        ]

    def __str__(self) -> str:
        return f"duty {self.number}"


class CouncilSignature(models.Model):
    """One side's signature; with the second the duties are owed."""

    agreement = models.ForeignKey(
        CouncilAgreement, on_delete=models.PROTECT, related_name="signatures"
    )
    side = models.CharField(max_length=12, choices=CouncilSide)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    leaf = models.OneToOneField(Leaf, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["agreement", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "side"], name="council_signed_once_a_side"
            ),
            models.UniqueConstraint(
                fields=["agreement", "account"], name="council_takes_two_people"
            ),
            models.CheckConstraint(
                condition=Q(side__in=["partnership", "council"]), name="council_side_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} of agreement {self.agreement_id}"
