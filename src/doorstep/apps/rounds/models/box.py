"""What a closed round is counted from, what the count found, and the claim to count it."""

import gzip
import json

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doorstep.apps.people.models import Account
from doorstep.apps.rounds.models.round import Round


class BallotBox(models.Model):
    """What a closed round is counted from, as one published file without age, sex or names.

    `ballots`: every ballot, in Pabulib form. `totals`: what two people counted in one room, as
    JSON; no ballot is in it, because none was ever kept.
    """

    class Form(models.TextChoices):
        BALLOTS = "ballots", _("every ballot")
        TOTALS = "totals", _("totals of one room")

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="box")
    form = models.CharField(max_length=7, choices=Form, default=Form.BALLOTS)
    packed = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    voters = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(form__in=["ballots", "totals"]), name="box_form_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} ballots"

    @property
    def is_forgotten(self) -> bool:
        """Whether the ballots were destroyed after two people had counted them alike."""
        return not self.packed

    @property
    def published(self) -> bytes:
        """The file exactly as its SHA-256 was taken. Empty once the ballots are forgotten."""
        if self.is_forgotten:
            return b""
        return gzip.decompress(bytes(self.packed))

    @property
    def pabulib(self) -> bytes:
        """The published ballots. A box of totals holds none: ask for `published`."""
        if self.form != self.Form.BALLOTS:
            raise ValueError(f"{self} holds totals, no ballots")
        return self.published


class Result(models.Model):
    """The outcome of the count, as the stable JSON that `doorstep count --json` prints."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="result")
    outcome = models.TextField()
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.round} result"

    @property
    def as_json(self) -> dict:
        return json.loads(self.outcome)


class Recount(models.Model):
    """One person's word that the ballots, counted apart, give the published result.

    Where ballots are not published, two of these stand in their place. `name` is public where the
    signer is a trustee.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="recounts")
    signer = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    name = models.ForeignKey(
        "record.Wording", on_delete=models.PROTECT, related_name="+", null=True
    )
    result_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "signer"], name="recount_once_each"),
        ]

    def __str__(self) -> str:
        return f"recount of round {self.round_id}"


class Counting(models.Model):
    """A claim: somebody is counting this round now. Gone when the count ends, however it ends."""

    round = models.OneToOneField(
        Round, on_delete=models.CASCADE, primary_key=True, related_name="counting"
    )
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.round} since {self.since}"


class Looks(models.Model):
    """How often somebody found a ballot of a round by its tracker. A number: never which, or when.

    No record: nothing is decided by it, and a log of looks would tell who voted what.
    """

    round = models.OneToOneField(
        Round, on_delete=models.PROTECT, primary_key=True, related_name="looks"
    )
    times = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.round_id}: {self.times}"
