"""A round and where it stands, and the ideas on its ballot."""

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
    CANCELLED = "cancelled", _("Cancelled")


NEIGHBOUR_WORDS = {
    RoundState.DRAFT: _("being prepared"),
    RoundState.FROZEN: _("the rules are fixed"),
    RoundState.CLOSED: _("voting has ended; the count comes next"),
    RoundState.COUNTED: _("counted; the awards come next"),
    RoundState.SETTLED: _("decided"),
    RoundState.CANCELLED: _("called off before anything was counted"),
}


class VoteType(models.TextChoices):
    """Ballot types under their Pabulib names."""

    APPROVAL = "approval", _("choose the ideas you support")
    CHOOSE_ONE = "choose-1", _("choose one idea")
    CUMULATIVE = "cumulative", _("share points among ideas")
    ORDINAL = "ordinal", _("rank the ideas")
    SCORING = "scoring", _("score the ideas")


_FROM_BALLOTS_OR_WITHOUT = Q(frozen__isnull=False) & (
    Q(without_vote=False, closed__isnull=False) | Q(without_vote=True, closed=None)
)


class Round(models.Model):
    """One decision by ballot about one pot. From `frozen` on, what it asks cannot change."""

    slug = models.SlugField(max_length=40, unique=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="rounds")
    title = models.OneToOneField("record.Wording", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=RoundState, default=RoundState.DRAFT)
    is_example = models.BooleanField(default=False)
    budget_pence = models.BigIntegerField()
    vote_type = models.CharField(max_length=10, choices=VoteType)
    rule = models.JSONField()
    # Every checked idea fits in the pot, so nobody is asked: there are no ballots to close.
    without_vote = models.BooleanField(default=False)
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
    cancelled = models.OneToOneField(
        "record.Leaf", on_delete=models.PROTECT, related_name="+", null=True
    )
    cancel_reason = models.OneToOneField(
        "record.Wording", on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(budget_pence__gt=0), name="round_has_a_budget"),
            models.CheckConstraint(
                condition=Q(state="draft", frozen=None, closed=None, counted=None, settled=None)
                | Q(state="frozen", frozen__isnull=False, closed=None, counted=None, settled=None)
                | Q(
                    state="closed",
                    frozen__isnull=False,
                    closed__isnull=False,
                    counted=None,
                    settled=None,
                )
                | Q(_FROM_BALLOTS_OR_WITHOUT, state="counted", counted__isnull=False, settled=None)
                | Q(
                    _FROM_BALLOTS_OR_WITHOUT,
                    state="settled",
                    counted__isnull=False,
                    settled__isnull=False,
                )
                | Q(
                    state="cancelled", frozen__isnull=False, closed=None, counted=None, settled=None
                ),
                name="round_state_has_its_leaves",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled__isnull=False, cancel_reason__isnull=False)
                | (~Q(state="cancelled") & Q(cancelled=None, cancel_reason=None)),
                name="round_cancelled_says_why",
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


class Withdrawal(models.Model):
    """An idea taken off while people vote, and why, in public: the count leaves it aside."""

    project = models.OneToOneField(Project, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.OneToOneField("record.Wording", on_delete=models.PROTECT, related_name="+")
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.project} withdrawn"
