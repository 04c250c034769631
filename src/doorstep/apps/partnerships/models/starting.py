"""Getting started, before there is a plan: a group open to everybody, what it heard, the start-up
money it agreed on, and the vision it ends with."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doorstep.apps.partnerships.models.plans import LineKind
from doorstep.apps.places.models import Place
from doorstep.apps.record.models import Leaf, Wording


class Start(models.Model):
    """An interim group at a place. It has no members: whoever comes decides. `where` says when and
    where it meets and how to come along; `money_pence` is what it may agree on, by the rule of its
    first day. It ends with a vision."""

    place = models.OneToOneField(Place, on_delete=models.PROTECT, related_name="start")
    where = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    money_pence = models.BigIntegerField()
    opened_on = models.DateField()
    opened = models.OneToOneField(Leaf, on_delete=models.PROTECT, related_name="start_opened")
    vision = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, related_name="+")
    ended_on = models.DateField(null=True)
    ended = models.OneToOneField(
        Leaf, on_delete=models.PROTECT, null=True, related_name="start_ended"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended__isnull=True) | Q(vision__isnull=False, ended_on__isnull=False),
                name="start_ends_with_a_vision",
            )
        ]

    def __str__(self) -> str:
        return f"start of {self.place_id}"


class Listening(models.Model):
    """One time that the group went and listened, and what it heard. Never changed."""

    class How(models.TextChoices):
        DOORS = "doors", _("from door to door")
        EVENT = "event", _("at an event")
        MEETING = "meeting", _("at an open meeting")
        SURVEY = "survey", _("by a survey")
        TALK = "talk", _("in a conversation")

    start = models.ForeignKey(Start, on_delete=models.PROTECT, related_name="listenings")
    how = models.CharField(max_length=8, choices=How)
    people = models.PositiveIntegerField()
    heard = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    leaf = models.OneToOneField(Leaf, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(how__in=["doors", "event", "meeting", "survey", "talk"]),
                name="listening_how_known",
            ),
            models.CheckConstraint(condition=Q(people__gt=0), name="listening_to_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.how} on {self.on}"


class StartMoney(models.Model):
    """Start-up money that an open meeting of the group agreed on, by a show of hands. Its leaf is a
    decision to which awards point. Never changed."""

    start = models.ForeignKey(Start, on_delete=models.PROTECT, related_name="money")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=LineKind)
    title = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    pence = models.BigIntegerField()
    in_favour = models.PositiveIntegerField()
    against = models.PositiveIntegerField()
    on = models.DateField()
    leaf = models.OneToOneField(Leaf, on_delete=models.PROTECT, related_name="start_money")

    class Meta:
        ordering = ["start", "number"]
        constraints = [
            models.UniqueConstraint(fields=["start", "number"], name="startmoney_number_once"),
            models.CheckConstraint(condition=Q(pence__gt=0), name="startmoney_is_of_something"),
            models.CheckConstraint(
                condition=Q(in_favour__gt=F("against")), name="startmoney_was_agreed"
            ),
        ]

    def __str__(self) -> str:
        return f"start-up money {self.number}"
