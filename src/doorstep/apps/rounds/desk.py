"""What waits on the desk of whoever runs a round."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.people import desk
from doorstep.apps.people.desk import Owner, Row, Told
from doorstep.apps.people.models import Role
from doorstep.apps.rounds.models import Round, RoundSize, RoundState

RUNS = (Role.Kind.PARTNERSHIP_MEMBER,)
DRAFTS = (Role.Kind.PARTNERSHIP_MEMBER, Role.Kind.WORKER)


def _to_bring_on(owner: Owner) -> QuerySet[Round]:
    to_freeze = Q(state=RoundState.DRAFT, terms__isnull=False)
    to_count = Q(
        state=RoundState.FROZEN, terms__size=RoundSize.ROOM, terms__opens_at__lte=timezone.now()
    )
    found = Round.objects.filter(to_freeze | to_count, place__in=owner.places(RUNS)).annotate(
        opens=TruncDate("terms__opens_at"), closes=TruncDate("terms__closes_at")
    )
    return desk.row(
        found, slug="slug", title="title__text", state="state", opens="opens", closes="closes"
    )


@desk.each(_to_bring_on)
def rounds_to_bring_on(row: Row, owner: Owner) -> Iterator[Told]:
    """Drafts to freeze and rooms to count, for a partnership member of their place."""
    title = {"title": row["title"] or row["slug"]}
    if row["state"] == RoundState.DRAFT:
        yield desk.DeskItem(
            title=_("Freeze “%(title)s”") % title,
            url=reverse("round-freeze", args=[row["slug"]]),
            text=_("It is a draft. Freezing fixes what is asked, and sets the money aside."),
            due=date.fromisoformat(row["opens"]),
        )
    else:
        yield desk.DeskItem(
            title=_("Enter what was counted in “%(title)s”") % title,
            url=reverse("round-room", args=[row["slug"]]),
            text=_("Two people count, and each enters the numbers."),
            due=date.fromisoformat(row["closes"]),
        )


@desk.register
def rounds_of_my_places(owner: Owner) -> Iterator[Told]:
    """The way to the rounds of each place that this account drafts for."""
    for place in owner.places(DRAFTS):
        yield desk.Way(
            _("Rounds of %(place)s") % {"place": place.name},
            reverse("place-rounds", args=[place.slug]),
        )
