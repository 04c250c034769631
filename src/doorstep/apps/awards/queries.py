"""Reads about awards that pages and commands share."""

from django.db.models import QuerySet

from doorstep.apps.awards.models import Award
from doorstep.apps.places.models import Place


def awards_of(place: Place, *, example: bool = False) -> QuerySet[Award]:
    """A place's awards, newest first, with their words and round; one SQL statement."""
    return (
        Award.objects.filter(place=place, is_example=example)
        .select_related("title", "project__round__title")
        .order_by("-id")
    )


def threaded_awards() -> QuerySet[Award]:
    """Awards with all that each walks back to: project, round, decision, and its own leaves."""
    return Award.objects.select_related(
        "title",
        "place",
        "project__round__title",
        "project__round__result",
        "decision",
        "made",
        "commitment__leaf",
    )
