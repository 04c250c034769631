"""A draft changes without a leaf, and pages that are kept by the record's length tell of it: what
is asked, and until when ideas are taken. So whatever is kept goes when a draft changes.

Who read the draft a moment before may still keep the old page, until the record's next line.
"""

from typing import Any

from django.core.cache import caches
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from doorstep.apps.rounds.models import Terms


@receiver([post_save, post_delete], sender=Terms)
def forget_kept_pages(**_said: Any) -> None:
    """Once the change is there for everybody. A cache that cannot be reached undoes no draft."""
    transaction.on_commit(caches["pages"].clear, robust=True)
