"""Who a group is: its kind, its numbers on public registers, and who speaks for it."""

from django.db import models
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from doorstep.apps.people.models import Account
from doorstep.apps.people.spells import Spell

models.CharField.register_lookup(Length)
models.TextField.register_lookup(Length)


class Organisation(models.Model):
    """A group or body. Its slug is its readable and permanent id."""

    class Kind(models.TextChoices):
        INFORMAL = "informal", _("informal group")
        CONSTITUTED = "constituted", _("constituted group")
        CIO = "cio", _("charitable incorporated organisation")
        CHARITY = "charity", _("charity")
        CLG = "clg", _("company limited by guarantee")
        CIC = "cic", _("community interest company")
        CBS = "cbs", _("community benefit society")
        CASC = "casc", _("community amateur sports club")
        PARISH = "parish", _("parish or town council")
        COUNCIL = "council", _("council")
        BUSINESS = "business", _("business")

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind)

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(slug__length__gt=0, name__length__gt=0),
                name="organisation_has_slug_and_name",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "informal",
                        "constituted",
                        "cio",
                        "charity",
                        "clg",
                        "cic",
                        "cbs",
                        "casc",
                        "parish",
                        "council",
                        "business",
                    ]
                ),
                name="organisation_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Identifier(models.Model):
    """A number on somebody's public register, under the scheme codes of org-id.guide."""

    class Scheme(models.TextChoices):
        CHARITY_ENGLAND_WALES = "GB-CHC", _("Charity Commission for England and Wales")
        COMPANIES_HOUSE = "GB-COH", _("Companies House")
        CHARITY_SCOTLAND = "GB-SC", _("Scottish Charity Regulator")
        CHARITY_NORTHERN_IRELAND = "GB-NIC", _("Charity Commission for Northern Ireland")
        MUTUALS = "GB-MPR", _("Mutuals Public Register")
        LOCAL_AUTHORITY_ENGLAND = "GB-LAE", _("Register of local authorities in England")
        REVENUE = "GB-REV", _("HM Revenue and Customs, charities and sports clubs")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="identifiers"
    )
    scheme = models.CharField(max_length=10, choices=Scheme)
    value = models.CharField(max_length=20)

    class Meta:
        ordering = ["scheme", "value"]
        constraints = [
            # A register gives a number to one body, so two rows with it are one body twice.
            models.UniqueConstraint(fields=["scheme", "value"], name="identifier_used_once"),
            models.CheckConstraint(
                condition=models.Q(
                    scheme__in=[
                        *("GB-CHC", "GB-COH", "GB-SC", "GB-NIC", "GB-MPR", "GB-LAE", "GB-REV")
                    ]
                ),
                name="identifier_scheme_known",
            ),
            models.CheckConstraint(
                condition=models.Q(value__length__gt=0), name="identifier_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}-{self.value}"


class Officer(Spell):
    """Somebody who speaks for an organisation, on dated days."""

    class Title(models.TextChoices):
        CHAIR = "chair", _("chair")
        SECRETARY = "secretary", _("secretary")
        TREASURER = "treasurer", _("treasurer")
        TRUSTEE = "trustee", _("trustee or director")
        FINANCE_OFFICER = "finance_officer", _("finance officer")
        CONTACT = "contact", _("contact")
        SAFEGUARDING_LEAD = "safeguarding_lead", _("safeguarding lead")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="officers"
    )
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="offices")
    title = models.CharField(max_length=20, choices=Title)

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            *Spell.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(
                    title__in=[
                        "chair",
                        "secretary",
                        "treasurer",
                        "trustee",
                        "finance_officer",
                        "contact",
                        "safeguarding_lead",
                    ]
                ),
                name="officer_title_known",
            ),
            models.UniqueConstraint(
                fields=["organisation", "account", "title"],
                condition=models.Q(until__isnull=True),
                name="officer_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} of {self.organisation_id}"
