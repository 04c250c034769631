"""Ballots on paper: printed in numbered stacks, keyed twice, signed off by two people.

A sheet has a number in its stack and a tracker on its slip. Neither says whose it is: which voter
got which sheet is written down nowhere.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from doorstep.apps.people.models import Account
from doorstep.apps.rounds.models import Round

SHEETS_AT_MOST = 500


class Print(models.TextChoices):
    """How a ballot paper looks. All three are counted alike."""

    NORMAL = "normal", _("normal")
    LARGE = "large", _("large print")
    EASY = "easy", _("easy read")


class PaperStack(models.Model):
    """One print run of ballot papers. Signed off by two people when every paper is keyed."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="paper_stacks")
    number = models.PositiveSmallIntegerField()
    look = models.CharField(max_length=6, choices=Print)
    language = models.CharField(max_length=2)
    sheets_printed = models.PositiveSmallIntegerField()
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")
    signed = models.OneToOneField(
        "record.Leaf", on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="paperstack_number_once"),
            models.CheckConstraint(
                condition=Q(sheets_printed__gt=0) & Q(sheets_printed__lte=SHEETS_AT_MOST),
                name="paperstack_of_some",
            ),
            models.CheckConstraint(
                condition=Q(look__in=["normal", "large", "easy"]), name="paperstack_look_known"
            ),
        ]

    def __str__(self) -> str:
        return f"stack {self.number} of round {self.round_id}"


class PaperSheet(models.Model):
    """One ballot paper: its number in the stack, and a hash of the tracker printed on it."""

    stack = models.ForeignKey(PaperStack, on_delete=models.PROTECT, related_name="sheets")
    number = models.PositiveSmallIntegerField()
    tracker_hash = models.BinaryField(unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stack", "number"], name="papersheet_number_once"),
            models.CheckConstraint(
                condition=Exact(Length("tracker_hash"), 32), name="papersheet_hash_is_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"paper {self.number} of stack {self.stack_id}"


class Keying(models.Model):
    """A whole ballot as one person read it off the paper. `choice` is null for a spoilt one."""

    sheet = models.ForeignKey(PaperSheet, on_delete=models.PROTECT, related_name="keyings")
    keyer = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    tracker = models.CharField(max_length=60)
    choice = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "keyer"], name="keying_once_each"),
        ]

    def __str__(self) -> str:
        return f"keying of paper {self.sheet_id}"


class StackCount(models.Model):
    """How many papers of a stack came back, as one of two people counted them by hand."""

    stack = models.ForeignKey(PaperStack, on_delete=models.PROTECT, related_name="counts")
    counter = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    returned = models.PositiveSmallIntegerField()

    class Meta:
        ordering = [F("pk").asc()]
        constraints = [
            models.UniqueConstraint(fields=["stack", "counter"], name="stackcount_once_each"),
        ]

    def __str__(self) -> str:
        return f"{self.returned} in stack {self.stack_id}"
