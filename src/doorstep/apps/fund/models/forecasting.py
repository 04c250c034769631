"""The scenario by which a fund asks whether it will last: the text itself, as it was kept."""

from django.db import models

from .money import Fund


class Scenario(models.Model):
    """A scenario's TOML, its checksum, and the leaf that says that the fund reckons by it."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="scenarios")
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sha256__length=64), name="scenario_says_checksum"
            )
        ]

    def __str__(self) -> str:
        return f"{self.fund_id} {self.sha256[:12]}"
