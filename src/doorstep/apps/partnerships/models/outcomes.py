"""What came of each item: who was in the room, who stayed out, how it was decided; the minutes."""

from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from doorstep.apps.partnerships.models.meetings import AgendaItem, Meeting
from doorstep.apps.partnerships.models.members import Interest, Membership
from doorstep.apps.record.models import Leaf, Wording


class Method(models.TextChoices):
    HANDS = "hands", _("show of hands")
    BALLOT = "ballot", _("slips of paper")
    CONSENT = "consent", _("nobody objected")
    NONE = "none", _("no vote")


class Outcome(models.TextChoices):
    CARRIED = "carried", _("agreed")
    LOST = "lost", _("not agreed")
    NOT_DECIDED = "not_decided", _("not decided")
    NOTED = "noted", _("heard")


class Presence(models.Model):
    """One member in the room at one item. `stays_out` is the interest that keeps them from the
    vote and from the quorum; empty for who takes part. Written with the item's outcome, once."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="presences")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="presences")
    lives_here = models.BooleanField()
    stays_out = models.CharField(max_length=20, choices=Interest.Kind, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "membership"], name="presence_once"),
            models.CheckConstraint(
                condition=Q(stays_out__in=["", "direct", "indirect", "loyalty"]),
                name="presence_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"member {self.membership_id} at item {self.item_id}"


VOTED = Q(outcome__in=["carried", "lost"])


class ItemDecision(models.Model):
    """How one item ended, with the sum that makes it valid. Never changed.

    `counted` are those who took part: in the room, and not staying out; `residents` of them live
    in the area. `quorum` (people) and `majority` (percent) are the rules of that day. What has
    neither is not decided, and the database refuses any other word for it.
    """

    item = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, related_name="decision")
    method = models.CharField(max_length=10, choices=Method)
    in_favour = models.PositiveIntegerField()
    against = models.PositiveIntegerField()
    abstained = models.PositiveIntegerField()
    present = models.PositiveIntegerField()
    counted = models.PositiveIntegerField()
    residents = models.PositiveIntegerField()
    quorum = models.PositiveIntegerField()
    majority = models.PositiveIntegerField()
    chair = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome)
    note = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField()
    leaf = models.OneToOneField(Leaf, on_delete=models.PROTECT, related_name="meeting_decision")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(method__in=["hands", "ballot", "consent", "none"]),
                name="outcome_method_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["carried", "lost", "not_decided", "noted"]),
                name="outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(VOTED, counted=F("in_favour") + F("against") + F("abstained"))
                | Q(~VOTED, in_favour=0, against=0, abstained=0),
                name="outcome_counts_everybody",
            ),
            models.CheckConstraint(
                condition=~VOTED
                | Q(
                    GreaterThanOrEqual(F("residents") * 100, F("counted") * F("majority")),
                    counted__gte=F("quorum"),
                ),
                name="outcome_needs_quorum_and_residents",
            ),
            models.CheckConstraint(
                condition=Q(outcome="carried", in_favour__gt=F("against"))
                | Q(outcome="lost", in_favour__lte=F("against"))
                | ~VOTED,
                name="outcome_follows_the_votes",
            ),
            models.CheckConstraint(
                condition=~VOTED | Q(chair__isnull=False), name="outcome_has_a_chair"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} at item {self.item_id}"

    @property
    def stayed_out(self) -> int:
        return self.present - self.counted


class MinutesStep(models.Model):
    """What became of a meeting's minutes: drafted, agreed by a later meeting, published."""

    class Kind(models.TextChoices):
        DRAFTED = "drafted", _("drafted")
        AGREED = "agreed", _("agreed")
        PUBLISHED = "published", _("published")

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="minutes")
    seq = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey(
        ItemDecision, on_delete=models.PROTECT, null=True, related_name="agreed_minutes"
    )
    on = models.DateField()
    leaf = models.ForeignKey(Leaf, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["meeting", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "seq"], name="minutes_in_their_order"),
            models.CheckConstraint(
                condition=Q(kind__in=["drafted", "agreed", "published"]),
                name="minutes_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="agreed", decision__isnull=False)
                | Q(~Q(kind="agreed"), decision__isnull=True),
                name="minutes_are_agreed_by_a_meeting",
            ),
        ]

    def __str__(self) -> str:
        return f"minutes {self.kind}"
