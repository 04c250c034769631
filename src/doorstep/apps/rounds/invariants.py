"""What must always hold of rounds."""

from django.utils.translation import gettext_lazy as _

from doorstep.apps.invariants import holds

from .queries import public_rounds
from .verify import verify_rounds

holds(
    "rounds.recounted",
    _("Every count comes out the same when it is done again."),
    lambda: public_rounds().count(),
)(verify_rounds)
