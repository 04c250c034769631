"""What must always hold of meetings."""

from django.utils.translation import gettext_lazy as _

from doorstep.apps.invariants import holds

from .models import CouncilAgreement, Filling, ItemDecision, LearningEntry, Plan, Start
from .verify import verify_lots, verify_meetings
from .verify_council import verify_council
from .verify_learning import verify_learning
from .verify_plans import verify_plans
from .verify_starting import verify_starting

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
holds(
    "start.told",
    _(
        "What a place was given to get started with was agreed by open meetings and never "
        "exceeded, and what was heard is what the record says."
    ),
    Start.objects.count,
)(verify_starting)
holds(
    "council.signed",
    _(
        "Every agreement with a council is what the record says: what each side owes, who signed, "
        "and whether it still holds."
    ),
    CouncilAgreement.objects.exclude(state="draft").count,
)(verify_council)
holds(
    "learning.recorded",
    _(
        "What members learned is what the record says, and no duty is counted twice or after it "
        "went back."
    ),
    LearningEntry.objects.count,
)(verify_learning)
