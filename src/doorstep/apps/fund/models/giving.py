"""How the fund's money goes on: reviewed reserves, releases, programmes, waves and draw-downs."""

from django.db import models
from django.db.models import F, Q

from .deciding import Decision
from .money import Allocation, AssetClass, Fund


class Review(models.Model):
    """What reclaims of a class are still expected, by whoever looked into it, and why."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="reviews")
    asset_class = models.CharField(max_length=12, choices=AssetClass)
    expected_pence = models.BigIntegerField()
    reviewed_on = models.DateField()
    reason = models.ForeignKey("record.Wording", on_delete=models.PROTECT, related_name="+")
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(expected_pence__gte=0), name="review_expects_money"),
            models.CheckConstraint(
                condition=Q(asset_class__in=AssetClass.values), name="review_of_a_known_class"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asset_class}: {self.expected_pence}"


class Release(models.Model):
    """Money that a review set free. What is left in the reserve covers what it must, always."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="releases")
    asset_class = models.CharField(max_length=12, choices=AssetClass)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="releases")
    pence = models.BigIntegerField()
    required_pence = models.BigIntegerField()
    left_pence = models.BigIntegerField()
    journal = models.OneToOneField("ledger.Journal", on_delete=models.PROTECT)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(pence__gt=0), name="release_is_of_something"),
            models.CheckConstraint(
                condition=Q(left_pence__gte=F("required_pence")),
                name="release_never_eats_the_reserve",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asset_class}: {self.pence}"


class Programme(models.Model):
    """What a part of the pot is set aside for, such as one round of long-term places."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="programmes")
    slug = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "slug"], name="programme_named_once")
        ]

    def __str__(self) -> str:
        return self.name


class Wave(models.Model):
    """Places that are promised money together, out of money that is there."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="waves")
    slug = models.SlugField(max_length=40)
    pence = models.BigIntegerField()
    begins_on = models.DateField()
    ends_on = models.DateField()
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, related_name="waves"
    )
    journal = models.OneToOneField("ledger.Journal", on_delete=models.PROTECT)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "slug"], name="wave_named_once"),
            models.CheckConstraint(condition=Q(pence__gt=0), name="wave_promises_something"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("begins_on")), name="wave_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class WaveShare(models.Model):
    """A place's allocation in a wave, and what of it falls due in each year of its term.

    `yearly` is empty where the place was given the whole sum at once; otherwise its pence are the
    allocation. What was due and not drawn is carried over to the next year.
    """

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="shares")
    allocation = models.OneToOneField(
        Allocation, on_delete=models.PROTECT, related_name="wave_share"
    )
    yearly = models.JSONField()

    def __str__(self) -> str:
        return f"{self.wave_id}: {self.allocation_id}"


class DrawDown(models.Model):
    """A part of a share that came to its place."""

    share = models.ForeignKey(WaveShare, on_delete=models.PROTECT, related_name="drawn")
    pence = models.BigIntegerField()
    drawn_on = models.DateField()
    journal = models.OneToOneField("ledger.Journal", on_delete=models.PROTECT)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(pence__gt=0), name="draw_down_is_of_something")
        ]

    def __str__(self) -> str:
        return f"{self.share_id}: {self.pence}"
