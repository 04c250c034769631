"""What must always hold of places."""

from django.utils.translation import gettext_lazy as _

from doorstep.apps.invariants import holds

from .models import Place
from .verify import verify_places

holds(
    "places.told",
    _("Every place is as the record says: its name, its people, its figures of need."),
    Place.objects.count,
)(verify_places)
