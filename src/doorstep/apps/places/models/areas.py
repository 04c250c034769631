"""Official areas, what is known of them, and the postcodes in them: from files, never typed.

A row always leads to the file that it was read from, and the file to the leaf that says so. The
newest file of its kind stands: a corrected edition replaces the rows of the one before.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .places import Place, between_years


class SourceFile(models.Model):
    """A file that was read: what it is, whose, under which licence, and its checksum."""

    class Kind(models.TextChoices):
        FIGURES = "figures", _("Figures")
        LOOK_UP = "look_up", _("Which area lies in which")
        POSTCODES = "postcodes", _("Postcodes")
        BOUNDARIES = "boundaries", _("Boundaries")

    kind = models.CharField(max_length=12, choices=Kind)
    # Such as "LSOA 2021", "LSOA 2021 to MSOA 2021" or "LSOA 2021: IMD 2025".
    about = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    publisher = models.CharField(max_length=200)
    licence = models.CharField(max_length=300)
    year = models.PositiveSmallIntegerField()
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT)

    class Meta:
        ordering = ["kind", "about", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "about", "sha256"], name="file_read_once"),
            models.CheckConstraint(
                condition=models.Q(title__length__gt=0, licence__length__gt=0, sha256__length=64),
                name="file_says_title_licence_and_checksum",
            ),
            models.CheckConstraint(condition=between_years("year"), name="file_year_plausible"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.year}"


class Area(models.Model):
    """An official area of one kind and year: a code of 2011 and one of 2021 are two areas."""

    unit = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=120, blank=True)
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="areas"
    )

    class Meta:
        ordering = ["unit", "year", "code"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "code"], name="area_stands_once"),
            models.CheckConstraint(
                condition=models.Q(code__length__gt=0, unit__length__gt=0), name="area_has_code"
            ),
            models.CheckConstraint(condition=between_years("year"), name="area_year_plausible"),
        ]

    def __str__(self) -> str:
        return self.name or self.code


class AreaLink(models.Model):
    """That a small area lies in a larger one: in one only of each kind and year."""

    small = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="lies_in")
    larger = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="holds")
    unit = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    source = models.ForeignKey(SourceFile, on_delete=models.PROTECT, related_name="links")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["small", "unit", "year"], name="area_lies_in_one_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.small_id} in {self.larger_id}"


class AreaFigure(models.Model):
    """One figure of one area: a score with its rank (1 the worst), or a number of residents.

    A score is shown and weighed, and no penny is booked by it before it was frozen in a decision:
    so a float is right here, as the publisher prints it.
    """

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="figures")
    measure = models.CharField(max_length=60)
    value = models.FloatField()
    rank = models.PositiveIntegerField(null=True, blank=True)
    of = models.PositiveIntegerField(null=True, blank=True)
    source = models.ForeignKey(SourceFile, on_delete=models.PROTECT, related_name="figures")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "measure"], name="area_figure_said_once"),
            models.CheckConstraint(
                condition=models.Q(rank__isnull=True, of__isnull=True)
                | models.Q(rank__gte=1, rank__lte=models.F("of")),
                name="area_rank_is_among_its_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} of {self.area_id}"


class Boundary(models.Model):
    """The outline of an area: polygons, each of rings, each of [longitude, latitude] in WGS84."""

    area = models.OneToOneField(Area, on_delete=models.CASCADE, related_name="boundary")
    shape = models.JSONField()
    source = models.ForeignKey(SourceFile, on_delete=models.PROTECT, related_name="boundaries")

    def __str__(self) -> str:
        return f"boundary of {self.area_id}"


class Postcode(models.Model):
    """A postcode without its space, in capitals, and the small area it lies in.

    `area` is None where the directory gives none; `ended` is the month in which Royal Mail took
    it out of use, as YYYYMM, and empty while it is in use.
    """

    key = models.CharField(max_length=7, primary_key=True)
    area = models.ForeignKey(
        Area, on_delete=models.CASCADE, null=True, blank=True, related_name="postcodes"
    )
    ended = models.CharField(max_length=6, blank=True)
    source = models.ForeignKey(SourceFile, on_delete=models.PROTECT, related_name="postcodes")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(key__length__gte=5), name="postcode_is_whole"
            ),
            models.CheckConstraint(
                condition=models.Q(ended="") | models.Q(ended__length=6),
                name="postcode_ended_in_a_month",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key[:-3]} {self.key[-3:]}"
