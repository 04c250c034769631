"""How a round is asked of people: its Terms, and the choices that they are made of."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doorstep.apps.rounds.models.round import Round


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
    ROOM = "room", _("nobody: in one room, slips and tokens carry no name and go into one box")


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
                condition=Q(secrecy__in=["trustees", "room"]) | Q(secrecy_reason__isnull=False),
                name="terms_house_secrecy_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.size}"
