"""A vote in one room: what each of two people counted, and the signed sheet they agree on."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doorstep.apps.rounds.models.round import Round


class Tally(models.Model):
    """What one person counted, as `totals.Counted` writes it. Counted again is a new row; the
    latest of each person stands."""

    class How(models.TextChoices):
        SLIPS = "slips", _("slips of paper, ticked")
        TOKENS = "tokens", _("tokens put into jars")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="tallies")
    number = models.PositiveIntegerField()
    counter = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    photo = models.OneToOneField(
        "files.StoredFile", on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="tally_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: tally {self.number}"


class TallySheet(models.Model):
    """Two people counted the same; the photo shows the sheet that both signed."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="sheet")
    first = models.OneToOneField(Tally, on_delete=models.PROTECT, related_name="+")
    second = models.OneToOneField(Tally, on_delete=models.PROTECT, related_name="+")
    first_counter = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    second_counter = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    photo = models.OneToOneField("files.StoredFile", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(first_counter=F("second_counter")), name="sheet_has_two_counters"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: signed sheet"
