"""Reads about awards that pages and commands share."""

from django.db.models import F, QuerySet

from doorstep.apps.awards.models import Award
from doorstep.apps.places.models import Place

# slug, title, title of the round (None where no ballot decided), state, pence
AwardRow = tuple[str, str, str | None, str, int]


def awards_of(place: Place, *, example: bool = False) -> QuerySet[Award, AwardRow]:
    """A place's awards, newest first, as rows and not objects: a list has many; one statement."""
    awards = Award.objects.filter(place=place, is_example=example).order_by("-id")
    return awards.values_list(
        "slug",
        F("title__text"),
        F("project__round__title__text"),
        "state",
        "pence",
    )


def threaded_awards() -> QuerySet[Award]:
    """Awards with all that each walks back to: project, round, decision, and its own leaves."""
    return Award.objects.select_related(
        "title",
        "place",
        "project__round__title",
        "project__round__result",
        "project__name",
        "decision__partnership_decision",
        "made",
        "commitment__leaf",
    )
