"""What the fund agrees with a locally trusted organisation, and what went between them.

None of it moves a pound of a place: it says who holds which part of what the place has. Only the
fee is money of its own, paid by the fund on top.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Funding(models.Model):
    """A funding agreement: drafted by the fund, and accepted by the organisation or withdrawn by
    the fund. Never changed; what is agreed otherwise is another one that takes over what was still
    to come of this one."""

    host = models.ForeignKey(
        "partnerships.HostAgreement", on_delete=models.PROTECT, related_name="fundings"
    )
    fund = models.ForeignKey("fund.Fund", on_delete=models.PROTECT, related_name="fundings")
    takes_over = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="heirs"
    )
    drafted_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    drafted_on = models.DateField()
    drafted = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="funding")
    accepted_by = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    accepted_on = models.DateField(null=True)
    accepted = models.OneToOneField(
        "record.Leaf", on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_by = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_on = models.DateField(null=True)
    withdrawn = models.OneToOneField(
        "record.Leaf", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_by__isnull=True) | ~Q(accepted_by=F("drafted_by")),
                name="funding_takes_two",
            ),
            models.CheckConstraint(
                condition=Q(
                    withdrawn__isnull=True, withdrawn_by__isnull=True, withdrawn_on__isnull=True
                )
                | Q(
                    withdrawn__isnull=False, withdrawn_by__isnull=False,
                    withdrawn_on__isnull=False, accepted__isnull=True,
                ),
                name="funding_withdrawn_as_a_draft",
            ),
            models.UniqueConstraint(
                fields=["takes_over"], condition=Q(withdrawn__isnull=True),
                name="funding_taken_over_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"funding {self.pk}"


class Part(models.Model):
    """One payment of a schedule. A bridging part was asked for later, with a reason."""

    funding = models.ForeignKey(Funding, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField()
    pence = models.BigIntegerField()
    due_on = models.DateField()
    why = models.ForeignKey("record.Wording", on_delete=models.PROTECT, null=True, related_name="+")
    leaf = models.ForeignKey("record.Leaf", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["funding", "number"]
        constraints = [
            models.UniqueConstraint(fields=["funding", "number"], name="part_numbered_once"),
            models.CheckConstraint(condition=Q(pence__gt=0), name="part_is_of_something"),
        ]

    def __str__(self) -> str:
        return f"part {self.number} of {self.funding_id}"

    @property
    def bridging(self) -> bool:
        return self.why_id is not None


class SpendReport(models.Model):
    """What an organisation says it spent. The sums are the ledger's; what stands in its bank
    account is its own word, and a difference is there for everybody to see."""

    funding = models.ForeignKey(Funding, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveIntegerField()
    until = models.DateField()
    spent_pence = models.BigIntegerField()
    held_pence = models.BigIntegerField()
    at_bank_pence = models.BigIntegerField()
    words = models.ForeignKey("record.Wording", on_delete=models.PROTECT, related_name="+")
    said_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    leaf = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["funding", "number"]
        constraints = [
            models.UniqueConstraint(fields=["funding", "number"], name="spendreport_numbered_once"),
            models.CheckConstraint(
                condition=Q(spent_pence__gte=0, held_pence__gte=0), name="spendreport_of_sums"
            ),
        ]

    def __str__(self) -> str:
        return f"report {self.number} of {self.funding_id}"

    @property
    def difference(self) -> int:
        return self.at_bank_pence - self.held_pence


class MoveKind(models.TextChoices):
    RELEASED = "released", _("paid to the organisation")
    RETURNED = "returned", _("sent back to the fund")
    PASSED_ON = "passed_on", _("passed on to the next organisation")


class MoveState(models.TextChoices):
    WAITING = "waiting", _("waits for the other side")
    CONFIRMED = "confirmed", _("confirmed by both sides")
    DECLINED = "declined", _("not agreed")


class Move(models.Model):
    """Money between the fund and an organisation, or between two: said by one, and confirmed by
    another.

    `fee_pence` is what the fund pays on top of a release, or has back with a return.
    """

    kind = models.CharField(max_length=10, choices=MoveKind)
    funding = models.ForeignKey(Funding, on_delete=models.PROTECT, related_name="moves")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, null=True, related_name="moves")
    report = models.ForeignKey(
        SpendReport, on_delete=models.PROTECT, null=True, related_name="moves"
    )
    back_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="returns")
    to = models.ForeignKey(Funding, on_delete=models.PROTECT, null=True, related_name="received")
    pence = models.BigIntegerField()
    fee_pence = models.BigIntegerField()
    reason = models.ForeignKey("record.Wording", on_delete=models.PROTECT, related_name="+")
    said_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    said_on = models.DateField()
    said = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=MoveState, default=MoveState.WAITING)
    ended_by = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_on = models.DateField(null=True)
    ended = models.OneToOneField(
        "record.Leaf", on_delete=models.PROTECT, null=True, related_name="+"
    )
    entry = models.OneToOneField(
        "ledger.Journal", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(pence__gt=0, fee_pence__gte=0), name="move_is_of_something"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="released", part__isnull=False, back_of__isnull=True, to__isnull=True
                )
                | Q(kind="returned", part__isnull=True, back_of__isnull=False, to__isnull=True)
                | Q(
                    kind="passed_on", part__isnull=True, back_of__isnull=True, to__isnull=False,
                    fee_pence=0,
                ),
                name="move_says_where_from_and_to",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", ended__isnull=True, ended_by__isnull=True)
                | Q(
                    state__in=["confirmed", "declined"], ended__isnull=False,
                    ended_by__isnull=False,
                ),
                name="move_ends_by_a_leaf",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(ended_by=F("said_by")), name="move_takes_two"
            ),
            models.UniqueConstraint(
                fields=["part"], condition=Q(kind="released") & ~Q(state="declined"),
                name="part_paid_once",
            ),
            models.UniqueConstraint(
                fields=["report"], condition=Q(kind="released") & ~Q(state="declined"),
                name="report_opens_one_part",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def tone(self) -> str:
        """How its state looks on a page."""
        return {"waiting": "waiting", "confirmed": "good"}.get(self.state, "plain")


class PaidFrom(models.Model):
    """Which organisation's account a payment left, fixed at its release: whoever holds the money
    later, this one paid."""

    payment = models.OneToOneField(
        "awards.Payment", on_delete=models.PROTECT, related_name="paid_from"
    )
    funding = models.ForeignKey(Funding, on_delete=models.PROTECT, related_name="payments")

    def __str__(self) -> str:
        return f"{self.payment_id} from {self.funding_id}"


class CloseOut(models.Model):
    """A place's funding comes to its end: what is to be done is promised, then it closes."""

    place = models.OneToOneField("places.Place", on_delete=models.PROTECT, related_name="close_out")
    begun_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    begun_on = models.DateField()
    begun = models.OneToOneField("record.Leaf", on_delete=models.PROTECT, related_name="+")
    closed_by = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_on = models.DateField(null=True)
    closed = models.OneToOneField(
        "record.Leaf", on_delete=models.PROTECT, null=True, related_name="+"
    )
    left_pence = models.BigIntegerField(null=True)
    records_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    closed__isnull=True, left_pence__isnull=True, records_until__isnull=True
                )
                | Q(
                    closed__isnull=False, left_pence__gte=0, records_until__gt=F("closed_on"),
                    closed_by__isnull=False,
                ),
                name="closeout_says_how_long_records_stay",
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | ~Q(closed_by=F("begun_by")),
                name="closeout_takes_two",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"close-out of {self.place_id}"
