"""A round: what was asked, what was proposed, the ballots, and the count that can be repeated."""

import gzip
import json

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RoundState(models.TextChoices):
    """Where a round stands, in the word its workers use; `NEIGHBOUR_WORDS` has the other."""

    DRAFT = "draft", _("Draft")
    FROZEN = "frozen", _("Frozen")
    CLOSED = "closed", _("Closed")
    COUNTED = "counted", _("Counted")
    SETTLED = "settled", _("Settled")


NEIGHBOUR_WORDS = {
    RoundState.DRAFT: _("being prepared"),
    RoundState.FROZEN: _("the rules are fixed"),
    RoundState.CLOSED: _("voting has ended; the count comes next"),
    RoundState.COUNTED: _("counted; the awards come next"),
    RoundState.SETTLED: _("decided"),
}


class VoteType(models.TextChoices):
    """Ballot types under their Pabulib names."""

    APPROVAL = "approval", _("choose the ideas you support")
    CHOOSE_ONE = "choose-1", _("choose one idea")
    CUMULATIVE = "cumulative", _("share points among ideas")
    ORDINAL = "ordinal", _("rank the ideas")
    SCORING = "scoring", _("score the ideas")


class Round(models.Model):
    """One decision by ballot about one pot. From `frozen` on, what it asks cannot change."""

    slug = models.SlugField(max_length=40, unique=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="rounds")
    title = models.OneToOneField("record.Wording", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=RoundState, default=RoundState.DRAFT)
    is_example = models.BooleanField(default=False)
    budget_pence = models.BigIntegerField()
    vote_type = models.CharField(max_length=10, choices=VoteType)
    rule = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    frozen = models.OneToOneField(
        "record.Leaf", on_delete=models.PROTECT, related_name="+", null=True
    )
    closed = models.OneToOneField(
        "record.Leaf", on_delete=models.PROTECT, related_name="+", null=True
    )
    counted = models.OneToOneField(
        "record.Leaf", on_delete=models.PROTECT, related_name="+", null=True
    )
    settled = models.OneToOneField(
        "record.Leaf", on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(budget_pence__gt=0), name="round_has_a_budget"),
            models.CheckConstraint(
                condition=Q(state="draft", frozen=None, closed=None, counted=None, settled=None)
                | Q(state="frozen", frozen__gt=0, closed=None, counted=None, settled=None)
                | Q(state="closed", frozen__gt=0, closed__gt=0, counted=None, settled=None)
                | Q(state="counted", frozen__gt=0, closed__gt=0, counted__gt=0, settled=None)
                | Q(state="settled", frozen__gt=0, closed__gt=0, counted__gt=0, settled__gt=0),
                name="round_state_has_its_leaves",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def neighbour_word(self) -> str:
        """What a neighbour is told about where the round stands."""
        return str(NEIGHBOUR_WORDS[RoundState(self.state)])


class Project(models.Model):
    """An idea as it stands on the ballot. `code` is its Pabulib project id."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="projects")
    code = models.CharField(max_length=200)
    name = models.OneToOneField("record.Wording", on_delete=models.PROTECT, related_name="+")
    cost_pence = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "code"], name="project_code_once_a_round"),
            models.CheckConstraint(condition=Q(cost_pence__gt=0), name="project_costs_something"),
        ]

    def __str__(self) -> str:
        return self.code


class BallotBox(models.Model):
    """The ballots of a closed round as one published Pabulib file, without age, sex or names."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="box")
    packed = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    voters = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.round} ballots"

    @property
    def pabulib(self) -> bytes:
        """The file exactly as its SHA-256 was taken."""
        return gzip.decompress(bytes(self.packed))


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


class Counting(models.Model):
    """A claim: somebody is counting this round now. Gone when the count ends, however it ends."""

    round = models.OneToOneField(
        Round, on_delete=models.CASCADE, primary_key=True, related_name="counting"
    )
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.round} since {self.since}"
