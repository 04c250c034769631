"""A community wealth fund: what arrived from where, and what each place was given."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class AssetClass(models.TextChoices):
    """The classes of the Dormant Assets Acts 2008 and 2022, in words a resident knows."""

    BANK = "bank", _("Bank and building society accounts")
    INSURANCE = "insurance", _("Insurance and pensions")
    INVESTMENT = "investment", _("Investment funds")
    SECURITIES = "securities", _("Shares and bonds")


class Fund(models.Model):
    """One pot of money with its own accounts; nothing moves between funds."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    opened_at = models.DateTimeField(auto_now_add=True)
    # Whether what it releases is shared among the four nations, as of the national scheme; a fund
    # of one place keeps it whole.
    splits = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Arrival(models.Model):
    """Money that reached the fund: forgotten money of one class, or money that matches it.

    Of forgotten money a part is reserved, because its owner may reclaim it for ever
    (Dormant Assets Act 2022, s.1(3)). Match money has no such owner.
    """

    class Kind(models.TextChoices):
        DORMANT = "dormant", _("Forgotten money")
        MATCH = "match", _("Match")

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="arrivals")
    kind = models.CharField(max_length=8, choices=Kind)
    asset_class = models.CharField(max_length=12, choices=AssetClass, blank=True)
    giver = models.CharField(max_length=120)
    pence = models.BigIntegerField()
    reserved_pence = models.BigIntegerField()
    arrived_on = models.DateField()
    journal = models.OneToOneField("ledger.Journal", on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pence__gt=0), name="arrival_is_of_something"),
            models.CheckConstraint(
                condition=Q(reserved_pence__gte=0) & Q(reserved_pence__lte=F("pence")),
                name="arrival_reserves_part_of_itself",
            ),
            models.CheckConstraint(
                condition=(Q(kind="dormant") & Q(asset_class__in=AssetClass.values))
                | (Q(kind="match") & Q(asset_class="") & Q(reserved_pence=0)),
                name="arrival_class_follows_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} from {self.giver}"


class Allocation(models.Model):
    """What a place was given, for how long, and the decision that gave it."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="allocations")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="allocations")
    pence = models.BigIntegerField()
    begins_on = models.DateField()
    ends_on = models.DateField()
    decision = models.OneToOneField("record.Leaf", on_delete=models.PROTECT)
    journal = models.OneToOneField("ledger.Journal", on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pence__gt=0), name="allocation_is_of_something"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("begins_on")), name="allocation_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund} to {self.place}"
