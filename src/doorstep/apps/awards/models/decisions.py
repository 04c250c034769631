"""Decisions of a partnership that no ballot made: a line of its plan, a meeting, a delegation."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class DecisionKind(models.TextChoices):
    """Each is the kind of its leaf."""

    PLAN_LINE = "plan.line_agreed", _("a line of the plan")
    MEETING = "meeting.decided", _("a meeting")
    DELEGATION = "delegation.agreed", _("a delegated limit")


class Decision(models.Model):
    """What was decided, up to how much, and how many voted or stayed out, by role and not by name.

    `voted` and `recused` map a role to a number of people.
    """

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=20, choices=DecisionKind)
    title = models.ForeignKey("record.Wording", on_delete=models.PROTECT, related_name="+")
    pence = models.BigIntegerField()
    decided_on = models.DateField()
    voted = models.JSONField()
    recused = models.JSONField()
    leaf = models.OneToOneField(
        "record.Leaf", on_delete=models.PROTECT, related_name="partnership_decision"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pence__gt=0), name="decision_is_of_something"),
            models.CheckConstraint(
                condition=Q(kind__in=["plan.line_agreed", "meeting.decided", "delegation.agreed"]),
                name="decision_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.decided_on}"


class Delegation(models.Model):
    """What one role may give by itself between two days: at most `decision.pence` a grant, and
    `month_pence` in a calendar month. It may be ended early, never lengthened."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="delegation")
    holder_role = models.CharField(max_length=40)
    month_pence = models.BigIntegerField()
    since = models.DateField()
    until = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="delegation_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(
                    holder_role__in=["partnership_member", "finance_officer", "worker", "funder"]
                ),
                name="delegation_holder_known",
            ),
            models.CheckConstraint(
                condition=Q(month_pence__gt=0), name="delegation_is_of_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder_role} from {self.since} until {self.until}"
