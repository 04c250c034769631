"""Words of hidden ideas do not stand on the pages of the record either."""

from django.db.models import OuterRef, Q, QuerySet

from doorstep.apps.ideas.models import Step
from doorstep.apps.record.queries import hides


@hides
def steps_of_hidden_ideas() -> QuerySet[Step]:
    words = OuterRef("pk")
    said = Q(title=words) | Q(what=words) | Q(where=words)
    return Step.objects.filter(said, idea__hidden=True)
