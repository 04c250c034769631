"""How a seat is filled: by the members together, by a vote of the neighbours, or by lot."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doorstep.apps.partnerships.models.members import Membership, Partnership
from doorstep.apps.partnerships.models.outcomes import ItemDecision
from doorstep.apps.people.models import Account
from doorstep.apps.record.models import Leaf, Wording


class FillingState(models.TextChoices):
    OPEN = "open", _("open")
    FILLED = "filled", _("filled")
    DROPPED = "dropped", _("not filled")


class Filling(models.Model):
    """Seats that are to be filled, and how. People may stand until `closes_on`, the first day on
    which they no longer may. For a lot, `seed_from` says beforehand what public thing the seed
    will be; for an election it settles ties. Whoever opened it does not settle it alone.
    """

    class How(models.TextChoices):
        COOPTION = "cooption", _("co-option: the members decide at a meeting")
        ELECTION = "election", _("election: neighbours vote at an open meeting")
        LOT = "lot", _("lot: drawn among all who stand")

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="fillings")
    number = models.PositiveIntegerField()
    how = models.CharField(max_length=10, choices=How)
    seats = models.PositiveSmallIntegerField()
    closes_on = models.DateField()
    seed_from = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    seed = models.CharField(max_length=200, blank=True)
    decision = models.ForeignKey(
        ItemDecision, on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(max_length=8, choices=FillingState, default=FillingState.OPEN)
    opened_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    opened = models.OneToOneField(Leaf, on_delete=models.PROTECT, related_name="filling_opened")
    ended = models.OneToOneField(
        Leaf, on_delete=models.PROTECT, null=True, related_name="filling_ended"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="filling_number_once"),
            models.CheckConstraint(
                condition=Q(how__in=["cooption", "election", "lot"]), name="filling_how_known"
            ),
            models.CheckConstraint(condition=Q(seats__gt=0), name="filling_of_some_seats"),
            models.CheckConstraint(
                condition=Q(state="open", ended__isnull=True)
                | Q(state__in=["filled", "dropped"], ended__isnull=False),
                name="filling_ends_by_a_leaf",
            ),
            models.CheckConstraint(
                condition=~Q(state="filled", how="lot") | ~Q(seed=""),
                name="filling_by_lot_has_a_seed",
            ),
            models.CheckConstraint(
                condition=~Q(state="filled", how="cooption") | Q(decision__isnull=False),
                name="filling_by_members_has_a_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"filling {self.number}"


class Candidate(models.Model):
    """Somebody who stands. `number` is their place in the order in which they stood."""

    filling = models.ForeignKey(Filling, on_delete=models.PROTECT, related_name="candidates")
    number = models.PositiveSmallIntegerField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    name = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    lives_here = models.BooleanField()
    votes = models.PositiveIntegerField(null=True)
    membership = models.OneToOneField(
        Membership, on_delete=models.PROTECT, null=True, related_name="chosen_as"
    )

    class Meta:
        ordering = ["filling", "number"]
        constraints = [
            models.UniqueConstraint(fields=["filling", "number"], name="candidate_number_once"),
            models.UniqueConstraint(fields=["filling", "account"], name="candidate_stands_once"),
        ]

    def __str__(self) -> str:
        return f"candidate {self.number}"
