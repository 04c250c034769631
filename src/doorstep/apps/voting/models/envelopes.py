"""What a code was used for, and the sealed ballots that it cast."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doorstep.apps.rounds.models import Round
from doorstep.apps.voting.models.codes import Credential


class Way(models.TextChoices):
    ONLINE = "online", _("online")
    PAPER = "paper", _("on paper")


class Claim(models.Model):
    """A code's one use. Its key is the code, so no code can count twice, on whatever channel.

    Paper replaces online, and nothing replaces paper.
    """

    credential = models.OneToOneField(
        Credential, on_delete=models.PROTECT, primary_key=True, related_name="claim"
    )
    channel = models.CharField(max_length=6, choices=Way)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=["online", "paper"]), name="claim_channel_known"
            ),
        ]

    def __str__(self) -> str:
        return self.channel


class EnvelopeBatch(models.Model):
    """Hashes of at least ten envelopes (fewer at the close) that one leaf names, in their order."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="envelope_batches")
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")
    # How many codes had been used, on any channel, when the leaf was written.
    used = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"batch of round {self.round_id}"


class Envelope(models.Model):
    """One version of one code's ballot, sealed to the round's key. The highest version counts."""

    pk = models.CompositePrimaryKey("credential_id", "version")
    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="envelopes")
    version = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()
    env_hash = models.BinaryField()
    batch = models.ForeignKey(
        EnvelopeBatch, on_delete=models.PROTECT, related_name="envelopes", null=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(version__gte=1), name="envelope_version_counts"),
        ]

    def __str__(self) -> str:
        return f"version {self.version}"
