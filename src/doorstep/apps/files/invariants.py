"""What must always hold of pictures and papers."""

from django.utils.translation import gettext_lazy as _

from doorstep.apps.invariants import holds

from .models import StoredFile
from .verify import verify_files

holds(
    "files.kept",
    _("Every picture and paper is the one that was handed in."),
    StoredFile.objects.count,
)(verify_files)
