"""What must always hold of ideas."""

from django.utils.translation import gettext_lazy as _

from doorstep.apps.invariants import holds

from .models import Idea
from .verify import verify_ideas

holds(
    "ideas.steps",
    _("Every idea stands where its steps in the record led it."),
    Idea.objects.count,
)(verify_ideas)
