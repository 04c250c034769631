"""The questions of the evidence page are fixed, and published, before any figure is shown."""

from datetime import date

from django.db import transaction

from doorstep.apps.awards.models import QuestionsFixed
from doorstep.apps.awards.queries.evidence import COMPARISONS, DEFINITIONS, fingerprint, fixed
from doorstep.apps.record.actions import lock_head, write_leaf
from doorstep.apps.record.actors import Actor


@transaction.atomic
def fix_questions(*, on: date, actor: Actor) -> QuestionsFixed:
    """Write the words of every definition and comparison into the public record. Fixed twice the
    same they are fixed once."""
    lock_head()
    if (earlier := fixed()) is not None:
        return earlier
    leaf = write_leaf(
        "evidence.fixed",
        {
            "sha256": fingerprint(),
            "definitions": DEFINITIONS,
            "comparisons": COMPARISONS,
            "fixed_on": on.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
    return QuestionsFixed.objects.create(sha256=fingerprint(), fixed_on=on, leaf=leaf)
