"""Who is first in line and what each place gets: as it was proposed, and as it was decided.

A proposal holds everything that the answer follows from: the programme's rules, the pot, the
checksums of the files, and of every area its people, scores and ranks. So the choice of places and
each share under any rule can be worked out again from these rows alone, by anybody, for ever.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .money import Fund


class Proposal(models.Model):
    """A pot to be shared by a programme's rules, and what it would be shared from.

    `programme` is the rules as data, `inputs` the files with checksum and licence, `lost` what
    carrying figures over from older boundaries cost, in words.
    """

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="proposals")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    on = models.DateField()
    unit = models.CharField(max_length=20)
    boundary_year = models.PositiveSmallIntegerField()
    small_unit = models.CharField(max_length=20)
    small_year = models.PositiveSmallIntegerField()
    programme = models.JSONField()
    pot_pence = models.BigIntegerField()
    need = models.CharField(max_length=60)
    floor_pence = models.BigIntegerField()
    ceiling_pence = models.BigIntegerField(null=True)
    steps = models.JSONField()
    inputs = models.JSONField()
    lost = models.JSONField()
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "slug"], name="proposal_named_once"),
            models.CheckConstraint(condition=Q(pot_pence__gt=0), name="proposal_shares_something"),
            models.CheckConstraint(
                condition=Q(floor_pence__gte=0)
                & (Q(ceiling_pence__isnull=True) | Q(ceiling_pence__gte=models.F("floor_pence"))),
                name="proposal_floor_is_under_its_ceiling",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProposedPlace(models.Model):
    """One area of a proposal: its figures, and whether the rules let it be first in line.

    `reasons` are [code, parameters] of the engine; `position` is its place among those that meet
    every rule, None where one is not met.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="places")
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    council = models.CharField(max_length=12, blank=True)
    residents = models.PositiveIntegerField()
    scores = models.JSONField()
    ranks = models.JSONField()
    chosen = models.BooleanField()
    position = models.PositiveIntegerField(null=True)
    reasons = models.JSONField()

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "code"], name="proposed_place_once"),
            models.CheckConstraint(condition=Q(residents__gt=0), name="proposed_place_has_people"),
            models.CheckConstraint(
                condition=Q(chosen=False) | Q(position__isnull=False),
                name="chosen_place_stands_in_line",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.code


class Decision(models.Model):
    """The rule by which a proposal's pot is shared, and why: frozen, and told in public."""

    class Rule(models.TextChoices):
        EQUAL = "equal", _("Equally")
        PER_HEAD = "per_head", _("By people")
        NEED_WEIGHTED = "need_weighted", _("By need")
        STEPS = "steps", _("By steps")

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="decision")
    rule = models.CharField(max_length=16, choices=Rule)
    reason = models.ForeignKey("record.Wording", on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField()
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rule__in=["equal", "per_head", "need_weighted", "steps"]),
                name="decision_rule_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal}, {self.get_rule_display()}"


class DecidedShare(models.Model):
    """What one place gets by a decision, and the engine's reason for that sum."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="shares")
    place = models.OneToOneField(ProposedPlace, on_delete=models.PROTECT, related_name="share")
    pence = models.BigIntegerField()
    reason = models.JSONField()

    class Meta:
        ordering = ["-pence", "place__code"]
        constraints = [
            models.CheckConstraint(condition=Q(pence__gte=0), name="decided_share_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.place_id}: {self.pence}"
