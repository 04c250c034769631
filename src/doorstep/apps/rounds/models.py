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


class RoundSize(models.TextChoices):
    """The three sizes of vote. Each is explained in a sentence before it is chosen."""

    ROOM = "room", _("one room: slips or tokens at a meeting, two counters, one signed sheet")
    STREET = "street", _("a few streets: codes handed out at a desk or a door, online and paper")
    WHOLE_PLACE = "whole_place", _("the whole place: letters, sealed ballots and trustees")


class Publication(models.TextChoices):
    """What of the ballots is published after the count."""

    WHOLE = "whole", _("every ballot, shuffled, so that anyone can recount")
    AGGREGATE = "aggregate", _("totals only, recounted and signed by two people")


class Secrecy(models.TextChoices):
    """Who can open the box of sealed ballots after close."""

    TRUSTEES = "trustees", _("two of three trustees together, with keys of their own")
    HOUSE = "house", _("this server, when two members ask it to")


class Ground(models.TextChoices):
    """Why somebody belongs to a place."""

    LIVES = "lives", _("lives here")
    WORKS = "works", _("works here")
    STUDIES = "studies", _("studies here")
    VOLUNTEERS = "volunteers", _("volunteers here")


class Terms(models.Model):
    """How a round is asked of people: its size, its dates, who may take part, what is published.

    A round imported as an example has none: it was asked elsewhere. Days are whole days in
    Europe/London, `ideas_until` and `checked_by` included.
    """

    round = models.OneToOneField(
        Round, on_delete=models.PROTECT, primary_key=True, related_name="terms"
    )
    size = models.CharField(max_length=11, choices=RoundSize)
    ideas_from = models.DateField()
    ideas_until = models.DateField()
    checked_by = models.DateField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    grounds = models.JSONField()
    minimum_age = models.PositiveSmallIntegerField()
    minimum_choices = models.PositiveSmallIntegerField(default=1)
    encouraged_choices = models.PositiveSmallIntegerField(default=3)
    maximum_choices = models.PositiveSmallIntegerField(null=True)
    points = models.PositiveSmallIntegerField(null=True)
    publication = models.CharField(max_length=9, choices=Publication)
    secrecy = models.CharField(max_length=8, choices=Secrecy, default=Secrecy.TRUSTEES)
    secrecy_reason = models.OneToOneField(
        "record.Wording", on_delete=models.PROTECT, related_name="+", null=True
    )
    expected_voters = models.PositiveIntegerField()
    languages = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ideas_from__lte=models.F("ideas_until"))
                & Q(ideas_until__lte=models.F("checked_by")),
                name="terms_ideas_come_before_checks",
            ),
            models.CheckConstraint(
                condition=Q(opens_at__lt=models.F("closes_at")), name="terms_open_before_close"
            ),
            models.CheckConstraint(
                condition=Q(minimum_choices__gte=1)
                & (Q(maximum_choices=None) | Q(maximum_choices__gte=models.F("minimum_choices"))),
                name="terms_choices_possible",
            ),
            # Whoever gives up sealed ballots says why, in public.
            models.CheckConstraint(
                condition=Q(secrecy="trustees") | Q(secrecy_reason__isnull=False),
                name="terms_house_secrecy_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.size}"


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
