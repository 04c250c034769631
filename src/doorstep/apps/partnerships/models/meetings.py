"""Meetings: when and where, what is on the agenda, and who must stay out of which item."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doorstep.apps.files.models import StoredFile
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.partnerships.models.members import Interest, Membership, Partnership
from doorstep.apps.record.models import Leaf, Wording


class MeetingState(models.TextChoices):
    """The worker's word; `Meeting.NEIGHBOUR_WORDS` has the other."""

    CALLED = "called", _("called")
    HELD = "held", _("held")
    ADJOURNED = "adjourned", _("adjourned")
    CANCELLED = "cancelled", _("cancelled")


class Meeting(models.Model):
    """One meeting of a partnership; `number` counts from 1 and is its permanent name there.

    Its notice was due by `notice_by`. One called later says why (`short_notice`); one that goes on
    from another, adjourned, needs none, for it was announced there.
    """

    class Kind(models.TextChoices):
        ORDINARY = "ordinary", _("meeting")
        ANNUAL = "annual", _("annual meeting")

    NEIGHBOUR_WORDS = {
        MeetingState.CALLED: _("coming"),
        MeetingState.HELD: _("took place"),
        MeetingState.ADJOURNED: _("broken off, and goes on another day"),
        MeetingState.CANCELLED: _("called off"),
    }

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="meetings")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    where = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    meets_at = models.DateTimeField()
    called_on = models.DateField()
    notice_by = models.DateField()
    short_notice = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, related_name="+")
    continues = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="goes_on_as"
    )
    state = models.CharField(max_length=10, choices=MeetingState, default=MeetingState.CALLED)
    why = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, related_name="+")
    called = models.OneToOneField(Leaf, on_delete=models.PROTECT, related_name="meeting_called")
    ended = models.OneToOneField(
        Leaf, on_delete=models.PROTECT, null=True, related_name="meeting_ended"
    )

    class Meta:
        ordering = ["-meets_at", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="meeting_number_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["ordinary", "annual"]), name="meeting_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["called", "held", "adjourned", "cancelled"]),
                name="meeting_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="called", ended__isnull=True)
                | Q(~Q(state="called"), ended__isnull=False),
                name="meeting_ends_by_a_leaf",
            ),
            models.CheckConstraint(
                condition=Q(called_on__lte=F("notice_by"))
                | Q(short_notice__isnull=False)
                | Q(continues__isnull=False),
                name="meeting_of_short_notice_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["adjourned", "cancelled"]) | Q(why__isnull=False),
                name="meeting_broken_off_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"meeting {self.number}"

    @property
    def in_words(self) -> str:
        """The neighbour's words for its state."""
        return str(self.NEIGHBOUR_WORDS[MeetingState(self.state)])


class AgendaItem(models.Model):
    """One thing on an agenda. Never changed: what else comes up is an item of its own.

    `organisation` is whoever could be paid by it, `pence` up to how much. `terms` are those of a
    delegated limit: who may use it, how much a month, and on which days. `minutes_of` is the
    meeting whose minutes are to be agreed.
    """

    class Kind(models.TextChoices):
        REPORT = "report", _("to hear and talk about")
        MATTER = "matter", _("to decide")
        MONEY = "money", _("to give money")
        LIMIT = "limit", _("to let somebody decide small sums")
        MINUTES = "minutes", _("to agree the minutes")

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    pence = models.BigIntegerField(null=True)
    terms = models.JSONField(default=dict)
    minutes_of = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, related_name="agreed_at"
    )
    carried_from = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="carried_to"
    )
    late = models.BooleanField(default=False)
    leaf = models.ForeignKey(Leaf, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="agenda_number_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["report", "matter", "money", "limit", "minutes"]),
                name="agenda_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["money", "limit"], pence__isnull=False, pence__gt=0)
                | Q(~Q(kind__in=["money", "limit"]), pence__isnull=True),
                name="agenda_money_says_how_much",
            ),
            models.CheckConstraint(
                condition=Q(kind="minutes", minutes_of__isnull=False)
                | Q(~Q(kind="minutes"), minutes_of__isnull=True),
                name="agenda_minutes_say_whose",
            ),
        ]

    def __str__(self) -> str:
        return f"item {self.number}"

    @property
    def needs_a_vote(self) -> bool:
        return self.kind != self.Kind.REPORT


class Paper(models.Model):
    """A picture or PDF that an item is decided on. Anybody may read it before the meeting."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="papers")
    title = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="paper")
    leaf = models.OneToOneField(Leaf, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"paper {self.pk}"


class Declaration(models.Model):
    """What a member declared for one meeting: of one item, or of all where `item` is empty.

    Beside it stand the lasting interests (`Interest`), which are asked at each item too.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="declarations")
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, related_name="declarations"
    )
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="declarations"
    )
    kind = models.CharField(max_length=20, choices=Interest.Kind)
    leaf = models.OneToOneField(Leaf, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["direct", "indirect", "loyalty"]),
                name="declaration_kind_known",
            ),
            models.UniqueConstraint(
                fields=["item", "membership", "kind"], name="declaration_made_once"
            ),
            models.UniqueConstraint(
                fields=["meeting", "membership", "kind"],
                condition=Q(item__isnull=True),
                name="declaration_made_once_for_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} interest at meeting {self.meeting_id}"
