"""A poll: what happens to a round between its freeze and its count."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PollState(models.TextChoices):
    """Where a poll stands. It only moves forward, which the database holds."""

    PREPARED = "prepared", _("codes can be printed")
    OPEN = "open", _("voting is open")
    ENDED = "ended", _("voting has ended; the box is shut")
    OPENED = "opened", _("the box was opened")
    SEALED = "sealed", _("who cast which ballot is destroyed")


NEIGHBOUR_WORDS = {
    PollState.PREPARED: _("voting has not begun"),
    PollState.OPEN: _("voting is open"),
    PollState.ENDED: _("voting has ended"),
    PollState.OPENED: _("the ballots are out of their envelopes"),
    PollState.SEALED: _("nobody can join a ballot to a voter any more"),
}


class Poll(models.Model):
    """One round's vote by code. What is sealed for whom, and how long, is fixed when it opens."""

    round = models.OneToOneField(
        "rounds.Round", on_delete=models.PROTECT, primary_key=True, related_name="poll"
    )
    state = models.CharField(max_length=8, choices=PollState, default=PollState.PREPARED)
    # An uncompressed point of P-256, 65 bytes, and the length to which each ballot is padded.
    public_key = models.BinaryField(null=True)
    padded_to = models.PositiveSmallIntegerField(null=True)
    opening = models.OneToOneField(
        "record.Leaf", on_delete=models.PROTECT, related_name="+", null=True
    )
    ending = models.OneToOneField(
        "record.Leaf", on_delete=models.PROTECT, related_name="+", null=True
    )

    # Something was destroyed, and the database is not rewritten yet (`actions/rewriting.py`).
    rewrite_owed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                # Sealed without them: its round was called off before voting opened.
                condition=Q(state__in=["prepared", "sealed"], opening=None, ending=None)
                | Q(
                    state="open",
                    opening__gt=0,
                    ending=None,
                    public_key__isnull=False,
                    padded_to__gt=0,
                )
                | Q(
                    state__in=["ended", "opened", "sealed"],
                    opening__gt=0,
                    ending__gt=0,
                    public_key__isnull=False,
                    padded_to__gt=0,
                ),
                name="poll_state_has_its_leaves",
            ),
        ]

    def __str__(self) -> str:
        return f"poll of round {self.round_id}: {self.state}"

    @property
    def neighbour_word(self) -> str:
        return str(NEIGHBOUR_WORDS[PollState(self.state)])
