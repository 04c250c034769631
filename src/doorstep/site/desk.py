"""What the site's own pages put on a desk."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.people import desk
from doorstep.apps.people.models import Account, Role
from doorstep.apps.people.queries import roles_on
from doorstep.apps.rounds.models import RoundState
from doorstep.apps.rounds.queries import public_rounds


@desk.register
def rounds_to_close(account: Account) -> list[desk.DeskItem]:
    """Rounds whose ballots are sealed, for a partnership member of their place."""
    places = {
        role.place_id
        for role in roles_on(account, timezone.localdate())
        if role.kind == Role.Kind.PARTNERSHIP_MEMBER
    }
    waiting = public_rounds().filter(
        place__in=places, state__in=[RoundState.CLOSED, RoundState.COUNTED]
    )
    return [
        desk.DeskItem(
            title=_("Close and count “%(title)s”") % {"title": round_.title.text or round_.slug},
            url=reverse("round-close", args=[round_.slug]),
            text=_("Voting has ended. The count makes the awards."),
        )
        for round_ in waiting
    ]
