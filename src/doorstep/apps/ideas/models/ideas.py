"""An idea and the steps it took. Every step holds how the idea stood after it, and names its leaf.

The seals in `sql/` let an idea's row become what its next step says, and nothing else.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doorstep.apps.rounds.models import Ground


class Theme(models.TextChoices):
    """What an idea is about. It may have several, or none."""

    MEETING = "meeting", _("Meeting places")
    GREEN = "green", _("Parks and growing")
    PLAY = "play", _("Children and young people")
    OLDER = "older", _("Older people")
    HEALTH = "health", _("Health and food")
    STREETS = "streets", _("Streets and getting about")
    SAFETY = "safety", _("Safety")
    ARTS = "arts", _("Arts, sport and celebrations")
    LEARNING = "learning", _("Learning and work")
    HELP = "help", _("Help with money and daily life")


class IdeaState(models.TextChoices):
    """Where an idea stands, in the word its checkers use; `rules.NEIGHBOUR_WORDS` has the other."""

    PROPOSED = "proposed", _("To be checked")
    POSSIBLE = "possible", _("Possible")
    NOT_POSSIBLE = "not_possible", _("Not possible as written")
    REVIEW = "review", _("Review asked for")
    ON_BALLOT = "on_ballot", _("On the ballot")
    RETIRED = "retired", _("Retired")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class StepKind(models.TextChoices):
    """What can happen to an idea. A step's leaf is called `idea.` and this."""

    PROPOSED = "proposed", _("Proposed")
    CHANGED = "changed", _("Changed by its author")
    ANSWERED = "answered", _("Answered")
    REVIEW_ASKED = "review_asked", _("The author asked for a second look")
    REVIEW_ANSWERED = "review_answered", _("Looked at a second time")
    RETIRED = "retired", _("Retired in favour of another idea")
    WITHDRAWN = "withdrawn", _("Taken back by its author")
    HIDDEN = "hidden", _("Words hidden")
    HIDING_QUESTIONED = "hiding_questioned", _("The author asked why the words are hidden")
    HIDING_KEPT = "hiding_kept", _("Words stay hidden")
    SHOWN = "shown", _("Words shown again")
    ERASED = "erased", _("Words erased for ever")
    ON_BALLOT = "on_ballot", _("Put on the ballot")


class Standing(models.Model):
    """How an idea stands: on the idea as it is now, on each step as it was after it."""

    state = models.CharField(max_length=12, choices=IdeaState)
    hidden = models.BooleanField(default=False)
    title = models.ForeignKey("record.Wording", on_delete=models.PROTECT, related_name="+")
    what = models.ForeignKey("record.Wording", on_delete=models.PROTECT, related_name="+")
    where = models.ForeignKey(
        "record.Wording", on_delete=models.PROTECT, related_name="+", null=True
    )
    photo = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, related_name="+", null=True
    )
    # ",green,play,": a comma on either side, so that both databases can look for one.
    tags = models.CharField(max_length=120, default=",")
    rough_pence = models.BigIntegerField(null=True)
    cost_pence = models.BigIntegerField(null=True)
    favoured = models.ForeignKey(
        "ideas.Idea", on_delete=models.PROTECT, related_name="+", null=True
    )
    project = models.ForeignKey(
        "rounds.Project", on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=IdeaState.values), name="%(class)s_state_known"
            ),
            models.CheckConstraint(
                # Said twice, because to SQL "unknown is more than nothing" is no refusal.
                condition=~Q(state__in=["possible", "on_ballot"])
                | Q(cost_pence__isnull=False, cost_pence__gt=0),
                name="%(class)s_possible_has_a_cost",
            ),
            models.CheckConstraint(
                condition=Q(rough_pence=None) | Q(rough_pence__gt=0),
                name="%(class)s_rough_cost_is_something",
            ),
            models.CheckConstraint(
                condition=Q(state="retired", favoured__isnull=False)
                | (~Q(state="retired") & Q(favoured=None)),
                name="%(class)s_retired_for_another",
            ),
            models.CheckConstraint(
                condition=Q(state="on_ballot", project__isnull=False)
                | Q(state="withdrawn")
                | (~Q(state__in=["on_ballot", "withdrawn"]) & Q(project=None)),
                name="%(class)s_on_ballot_is_a_project",
            ),
        ]

    @property
    def themes(self) -> list[Theme]:
        return [Theme(tag) for tag in self.tags.split(",") if tag in Theme.values]

    def standing(self) -> dict[str, Any]:
        """The fields that a step changes, by name, ready for another row."""
        return {field.attname: getattr(self, field.attname) for field in Standing._meta.fields}


class Idea(Standing):
    """One idea. Its number is its permanent address, counted without gaps over all rounds."""

    number = models.BigIntegerField(primary_key=True)
    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="ideas")
    ground = models.CharField(max_length=10, choices=Ground)
    typed_in = models.BooleanField(default=False)
    steps_taken = models.PositiveIntegerField()
    project = models.OneToOneField(
        "rounds.Project", on_delete=models.PROTECT, related_name="idea", null=True
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            *Standing.Meta.constraints,
            models.CheckConstraint(
                condition=Q(favoured=None) | ~Q(favoured=F("number")),
                name="idea_retires_for_another",
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="idea_number_counts"),
            models.CheckConstraint(condition=Q(ground__in=Ground.values), name="idea_ground_known"),
        ]
        indexes = [models.Index(fields=["round", "state"], name="ideas_of_a_round")]

    def __str__(self) -> str:
        return f"idea {self.number}"

    @property
    def code(self) -> str:
        """Its Pabulib project id."""
        return f"i{self.number}"


class Step(Standing):
    """Something that happened to an idea, how it stood then, and the leaf that says so.

    `reason` is the answer in public. *Not possible as written* cites a rulebook key in `rule_key`
    or a rule in its own words in `rule_words`, and says in `changes` what would change it.
    """

    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=17, choices=StepKind)
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")
    reason = models.ForeignKey(
        "record.Wording", on_delete=models.PROTECT, related_name="+", null=True
    )
    rule_key = models.CharField(max_length=80, default="", blank=True)
    rule_words = models.ForeignKey(
        "record.Wording", on_delete=models.PROTECT, related_name="+", null=True
    )
    changes = models.ForeignKey(
        "record.Wording", on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["idea", "seq"]
        constraints = [
            *Standing.Meta.constraints,
            models.UniqueConstraint(fields=["idea", "seq"], name="step_once_in_its_place"),
            models.UniqueConstraint(
                fields=["idea"], condition=Q(kind="review_asked"), name="step_one_review"
            ),
            models.UniqueConstraint(
                fields=["idea"], condition=Q(kind="hiding_questioned"), name="step_one_question"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["answered", "review_answered"], state="not_possible")
                | (
                    (~Q(rule_key="") | Q(rule_words__isnull=False))
                    & Q(changes__isnull=False)
                    & Q(reason__isnull=False)
                ),
                name="step_not_possible_cites_a_rule",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["hidden", "review_asked"]) | Q(reason__isnull=False),
                name="step_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"idea {self.idea_id}, step {self.seq}: {self.kind}"
