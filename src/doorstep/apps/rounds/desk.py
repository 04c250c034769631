"""What waits on the desk of whoever runs a round."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.people import desk
from doorstep.apps.people.models import Account, Role
from doorstep.apps.people.queries import roles_on
from doorstep.apps.rounds.models import Round, RoundSize, RoundState
from doorstep.apps.rounds.queries import rounds_to_run
from doorstep.apps.rounds.rules import window


@desk.register
def rounds_to_bring_on(account: Account) -> list[desk.DeskItem]:
    """Drafts to freeze and rooms to count, for a partnership member of their place."""
    places = {
        role.place_id
        for role in roles_on(account, timezone.localdate())
        if role.kind == Role.Kind.PARTNERSHIP_MEMBER and role.place_id
    }
    if not places:
        return []
    return [item for round_ in rounds_to_run(places) for item in _items(round_)]


@desk.leads
def rounds_of_my_places(account: Account) -> list[desk.Way]:
    """The way to the rounds of each place that this account drafts for."""
    drafting = {Role.Kind.PARTNERSHIP_MEMBER, Role.Kind.WORKER}
    return [
        desk.Way(
            _("Rounds of %(place)s") % {"place": role.place.name},
            reverse("place-rounds", args=[role.place.slug]),
        )
        for role in roles_on(account, timezone.localdate())
        if role.kind in drafting and role.place
    ]


def _items(round_: Round) -> Iterator[desk.DeskItem]:
    title = {"title": round_.title.text or round_.slug}
    terms = round_.terms
    if round_.state == RoundState.DRAFT:
        yield desk.DeskItem(
            title=_("Freeze “%(title)s”") % title,
            url=reverse("round-freeze", args=[round_.slug]),
            text=_("It is a draft. Freezing fixes what is asked, and sets the money aside."),
            due=timezone.localdate(terms.opens_at),
        )
    elif (
        round_.state == RoundState.FROZEN
        and terms.size == RoundSize.ROOM
        and window(terms, timezone.now()) != "before"
    ):
        yield desk.DeskItem(
            title=_("Enter what was counted in “%(title)s”") % title,
            url=reverse("round-room", args=[round_.slug]),
            text=_("Two people count, and each enters the numbers."),
            due=timezone.localdate(terms.closes_at),
        )
