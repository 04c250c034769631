"""Awards: money promised to something, each pointing to the decision that promised it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AwardKind(models.TextChoices):
    """What an award asks of whoever gets it."""

    PROJECT = "project", _("project")
    UNRESTRICTED = "unrestricted", _("unrestricted")
    QUICK = "quick", _("quick")


class Award(models.Model):
    """Money promised. Whatever kind of decision made it, `decision` is that decision's leaf.

    `project` is set when the decision was a round's; a line of an endorsed plan, a meeting or a
    delegated limit leave it empty.
    """

    class State(models.TextChoices):
        """The worker's word; `NEIGHBOUR_WORDS` has the other."""

        COMMITTED = "committed", _("Committed")
        AGREED = "agreed", _("Agreed")
        IN_PROGRESS = "in_progress", _("In progress")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    NEIGHBOUR_WORDS = {
        State.COMMITTED: _("Promised"),
        State.AGREED: _("Signed by both sides"),
        State.IN_PROGRESS: _("Under way"),
        State.CLOSED: _("Finished"),
        State.CANCELLED: _("Not going ahead"),
    }

    slug = models.SlugField(max_length=50, unique=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="awards")
    project = models.OneToOneField(
        "rounds.Project", on_delete=models.PROTECT, related_name="award", null=True
    )
    title = models.ForeignKey("record.Wording", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=AwardKind, default=AwardKind.PROJECT)
    is_example = models.BooleanField(default=False)
    pence = models.BigIntegerField()
    state = models.CharField(max_length=11, choices=State, default=State.COMMITTED)
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
            models.CheckConstraint(
                condition=Q(kind__in=["project", "unrestricted", "quick"]), name="award_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["committed", "agreed", "in_progress", "closed", "cancelled"]
                ),
                name="award_state_known",
            ),
        ]
        indexes = [models.Index(fields=["place", "-id"], name="awards_of_a_place")]

    def __str__(self) -> str:
        return self.slug

    @property
    def in_words(self) -> str:
        """The neighbour's words for its state."""
        return str(self.NEIGHBOUR_WORDS[self.State(self.state)])
