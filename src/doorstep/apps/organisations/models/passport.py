"""What a group shows instead of filling in another form: papers, who is tied to whom, who may
read it, who read it, and who stands for a group that has no papers of its own."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doorstep.apps.organisations.models.bodies import Organisation
from doorstep.apps.people.models import Account
from doorstep.apps.people.spells import Spell
from doorstep.apps.places.models import Place


class Tie(Spell):
    """Two people who are not strangers, as one of them said. Nobody's home is written down: that
    two share one is all that the question needs."""

    class Kind(models.TextChoices):
        HOUSEHOLD = "household", _("we live together")
        FAMILY = "family", _("we are related, or partners")
        BUSINESS = "business", _("we do business together")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="ties")
    other = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind)

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            *Spell.Meta.constraints,
            models.CheckConstraint(condition=~Q(account=F("other")), name="tie_is_between_two"),
            models.CheckConstraint(
                condition=Q(kind__in=["household", "family", "business"]), name="tie_kind_known"
            ),
            models.UniqueConstraint(
                fields=["account", "other"],
                condition=Q(until__isnull=True),
                name="tie_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} and {self.other_id}: {self.kind}"


class TiesSaid(models.Model):
    """One officer said, on a day, which of the others they are tied to; perhaps to none."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.account_id} said so on {self.on}"


class Document(models.Model):
    """One paper, kept once. The newest of a kind that was not taken out is the one that counts."""

    class Kind(models.TextChoices):
        CONSTITUTION = "constitution", _("constitution or rules")
        SAFEGUARDING = "safeguarding", _("safeguarding policy")
        INSURANCE = "insurance", _("insurance")
        ACCOUNTS = "accounts", _("yearly accounts")
        BANK_LETTER = "bank_letter", _("letter from the bank")
        LEASE = "lease", _("lease or licence of a building")
        MINUTES = "minutes", _("minutes")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="documents"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    file = models.OneToOneField("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    issued = models.DateField()
    expires = models.DateField(null=True)
    given_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    given_on = models.DateField()
    taken_out_on = models.DateField(null=True)
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["kind", "-issued", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "constitution",
                        "safeguarding",
                        "insurance",
                        "accounts",
                        "bank_letter",
                        "lease",
                        "minutes",
                    ]
                ),
                name="document_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(expires__isnull=True) | Q(expires__gt=F("issued")),
                name="document_expires_after_it_was_issued",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.organisation_id}"


class Sponsorship(models.Model):
    """A group without papers of its own, and the organisation that stands for it: it holds the
    money and lends its papers. It holds from the day the sponsor says yes."""

    group = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sponsors")
    sponsor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sponsored")
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField()
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(group=F("sponsor")), name="sponsorship_of_another"),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(since__gte=F("asked_on")),
                name="sponsorship_begins_when_asked",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("asked_on")),
                name="sponsorship_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["group"],
                condition=Q(until__isnull=True),
                name="sponsorship_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sponsor_id} stands for {self.group_id}"


class Share(models.Model):
    """Leave to read a passport, for one named body, up to and on a last day. The body is an
    organisation, or whoever decides about and pays the money of a place."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="shares")
    reader = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="may_read"
    )
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    papers = models.JSONField(default=list)  # kinds of documents that may be opened
    shared_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    shared_on = models.DateField()
    last_day = models.DateField()
    ended_on = models.DateField(null=True)  # taken back, or made anew
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-shared_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reader__isnull=True, place__isnull=False)
                | Q(reader__isnull=False, place__isnull=True),
                name="share_names_one_reader",
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("shared_on")), name="share_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["organisation", "reader"],
                condition=Q(ended_on__isnull=True),
                name="share_open_once_to_a_body",
            ),
            models.UniqueConstraint(
                fields=["organisation", "place"],
                condition=Q(ended_on__isnull=True),
                name="share_open_once_to_a_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} until {self.last_day}"

    def open_on(self, day: object) -> bool:
        return self.ended_on is None and self.shared_on <= day <= self.last_day  # type: ignore[operator]


class Opening(models.Model):
    """A reader opened the passport, or one paper of it. Append-only, with a leaf of its own."""

    share = models.ForeignKey(Share, on_delete=models.PROTECT, related_name="openings")
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, related_name="openings"
    )
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(role__length__gt=0), name="opening_says_as_whom"),
        ]

    def __str__(self) -> str:
        return f"opened by a {self.role}"
