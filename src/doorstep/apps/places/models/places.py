"""Neighbourhoods, their streets and the figures that say what they need.

One promise: a figure always says its source, its year and the boundaries that it was counted on.
"""

from django.db import models
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

models.CharField.register_lookup(Length)

FIRST_YEAR, LAST_YEAR = 1900, 2200


def between_years(field: str) -> models.Q:
    """A four-digit year that somebody meant; 19 or 20222 is a slip of the finger."""
    return models.Q(**{f"{field}__gte": FIRST_YEAR, f"{field}__lte": LAST_YEAR})


class Place(models.Model):
    """A neighbourhood. Its slug is its readable and permanent id: it never changes."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    council = models.CharField(max_length=120)
    population = models.PositiveIntegerField()
    population_year = models.PositiveSmallIntegerField()
    population_source = models.CharField(max_length=200)
    boundary_year = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(slug__length__gt=0, name__length__gt=0),
                name="place_has_slug_and_name",
            ),
            models.CheckConstraint(
                condition=models.Q(population__gt=0), name="place_population_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(population_source__length__gt=0),
                name="place_population_says_source",
            ),
            models.CheckConstraint(
                condition=between_years("population_year") & between_years("boundary_year"),
                name="place_years_plausible",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Street(models.Model):
    """A street, or the part of one under a single postcode, and the place it lies in, if any."""

    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="streets"
    )
    name = models.CharField(max_length=120)
    postcode = models.CharField(max_length=8)
    # What people type is compared with these; rules.street_key and rules.postcode_key make them.
    name_key = models.CharField(max_length=120, db_index=True, editable=False)
    postcode_key = models.CharField(max_length=8, db_index=True, editable=False)

    class Meta:
        ordering = ["name_key", "postcode_key"]
        constraints = [
            # One answer to one street and postcode: a second row could contradict the first.
            models.UniqueConstraint(
                fields=["name_key", "postcode_key"], name="street_said_once_for_a_postcode"
            ),
            models.CheckConstraint(
                condition=models.Q(name_key__length__gt=0, postcode_key__length__gt=0),
                name="street_can_be_found",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.postcode}"


class NeedFigure(models.Model):
    """One measure of one place, in hundredths of the measure's own unit, with its origin."""

    class Measure(models.TextChoices):
        DEPRIVATION = "deprivation", _("Deprivation score")
        COMMUNITY_NEED = "community_need", _("Community need score")

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="need_figures")
    measure = models.CharField(max_length=40, choices=Measure)
    value = models.IntegerField(help_text=_("Hundredths: 4,210 means 42.10."))
    year = models.PositiveSmallIntegerField()
    boundary_year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)
    licence = models.CharField(max_length=120)

    class Meta:
        ordering = ["place", "measure", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "measure", "year", "boundary_year"], name="need_said_once"
            ),
            models.CheckConstraint(
                condition=models.Q(source__length__gt=0, licence__length__gt=0),
                name="need_says_source_and_licence",
            ),
            models.CheckConstraint(
                condition=models.Q(measure__in=["deprivation", "community_need"]),
                name="need_measure_known",
            ),
            models.CheckConstraint(
                condition=between_years("year") & between_years("boundary_year"),
                name="need_years_plausible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.measure} {self.year}"

    @property
    def shown(self) -> str:
        """The figure as people read it: 4210 is "42.10"."""
        whole, rest = divmod(abs(self.value), 100)
        return f"{'-' if self.value < 0 else ''}{whole:,}.{rest:02}"
