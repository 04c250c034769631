"""Codes: what was planned, what was printed, the hash of each. In clear they are on paper alone."""

import secrets

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doorstep.apps.rounds.models import Round

RUN_AT_MOST = 500
TRIES = 5


def random_id() -> int:
    """A row's number that tells nothing about when it was made."""
    return secrets.randbits(53) or 1


class Channel(models.TextChoices):
    """How a code reaches its voter."""

    LETTER = "letter", _("letters")
    DESK = "desk", _("cards at the desk")
    DOOR = "door", _("cards at doors")


class CodePlan(models.Model):
    """So many codes by this channel in this area. Fixed when the round is frozen."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="code_plans")
    channel = models.CharField(max_length=6, choices=Channel)
    # Empty for the whole place. Words, so that the leaf can commit to them and law can erase them.
    area = models.OneToOneField(
        "record.Wording", on_delete=models.PROTECT, related_name="+", null=True
    )
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(count__gt=0), name="codeplan_of_some"),
        ]

    def __str__(self) -> str:
        return f"{self.count} by {self.channel}"

    @property
    def area_name(self) -> str:
        return self.area.text if self.area else str(_("the whole place"))


class CodeBatch(models.Model):
    """One print run, committed to in the record before voting opens."""

    plan = models.ForeignKey(CodePlan, on_delete=models.PROTECT, related_name="batches")
    number = models.PositiveSmallIntegerField()
    count = models.PositiveSmallIntegerField()
    root = models.BinaryField()
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")
    # A run that a printer chewed: its codes are void, and the plan may print as many again.
    spoiled = models.OneToOneField(
        "record.Leaf", on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="codebatch_number_once"),
            models.CheckConstraint(
                condition=Q(count__gt=0) & Q(count__lte=RUN_AT_MOST), name="codebatch_of_some"
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.number} of {self.plan}"


class CodeState(models.TextChoices):
    """Only an issued code counts. A code leaves that state once, and never comes back."""

    ISSUED = "issued", _("in use")
    VOIDED = "voided", _("void")
    REPLACED = "replaced", _("replaced by another")
    RETURNED = "returned", _("its letter came back")


class Credential(models.Model):
    """One code as we know it: its public part, and a slow hash of its secret part."""

    id = models.BigIntegerField(primary_key=True, default=random_id)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="credentials")
    batch = models.ForeignKey(CodeBatch, on_delete=models.PROTECT, related_name="credentials")
    selector = models.CharField(max_length=4)
    salt = models.BinaryField()
    hashed = models.BinaryField()
    tries_left = models.PositiveSmallIntegerField(default=TRIES)
    state = models.CharField(max_length=8, choices=CodeState, default=CodeState.ISSUED)
    # Given out at the desk in place of another. Which other is nobody's business.
    is_replacement = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "selector"], name="credential_selector_once"),
            models.CheckConstraint(
                condition=Q(tries_left__lte=TRIES), name="credential_tries_within_five"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["issued", "voided", "replaced", "returned"]),
                name="credential_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"code {self.selector}: {self.state}"


class LetterAddress(models.Model):
    """Where a letter goes, for the desk alone. Destroyed when the poll is sealed."""

    plan = models.ForeignKey(CodePlan, on_delete=models.PROTECT, related_name="addresses")
    position = models.PositiveIntegerField()
    lines = models.TextField()
    credential = models.OneToOneField(
        Credential, on_delete=models.PROTECT, related_name="address", null=True
    )

    class Meta:
        ordering = [F("position").asc()]
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="address_position_once"),
        ]

    def __str__(self) -> str:
        return f"letter {self.position}"
