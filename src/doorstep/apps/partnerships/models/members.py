"""The residents who decide: membership, interests and host organisations, all as dated rows."""

from django.db import models
from django.db.models.functions import Length
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from doorstep.apps.organisations.models import Organisation
from doorstep.apps.people.models import Account
from doorstep.apps.people.spells import Spell
from doorstep.apps.places.models import Place
from doorstep.apps.record.models import Wording

models.CharField.register_lookup(Length)


class Partnership(models.Model):
    """The group that decides for one place. It holds no money: its host organisation does."""

    place = models.OneToOneField(Place, on_delete=models.PROTECT, related_name="partnership")
    name = models.CharField(max_length=160)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(name__length__gt=0), name="partnership_has_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(Spell):
    """One seat held by one account. Whether its holder lives in the area is part of the spell:
    somebody who moves away begins a new one, and so does whoever takes an office. The term goes on
    from seat to seat: `term_since` is the day its holder joined or was chosen again.

    `name` is what the other members call its holder. The street reads it only where the holder
    said so (`named_in_public`), and it can be erased.
    """

    class Seat(models.TextChoices):
        CHAIR = "chair", _("chair")
        VICE_CHAIR = "vice_chair", _("vice chair")
        TREASURER = "treasurer", _("treasurer")
        SECRETARY = "secretary", _("secretary")
        MEMBER = "member", _("member")

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="memberships"
    )
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="memberships")
    seat = models.CharField(max_length=20, choices=Seat)
    term_since = models.DateField()
    lives_here = models.BooleanField()
    name = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, related_name="+")
    named_in_public = models.BooleanField(default=False)

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            *Spell.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(
                    seat__in=["chair", "vice_chair", "treasurer", "secretary", "member"]
                ),
                name="membership_seat_known",
            ),
            models.CheckConstraint(
                condition=models.Q(term_since__lte=models.F("since")),
                name="membership_term_begins_first",
            ),
            # One person is counted once, whatever seats they could fill.
            models.UniqueConstraint(
                fields=["partnership", "account"],
                condition=models.Q(until__isnull=True),
                name="membership_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat} since {self.since}"

    @property
    def called(self) -> str:
        """What the other members call its holder; the seat where no name was given."""
        if self.name is not None and self.name.text:
            return self.name.text
        return str(
            _("%(seat)s (seat %(number)s)")
            % {
                "seat": capfirst(self.get_seat_display()),
                "number": self.pk,
            }
        )


class Household(Spell):
    """Two people who live together or are close family. What one of them could be paid counts as
    an interest of the other. Never public."""

    one = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            *Spell.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(one__lt=models.F("other")), name="household_of_two_in_order"
            ),
            models.UniqueConstraint(
                fields=["one", "other"],
                condition=models.Q(until__isnull=True),
                name="household_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"household since {self.since}"


class Interest(Spell):
    """What a member has declared: a tie to an organisation that could be paid.

    The three kinds are those of Local Trust's guidance on conflicts of interest (2015).
    """

    class Kind(models.TextChoices):
        DIRECT = "direct", _("direct: the member could be paid")
        INDIRECT = "indirect", _("indirect: a close relative or friend could be paid")
        LOYALTY = "loyalty", _("loyalty: the member belongs to the organisation")

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="interests")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="interests"
    )
    kind = models.CharField(max_length=20, choices=Kind)

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            *Spell.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(kind__in=["direct", "indirect", "loyalty"]),
                name="interest_kind_known",
            ),
            models.UniqueConstraint(
                fields=["membership", "organisation", "kind"],
                condition=models.Q(until__isnull=True),
                name="interest_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} interest since {self.since}"


class HostAgreement(Spell):
    """A locally trusted organisation that holds the money and pays on the partnership's word.

    There may be several at once, and they may change during a plan.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="hosts")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="hosted_partnerships"
    )

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            *Spell.Meta.constraints,
            models.UniqueConstraint(
                fields=["partnership", "organisation"],
                condition=models.Q(until__isnull=True),
                name="hostagreement_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"host since {self.since}"
