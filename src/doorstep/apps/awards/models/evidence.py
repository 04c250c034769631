"""When the questions of the evidence page were fixed, before any figure was shown."""

from django.db import models


class QuestionsFixed(models.Model):
    """The definitions and comparisons of one day. `sha256` is that of their words; figures are
    shown only while the words on the page are those that were fixed."""

    sha256 = models.CharField(max_length=64, unique=True)
    fixed_on = models.DateField()
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"questions fixed on {self.fixed_on}"
