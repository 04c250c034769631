"""Words of hidden ideas do not stand on the pages of the record either."""

from django.db.models import Q

from doorstep.apps.ideas.models import Step
from doorstep.apps.record.queries import hides


@hides
def words_of_hidden_ideas(commitments: set[str]) -> set[str]:
    """Which of these are words of an idea that is hidden now; one statement."""
    steps = Step.objects.filter(
        Q(title__commitment__in=commitments)
        | Q(what__commitment__in=commitments)
        | Q(where__commitment__in=commitments),
        idea__hidden=True,
    ).values_list("title__commitment", "what__commitment", "where__commitment")
    return {one for step in steps for one in step if one in commitments}
