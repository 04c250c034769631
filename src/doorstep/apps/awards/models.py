"""Awards: money promised to something, each pointing to the decision that promised it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Award(models.Model):
    """Money promised. Whatever kind of decision made it, `decision` is that decision's leaf.

    `project` is set when the decision was a round's; a line of an endorsed plan, a meeting or a
    delegated limit leave it empty.
    """

    class State(models.TextChoices):
        COMMITTED = "committed", _("Committed")

    slug = models.SlugField(max_length=50, unique=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="awards")
    project = models.OneToOneField(
        "rounds.Project", on_delete=models.PROTECT, related_name="award", null=True
    )
    title = models.ForeignKey("record.Wording", on_delete=models.PROTECT, related_name="+")
    is_example = models.BooleanField(default=False)
    pence = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.COMMITTED)
    decision = models.ForeignKey(
        "record.Leaf", on_delete=models.PROTECT, related_name="awards_decided"
    )
    made = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="award")
    commitment = models.OneToOneField(
        "ledger.Journal", on_delete=models.PROTECT, related_name="award"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pence__gt=0), name="award_is_of_something"),
        ]
        indexes = [models.Index(fields=["place", "-id"], name="awards_of_a_place")]

    def __str__(self) -> str:
        return self.slug
