"""What of money waits for whoever takes over at a place."""

from collections.abc import Collection
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from doorstep.apps.awards.models import Move, MoveState
from doorstep.apps.awards.queries.decided import waiting
from doorstep.apps.people.models import Role
from doorstep.apps.places.models import Place
from doorstep.apps.promises.waiting import Waits, waits

MOST = 20


@waits
def decided(place: Place, roles: Collection[str], today: date) -> list[Waits]:
    """What meetings decided about money, and nobody promised yet."""
    if Role.Kind.PARTNERSHIP_MEMBER not in roles:
        return []
    return [
        Waits(
            _("A meeting decided on “%(name)s”, and nobody acted on it yet")
            % {"name": one.item.title.text or _("(words erased)")},
            reverse("place-decided", args=[place.slug]),
        )
        for one in waiting(place)[:MOST]
    ]


@waits
def moves(place: Place, roles: Collection[str], today: date) -> list[Waits]:
    """Money between the fund and organisations that the other side has not confirmed."""
    if not {Role.Kind.FUNDER, Role.Kind.FINANCE_OFFICER} & set(roles):
        return []
    here = Move.objects.filter(funding__host__partnership__place=place, state=MoveState.WAITING)
    return [
        Waits(
            _("Money of %(body)s waits to be confirmed")
            % {"body": one.funding.host.organisation.name},
            reverse("hosting-work", args=[place.slug]),
        )
        for one in here.select_related("funding__host__organisation").order_by("pk")[:MOST]
    ]
