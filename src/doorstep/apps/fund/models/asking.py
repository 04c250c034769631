"""What one person asks of a fund and another answers: no money moves on one person's word."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .money import Fund


class StepKind(models.TextChoices):
    """Everything that moves a fund's money, in the order of its walk."""

    RECEIVE = "receive", _("Forgotten money arrived")
    MATCH = "match", _("Match arrived")
    RECLAIM = "reclaim", _("Pay an owner who came forward")
    RELEASE = "release", _("Release from a reserve")
    COSTS = "costs", _("Pay for running the fund")
    ASIDE = "aside", _("Set money aside for a programme")
    WAVE = "wave", _("Promise a wave of places its shares")
    ALLOCATE = "allocate", _("Give one place its share at once")
    DRAW = "draw", _("Draw a part of a share")
    BACK = "back", _("Give money back to the fund")
    END = "end", _("End a term: what was not drawn goes back")
    UNDO = "undo", _("Take an entry back")


class Step(models.Model):
    """A step that somebody asks for. It moves nothing until another person says yes.

    `said` holds its sums, days and ids as JSON; `words` what it says in words (a giver, a payee, a
    reason), kept apart so that they can be erased.
    """

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=StepKind)
    said = models.JSONField()
    words = models.ForeignKey("record.Wording", on_delete=models.PROTECT, null=True)
    reference = models.CharField(max_length=80, unique=True)
    asked_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    asked_role = models.CharField(max_length=40)
    asked_on = models.DateField()
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=StepKind.values), name="step_kind_known"),
            models.CheckConstraint(
                condition=Q(asked_role__in=["funder", "partnership_member", "finance_officer"]),
                name="step_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.pk})"


class StepAnswer(models.Model):
    """What a second person said: yes, with the entry that it became, or no, with a reason.

    Who asked may only take it back. A seal keeps that a yes is another person's.
    """

    step = models.OneToOneField(Step, on_delete=models.PROTECT, related_name="answer")
    agreed = models.BooleanField()
    reason = models.ForeignKey(
        "record.Wording", on_delete=models.PROTECT, null=True, related_name="+"
    )
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    answered_on = models.DateField()
    journal = models.OneToOneField("ledger.Journal", on_delete=models.PROTECT, null=True)
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed=True, journal__isnull=False, reason__isnull=True)
                | Q(agreed=False, journal__isnull=True, reason__isnull=False),
                name="step_answer_has_its_entry_or_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step_id}: {'yes' if self.agreed else 'no'}"
