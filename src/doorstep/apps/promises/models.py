"""What anybody owes anybody: one row for each promise, a step for each thing that became of it."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doorstep.apps.organisations.models import Organisation
from doorstep.apps.people.models import Account
from doorstep.apps.places.models import Place
from doorstep.apps.record.models import Leaf, Wording


class PromiseState(models.TextChoices):
    OPEN = "open", _("open")
    MET = "met", _("met")
    NOT_DONE = "not_done", _("not done")
    WITHDRAWN = "withdrawn", _("not needed any more")


class StepKind(models.TextChoices):
    MADE = "made", _("promised")
    TAKEN = "taken", _("taken on")
    LEFT = "left", _("given back")
    EXTENDED = "extended", _("put off")
    MET = "met", _("done")
    NOT_DONE = "not_done", _("not done")
    WITHDRAWN = "withdrawn", _("not needed any more")


class Promise(models.Model):
    """One thing owed. `kind` and `subject` are its permanent name, such as `idea.answer` of 17.

    It is owed by a body: a role at a place (`owed_by_role` and `place`) or an organisation. Of
    people it holds one, whoever took it on, and that is never public. Its last day was worked out
    from `counted_from`, `days` and `nations` by `rule_key`; without `days` it was named as a day.
    `how_long` is that sum's unit: working days skip bank holidays.
    """

    class Counted(models.TextChoices):
        WORKING = "working", _("working days")
        DAYS = "days", _("days")
        NAMED = "named", _("a day that was named")

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=120)
    words = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="promises")
    owed_by_role = models.CharField(max_length=30, blank=True)
    owed_by_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="promises"
    )
    owed_to_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="promised"
    )
    held_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="promises"
    )
    made_on = models.DateField()
    rule_key = models.CharField(max_length=60, blank=True)
    counted = models.CharField(max_length=8, choices=Counted)
    counted_from = models.DateField(null=True)
    days = models.PositiveSmallIntegerField(null=True)
    nations = models.CharField(max_length=15, blank=True)
    due_on = models.DateField()
    public = models.BooleanField()
    state = models.CharField(max_length=10, choices=PromiseState, default=PromiseState.OPEN)
    ended_on = models.DateField(null=True)
    extended = models.PositiveSmallIntegerField(default=0)
    steps_taken = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["place", "state", "due_on"], name="promise_at_a_place"),
            models.Index(fields=["held_by", "state", "due_on"], name="promise_held"),
            models.Index(
                fields=["owed_by_organisation", "state", "due_on"], name="promise_of_a_body"
            ),
            models.Index(fields=["state", "counted", "counted_from"], name="promise_by_clock"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="promise_made_once"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "met", "not_done", "withdrawn"]),
                name="promise_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_on__isnull=True)
                | Q(~Q(state="open"), ended_on__isnull=False),
                name="promise_ends_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(owed_by_role="", owed_by_organisation__isnull=False)
                | Q(~Q(owed_by_role=""), place__isnull=False, owed_by_organisation__isnull=True),
                name="promise_of_one_body",
            ),
            models.CheckConstraint(
                condition=Q(counted="named", days__isnull=True, counted_from__isnull=True)
                | Q(
                    counted__in=["working", "days"],
                    days__isnull=False,
                    days__gt=0,
                    counted_from__isnull=False,
                ),
                name="promise_shows_its_sum",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject}"


class Step(models.Model):
    """One thing that became of a promise, and how it stood after that. Never changed."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=StepKind)
    on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=PromiseState)
    reason = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, related_name="+")
    leaf = models.ForeignKey(Leaf, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["promise", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["promise", "seq"], name="promise_step_in_its_order"),
            models.CheckConstraint(
                condition=Q(kind__in=["made", "taken", "left", "extended", "met", "not_done",
                                      "withdrawn"]),
                name="promise_step_kind_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["extended", "not_done"]) | Q(reason__isnull=False),
                name="promise_is_put_off_with_a_reason",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.promise_id}: {self.kind}"


class HolidayStep(models.Model):
    """A bank holiday that the library did not know was added, or taken out again. The last step
    of a day is what holds. `nations` is a list such as `ENG,WLS`."""

    day = models.DateField()
    name = models.CharField(max_length=80)
    nations = models.CharField(max_length=15)
    holds = models.BooleanField()
    moved = models.PositiveIntegerField()
    leaf = models.OneToOneField(Leaf, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(nations=""), name="holiday_has_a_name_and_nations"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.name}"


def new_secret() -> str:
    return secrets.token_urlsafe(32)


class Feed(models.Model):
    """A calendar's secret address. Only its SHA-256 is kept; whoever made it can end it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="feeds")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="feeds"
    )
    fingerprint = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"feed {self.pk}"
