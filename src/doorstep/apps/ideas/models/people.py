"""Who hears of an idea, and what waits for a code. No address stands in any leaf.

These rows are working papers, not record: they may go, and do, when nobody needs them any more.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from doorstep.apps.ideas.models.ideas import Idea


class Follower(models.Model):
    """An address that hears of an idea: its author's, or a supporter's who confirmed it."""

    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="followers")
    contact = models.ForeignKey("outbox.Contact", on_delete=models.CASCADE, related_name="+")
    is_author = models.BooleanField(default=False)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["idea", "contact"], name="follower_hears_once"),
            models.UniqueConstraint(
                fields=["idea"], condition=Q(is_author=True), name="follower_one_author"
            ),
        ]

    def __str__(self) -> str:
        return f"follower {self.pk} of idea {self.idea_id}"


class Unconfirmed(models.Model):
    """A proposal, or the wish to follow an idea, until the e-mailed code comes back.

    The code is kept as a keyed hash. When it is done the words are forgotten here, and `idea`
    names what came of them, so that sending twice does no harm.
    """

    token = models.CharField(max_length=43, unique=True)
    round = models.ForeignKey("rounds.Round", on_delete=models.CASCADE, related_name="+")
    follows = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="+", null=True)
    said = models.JSONField(default=dict)
    photo = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, related_name="+", null=True
    )
    contact = models.ForeignKey("outbox.Contact", on_delete=models.CASCADE, related_name="+")
    code_hash = models.CharField(max_length=64)
    tries_left = models.PositiveSmallIntegerField()
    codes_sent = models.PositiveSmallIntegerField(default=1)
    expires_at = models.DateTimeField()
    made_at = models.DateTimeField(default=timezone.now)
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="+", null=True)

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="unconfirmed_by_age")]

    def __str__(self) -> str:
        return f"unconfirmed {self.pk}"
