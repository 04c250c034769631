"""Quick money: two people who decide on a request, who lives with whom, and the look afterwards."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doorstep.apps.awards.models.applying import Application


class SayKind(models.TextChoices):
    YES = "yes", _("Yes. I do not share a home with them, and gain nothing from it")
    NO = "no", _("No")
    HOME = "home", _("I stay out: we share a home")
    TIED = "tied", _("I stay out: I have another interest in it")


class Say(models.Model):
    """One member's word on a request for quick money. Two that say yes decide."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="says")
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    kind = models.CharField(max_length=4, choices=SayKind)
    said_at = models.DateTimeField()
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "account"], name="say_once_a_person"),
            models.CheckConstraint(
                condition=Q(kind__in=["yes", "no", "home", "tied"]), name="say_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.application_id}"


class SharedHome(models.Model):
    """Two accounts share a home: neither decides about money for the other. Either may say so."""

    one = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["one", "other"], condition=Q(until__isnull=True), name="home_shared_once"
            ),
            models.CheckConstraint(condition=~Q(one=F("other")), name="home_shared_by_two"),
        ]

    def __str__(self) -> str:
        return f"home of {self.one_id} and {self.other_id}"


class Found(models.TextChoices):
    FINE = "fine", _("as it should be")
    LEARN = "learn", _("as it should be, and something was learned")
    WRONG = "wrong", _("not as it should be: the meeting says what happens now")


class Review(models.Model):
    """A meeting looked at a quick grant afterwards; somebody who had not decided wrote it down."""

    award = models.OneToOneField("awards.Award", on_delete=models.PROTECT, related_name="review")
    met_on = models.DateField()
    found = models.CharField(max_length=5, choices=Found)
    note = models.ForeignKey("record.Wording", on_delete=models.PROTECT, related_name="+")
    written_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(found__in=["fine", "learn", "wrong"]), name="review_found_known"
            ),
        ]

    def __str__(self) -> str:
        return f"review of {self.award_id}"
