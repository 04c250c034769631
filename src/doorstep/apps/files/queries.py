"""Reads about who points at a file.

Whatever room keeps a file has a row with a foreign key to it; Django knows them all, so that a new
room needs to say nothing here.
"""

from datetime import timedelta

from django.db.models import Exists, ForeignObjectRel, OuterRef, QuerySet
from django.utils import timezone

from doorstep.apps.files.models import Content, StoredFile

# A step that points at its file takes seconds; after a day nothing will any more.
UNUSED_FOR = timedelta(days=1)
AT_ONCE = 200


def unused() -> QuerySet[StoredFile]:
    """Files that no row of any room points at."""
    found = StoredFile.objects.all()
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.related_model is Content:
            continue
        rows = relation.related_model._default_manager.all()
        found = found.filter(~Exists(rows.filter(**{relation.field.name: OuterRef("pk")})))
    return found


def is_pointed_at(stored: StoredFile) -> bool:
    return not unused().filter(pk=stored.pk).exists()


def left_behind() -> QuerySet[StoredFile]:
    """Files that nothing points at, a day after they came, and that were not erased yet."""
    before = timezone.now() - UNUSED_FOR
    found = unused().filter(kept__recorded_at__lt=before, content__erasure=None)
    return found.order_by("pk")[:AT_ONCE]
