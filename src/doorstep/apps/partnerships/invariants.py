"""What must always hold of meetings."""

from django.utils.translation import gettext_lazy as _

from doorstep.apps.invariants import holds

from .models import Filling, ItemDecision, Plan
from .verify import verify_lots, verify_meetings
from .verify_plans import verify_plans

holds(
    "meetings.decided",
    _(
        "Whatever a meeting decided was decided by a quorum in which residents held the majority, "
        "and nobody with an interest took part."
    ),
    ItemDecision.objects.count,
)(verify_meetings)
holds(
    "seats.lots",
    _("Every lot that filled a seat gives the same people when it is drawn again."),
    Filling.objects.count,
)(verify_lots)
holds(
    "plans.costed",
    _("Every plan comes to the sum that its place was given, and is what the record says."),
    Plan.objects.exclude(state="draft").count,
)(verify_plans)
