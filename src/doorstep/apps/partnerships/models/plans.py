"""The plan: how the whole of what a place was given is to be spent, what is done first, and what
stays when the money is gone. It is drafted, put forward, and endorsed or sent back."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doorstep.apps.partnerships.models.members import Partnership
from doorstep.apps.partnerships.models.outcomes import ItemDecision
from doorstep.apps.people.models import Account
from doorstep.apps.record.models import Leaf, Wording


class PlanState(models.TextChoices):
    """The worker's word; `Plan.NEIGHBOUR_WORDS` has the other."""

    DRAFT = "draft", _("draft")
    PUT_FORWARD = "put_forward", _("put forward")
    SENT_BACK = "sent_back", _("sent back")
    ENDORSED = "endorsed", _("endorsed")
    REPLACED = "replaced", _("replaced")


class LineKind(models.TextChoices):
    """What a line pays for. Help for people is a line like any other, for confidence and capacity
    are what the fund builds."""

    PROJECT = "project", _("a project")
    SMALL_GRANTS = "small_grants", _("small grants")
    WORKER = "worker", _("a paid worker")
    ADVISER = "adviser", _("days of an adviser")
    TRAINING = "training", _("training")
    EXPENSES = "expenses", _("volunteers’ expenses")
    CHILDCARE = "childcare", _("childcare and care at home during meetings")
    RUNNING = "running", _("rooms, printing and other running costs")
    LATER = "later", _("kept for what is decided later")


class Plan(models.Model):
    """One plan of a partnership; `number` counts from 1.

    While it is a draft, `draft` holds what was typed, for members alone. Putting it forward writes
    its words and lines once, with what the place was given that day and either the `decision` of a
    meeting or the words (`why`) that say why none decided.
    """

    NEIGHBOUR_WORDS = {
        PlanState.DRAFT: _("being written"),
        PlanState.PUT_FORWARD: _("waits for the funder’s answer"),
        PlanState.SENT_BACK: _("sent back, to be thought over"),
        PlanState.ENDORSED: _("agreed on both sides"),
        PlanState.REPLACED: _("followed by a newer plan"),
    }

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=PlanState, default=PlanState.DRAFT)
    draft = models.JSONField(default=dict)
    begins_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    allocation_pence = models.BigIntegerField(null=True)
    vision = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, related_name="+")
    legacy = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, related_name="+")
    decision = models.ForeignKey(
        ItemDecision, on_delete=models.PROTECT, null=True, related_name="plans"
    )
    why = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, related_name="+")
    put_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    put_on = models.DateField(null=True)
    put_forward = models.OneToOneField(
        Leaf, on_delete=models.PROTECT, null=True, related_name="plan_put_forward"
    )
    answered_on = models.DateField(null=True)
    answered = models.OneToOneField(
        Leaf, on_delete=models.PROTECT, null=True, related_name="plan_answered"
    )
    reason = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="plan_number_once"),
            models.UniqueConstraint(
                fields=["partnership"],
                condition=Q(state__in=["draft", "put_forward"]),
                name="plan_open_once",
            ),
            models.UniqueConstraint(
                fields=["partnership"], condition=Q(state="endorsed"), name="plan_endorsed_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["draft", "put_forward", "sent_back", "endorsed", "replaced"]
                ),
                name="plan_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", put_forward__isnull=True)
                | Q(
                    ~Q(state="draft"),
                    put_forward__isnull=False,
                    vision__isnull=False,
                    legacy__isnull=False,
                    allocation_pence__gt=0,
                    ends_on__gt=F("begins_on"),
                ),
                name="plan_put_forward_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(decision__isnull=False) | Q(why__isnull=False),
                name="plan_is_decided_or_says_why",
            ),
            models.CheckConstraint(
                condition=Q(
                    ~Q(state__in=["sent_back", "endorsed", "replaced"]), answered__isnull=True
                )
                | Q(state__in=["sent_back", "endorsed", "replaced"], answered__isnull=False),
                name="plan_is_answered_by_a_leaf",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent_back") | Q(reason__isnull=False),
                name="plan_sent_back_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"plan {self.number}"

    @property
    def in_words(self) -> str:
        """The neighbour's words for its state."""
        return str(self.NEIGHBOUR_WORDS[PlanState(self.state)])


class PlanLine(models.Model):
    """One line of a plan that was put forward; never changed. `pence` is what it takes of the
    whole, `now_pence` the part that this plan's own years may spend; `how` says how the sum was
    worked out, `by` by when it is done."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=LineKind)
    title = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    how = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, related_name="+")
    pence = models.BigIntegerField()
    now_pence = models.BigIntegerField()
    by = models.DateField(null=True)

    class Meta:
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="planline_number_once"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["project", "small_grants", "worker", "adviser", "training",
                              "expenses", "childcare", "running", "later"]
                ),
                name="planline_kind_known",
            ),
            models.CheckConstraint(condition=Q(pence__gt=0), name="planline_is_of_something"),
            models.CheckConstraint(
                condition=Q(now_pence__gte=0, now_pence__lte=F("pence")),
                name="planline_spends_now_no_more_than_its_sum",
            ),
            models.CheckConstraint(
                condition=~Q(kind="later") | Q(now_pence=0), name="planline_kept_is_not_spent_now"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"line {self.number}"


class LineAgreed(models.Model):
    """The leaf by which an endorsed plan agreed one line: what an award from it points to."""

    line = models.OneToOneField(PlanLine, on_delete=models.PROTECT, related_name="agreed")
    leaf = models.OneToOneField(Leaf, on_delete=models.PROTECT, related_name="plan_line")

    def __str__(self) -> str:
        return f"line {self.line_id} agreed"


class PlanReview(models.Model):
    """What became of a plan, and what is to change; written before the next is put forward."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="reviews")
    done = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    change = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    leaf = models.OneToOneField(Leaf, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["plan", "pk"]

    def __str__(self) -> str:
        return f"review of plan {self.plan_id}"


class MemorandumSide(models.TextChoices):
    PARTNERSHIP = "partnership", _("the partnership")
    FUNDER = "funder", _("the funder")


class MemorandumSignature(models.Model):
    """One side's signature under the memorandum of understanding on an endorsed plan."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="memorandum")
    side = models.CharField(max_length=12, choices=MemorandumSide)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    leaf = models.OneToOneField(Leaf, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["plan", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "side"], name="memorandum_signed_once_a_side"),
            models.UniqueConstraint(fields=["plan", "account"], name="memorandum_takes_two_people"),
            models.CheckConstraint(
                condition=Q(side__in=["partnership", "funder"]), name="memorandum_side_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} of plan {self.plan_id}"
