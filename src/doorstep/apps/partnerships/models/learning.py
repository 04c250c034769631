"""What members learned: training taken, support used, duties they now do themselves, and those that
went back. Written down once; a mistake is withdrawn with a reason and stays to be read."""

from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from doorstep.apps.organisations.models import Organisation
from doorstep.apps.partnerships.models.members import Partnership
from doorstep.apps.partnerships.models.plans import PlanLine
from doorstep.apps.record.models import Leaf, Wording

QUARTER_HOUR = 15
MOST_MINUTES, MOST_MEMBERS = 6_000, 1_000


class LearningKind(models.TextChoices):
    TRAINING = "training", _("training taken")
    SUPPORT = "support", _("support used")
    DUTY = "duty", _("duty that members took over")
    GIVEN_BACK = "given_back", _("duty that went back")


class SupportKind(models.TextChoices):
    ADVISER = "adviser", _("an adviser")
    WORKER = "worker", _("a paid worker")
    COUNCIL_OFFICER = "officer", _("a council officer")
    OTHER = "other", _("somebody else")


class Duty(models.TextChoices):
    """What a partnership has to get done, whoever does it."""

    MINUTES = "minutes", _("writing the minutes")
    AGENDA = "agenda", _("calling meetings and setting the agenda")
    CHAIRING = "chairing", _("chairing meetings")
    BOOKS = "books", _("keeping the books")
    PAYMENTS = "payments", _("asking for payments and approving them")
    BANK = "bank", _("dealing with the bank")
    GRANT_CHECKS = "grant_checks", _("checking who asks for a grant")
    SAFEGUARDING = "safeguarding", _("safeguarding")
    PUBLICITY = "publicity", _("telling neighbours what goes on")
    EVENTS = "events", _("running events")
    OTHER = "other", _("something else")


class DoneBefore(models.TextChoices):
    HOST = "host", _("the locally trusted organisation")
    ADVISER = "adviser", _("an adviser")
    COUNCIL = "council", _("the council")
    NOBODY = "nobody", _("nobody")


class LearningEntry(models.Model):
    """One thing that a partnership wrote down about itself; never changed. `number` counts from 1
    within the partnership, `on` is the day of it: of a duty, the first on which members did it
    themselves or no longer did.

    `words` say what the training was, what another duty is, or why a duty went back. `minutes` are
    whole quarters of an hour; `members` are how many took part. `what` is a `SupportKind` or a
    `Duty`. Training and support name an organisation, or say in words who gave them (`given_by`),
    and may point to the line of the plan that paid (`line`). What went back `returns` a duty.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="learning")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=LearningKind)
    on = models.DateField()
    words = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, related_name="+")
    minutes = models.PositiveIntegerField(null=True)
    members = models.PositiveIntegerField(null=True)
    what = models.CharField(max_length=12, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    given_by = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, related_name="+")
    line = models.ForeignKey(PlanLine, on_delete=models.PROTECT, null=True, related_name="+")
    before = models.CharField(max_length=8, choices=DoneBefore, blank=True)
    returns = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="returned"
    )
    leaf = models.OneToOneField(Leaf, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-on", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="learning_number_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["training", "support", "duty", "given_back"]),
                name="learning_kind_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind="training")
                | Q(words__isnull=False, minutes__isnull=False, members__gt=0, what=""),
                name="learning_training_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(kind="support")
                | Q(
                    what__in=["adviser", "worker", "officer", "other"],
                    minutes__isnull=False,
                    members__isnull=True,
                ),
                name="learning_support_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(kind="duty")
                | Q(
                    what__in=["minutes", "agenda", "chairing", "books", "payments", "bank",
                              "grant_checks", "safeguarding", "publicity", "events", "other"],
                    before__in=["host", "adviser", "council", "nobody"],
                ),
                name="learning_duty_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind="duty", what="other") | Q(words__isnull=False),
                name="learning_other_duty_says_which",
            ),
            models.CheckConstraint(
                condition=Q(kind="given_back", returns__isnull=False, words__isnull=False)
                | Q(~Q(kind="given_back"), returns__isnull=True),
                name="learning_given_back_says_what_and_why",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["training", "support"])
                | Q(minutes__isnull=True, members__isnull=True, line__isnull=True),
                name="learning_hours_are_of_training_or_support",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["duty", "given_back"])
                | Q(organisation__isnull=False)
                | Q(given_by__isnull=False),
                name="learning_says_from_whom",
            ),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__gt=0, minutes__lte=MOST_MINUTES),
                name="learning_takes_some_time",
            ),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True)
                | Q(Exact(F("minutes") % QUARTER_HOUR, 0)),
                name="learning_in_quarters_of_an_hour",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def hours(self) -> str:
        """Its length in hours, as it is typed: "2.5"."""
        return hours_of(self.minutes or 0)

    @property
    def what_said(self) -> str:
        """Which support or which duty, in the field's words."""
        names: dict[str, object] = dict(
            SupportKind.choices if self.kind == LearningKind.SUPPORT else Duty.choices
        )
        return str(names.get(self.what, ""))


class LearningWithdrawn(models.Model):
    """An entry was a mistake, and why. It stays to be read, struck through, and counts no more."""

    entry = models.OneToOneField(LearningEntry, on_delete=models.PROTECT, related_name="withdrawn")
    reason = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    leaf = models.OneToOneField(Leaf, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"entry {self.entry_id} withdrawn"


def hours_of(minutes: int) -> str:
    """Whole quarters of an hour without idle noughts: 150 minutes are "2.5"."""
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")
