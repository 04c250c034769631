"""What must always hold of promises."""

from django.utils.translation import gettext_lazy as _

from doorstep.apps.invariants import holds

from .models import Promise
from .verify import verify_promises

holds(
    "promises.stand",
    _("Every promise stands as its last step says, and is due when its sum says."),
    Promise.objects.count,
)(verify_promises)
