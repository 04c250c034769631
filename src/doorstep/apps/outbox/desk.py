"""What the outbox puts on desks: letters to print, and messages that could not be sent."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorstep.apps.outbox.models import Medium, Message
from doorstep.apps.outbox.queries import OFFICERS, seen_by
from doorstep.apps.people import desk
from doorstep.apps.people.models import Account, Role
from doorstep.apps.people.queries import roles_on


@desk.register
def messages_that_failed(account: Account) -> list[desk.DeskItem]:
    """For whoever may see the backlog, while there is something to look at."""
    if not any(role.kind in OFFICERS for role in roles_on(account, timezone.localdate())):
        return []
    failed = Message.objects.filter(seen_by(account), state=Message.State.FAILED)
    count = failed.exclude(sealed="").count()
    if not count:
        return []
    text = ngettext("%(count)s message was given up.", "%(count)s messages were given up.", count)
    return [
        desk.DeskItem(
            title=_("See what could not be sent"),
            url=reverse("messages"),
            text=text % {"count": count},
        )
    ]


@desk.register
def letters_to_post(account: Account) -> list[desk.DeskItem]:
    """For a community worker: the letters of their place."""
    places = {
        role.place.pk: role.place
        for role in roles_on(account, timezone.localdate())
        if role.kind == Role.Kind.WORKER and role.place
    }
    if not places:
        return []
    waiting = Message.objects.filter(
        place__in=places, state=Message.State.QUEUED, contact__medium=Medium.LETTER
    ).values_list("place", flat=True)
    counts: dict[int, int] = {}
    for place in waiting:
        counts[place] = counts.get(place, 0) + 1
    return [
        desk.DeskItem(
            title=_("Post letters of %(place)s") % {"place": places[place].name},
            url=reverse("letters", args=[places[place].slug]),
            text=ngettext("%(count)s letter waits.", "%(count)s letters wait.", count)
            % {"count": count},
        )
        for place, count in counts.items()
    ]


@desk.leads
def letters_of_my_places(account: Account) -> list[desk.Way]:
    """For a community worker: the letters of each of their places, also while none waits."""
    return [
        desk.Way(
            _("Letters of %(place)s") % {"place": role.place.name},
            reverse("letters", args=[role.place.slug]),
        )
        for role in roles_on(account, timezone.localdate())
        if role.kind == Role.Kind.WORKER and role.place
    ]


@desk.leads
def backlog(account: Account) -> list[desk.Way]:
    """For officers: how much waits, also while nothing failed."""
    roles = roles_on(account, timezone.localdate())
    if not any(role.kind in OFFICERS for role in roles):
        return []
    return [desk.Way(_("Messages that wait"), reverse("messages"))]
