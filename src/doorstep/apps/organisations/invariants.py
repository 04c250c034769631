"""What must always hold of passports."""

from collections.abc import Iterator

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from doorstep.apps.invariants import Fault, holds
from doorstep.apps.organisations.models import ChangeState, MandateChange, Opening
from doorstep.apps.record.models import Leaf, Log


@holds(
    "organisations.openings",
    _("Whoever opened a group’s passport stands in its log, and every line of the log is true."),
    Opening.objects.count,
)
def openings_stand() -> Iterator[Fault]:
    told = Leaf.objects.filter(log=Log.AUDIT, kind="passport.opened")
    for leaf in told.exclude(pk__in=Opening.objects.values("leaf")):
        yield f"leaf {leaf.idx} of the audit log", "it tells of an opening that no row knows."
    for row in Opening.objects.exclude(leaf__kind="passport.opened"):
        yield f"opening {row.pk}", "the record does not tell of it."


@holds(
    "organisations.two_people",
    _("No group’s bank details were changed by one person alone."),
    MandateChange.objects.count,
)
def two_people_changed_it() -> Iterator[Fault]:
    alone = MandateChange.objects.filter(state=ChangeState.CONFIRMED, decided_by=F("asked_by"))
    for change in alone:
        yield f"change {change.pk}", "whoever asked for it confirmed it."
