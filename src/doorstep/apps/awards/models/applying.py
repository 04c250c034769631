"""What is asked before a grant: the forms that were published, and who applied by the rules of
which day."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doorstep.apps.awards.models.agreements import PayeeKind
from doorstep.apps.awards.models.award import AwardKind


class GrantForm(models.Model):
    """A form that applicants see, for sums from `least` to `most` pence, and never changed: what
    is to be asked otherwise is another form.

    `extras` is what is asked besides the table, [[a key of it or words, minutes]]. `minutes` and
    `budget` are those of the size that is furthest over its budget, or nearest to it. Over budget
    an officer's name and reason stand on it.
    """

    slug = models.SlugField(max_length=50, unique=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="grant_forms")
    kind = models.CharField(max_length=12, choices=AwardKind)
    title = models.ForeignKey("record.Wording", on_delete=models.PROTECT, related_name="+")
    least = models.BigIntegerField()
    most = models.BigIntegerField()
    extras = models.JSONField()
    minutes = models.PositiveIntegerField()
    budget = models.PositiveIntegerField()
    officer = models.ForeignKey(
        "record.Wording", on_delete=models.PROTECT, null=True, related_name="+"
    )
    explanation = models.ForeignKey(
        "record.Wording", on_delete=models.PROTECT, null=True, related_name="+"
    )
    published_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    published_on = models.DateField()
    published = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")
    ended = models.OneToOneField(
        "record.Leaf", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["least", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(least__gt=0, most__gte=F("least")), name="grantform_is_for_some_sums"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["project", "unrestricted"]), name="grantform_kind_known"
            ),
            # Nobody is asked for more than the budget before a named officer has said why.
            models.CheckConstraint(
                condition=Q(minutes__lte=F("budget"))
                | Q(officer__isnull=False, explanation__isnull=False),
                name="grantform_over_budget_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def over(self) -> int:
        """Minutes over the budget; 0 within it."""
        return max(self.minutes - self.budget, 0)


class Application(models.Model):
    """Somebody asks for money. What is asked of them follows from `pence`, `risks` and `accounted`
    under the table of `begun_on`, and stays that, whatever rule changes meanwhile.

    `risks` is {risk: how many}; `accounted` the grants of theirs that earn trust on that day.
    Without a form it is a request for quick money. Its words stand in no leaf, so that they are
    gone once the person is erased; what is agreed has words of its own.
    """

    class State(models.TextChoices):
        BEGUN = "begun", _("Begun")
        SENT = "sent", _("Sent in")
        AGREED = "agreed", _("Agreed")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Taken back")

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="applications")
    form = models.ForeignKey(
        GrantForm, on_delete=models.PROTECT, null=True, related_name="applications"
    )
    kind = models.CharField(max_length=12, choices=AwardKind)
    once = models.CharField(max_length=32, unique=True)
    asked_by = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, related_name="applications"
    )
    payee_kind = models.CharField(max_length=13, choices=PayeeKind)
    organisation = models.ForeignKey(
        "organisations.Organisation",
        on_delete=models.PROTECT,
        null=True,
        related_name="applications",
    )
    title = models.TextField()
    purpose = models.TextField()
    invoice = models.TextField(blank=True)
    pence = models.BigIntegerField()
    risks = models.JSONField()
    long_lease = models.BooleanField(default=False)
    accounted = models.PositiveSmallIntegerField()
    minutes = models.PositiveIntegerField()
    budget = models.PositiveIntegerField()
    begun_on = models.DateField()
    begun = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State, default=State.BEGUN)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    award = models.OneToOneField(
        "awards.Award", on_delete=models.PROTECT, null=True, related_name="application"
    )

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["place", "state", "-id"], name="applications_of_a_place")]
        constraints = [
            models.CheckConstraint(condition=Q(pence__gt=0), name="application_is_for_something"),
            models.CheckConstraint(
                condition=Q(kind="quick", form__isnull=True)
                | Q(kind__in=["project", "unrestricted"], form__isnull=False),
                name="application_by_a_form_or_quick",
            ),
            models.CheckConstraint(
                condition=Q(payee_kind="reimbursement", organisation__isnull=True)
                | Q(payee_kind__in=["organisation", "host", "float"], organisation__isnull=False),
                name="application_pays_them_or_a_body",
            ),
            models.CheckConstraint(
                condition=Q(state="begun", sent_at__isnull=True, ended_at__isnull=True)
                | Q(state="sent", sent_at__isnull=False, ended_at__isnull=True)
                | Q(state__in=["agreed", "declined"], sent_at__isnull=False, ended_at__isnull=False)
                | Q(state="withdrawn", ended_at__isnull=False),
                name="application_state_has_its_moments",
            ),
            models.CheckConstraint(
                condition=Q(state="agreed", award__isnull=False)
                | (~Q(state="agreed") & Q(award__isnull=True)),
                name="application_agreed_is_an_award",
            ),
        ]

    def __str__(self) -> str:
        return f"application {self.pk}"


class Said(models.Model):
    """What an applicant wrote to one thing that is asked; written anew until it is sent."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="answers")
    key = models.CharField(max_length=200)
    words = models.TextField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "key"], name="said_once_of_each"),
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.application_id}"
