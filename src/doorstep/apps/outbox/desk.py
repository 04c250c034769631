"""What the outbox puts on desks: letters to print, and messages that could not be sent."""

from collections.abc import Iterator

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorstep.apps.outbox.models import Medium, Message
from doorstep.apps.outbox.queries import OFFICERS
from doorstep.apps.people import desk
from doorstep.apps.people.desk import Owner, Row, Told
from doorstep.apps.people.models import Role

POSTS = (Role.Kind.WORKER,)


def _failed(owner: Owner) -> QuerySet[Message] | None:
    mine = owner.where(OFFICERS)
    if mine is None:
        return None
    failed = Message.objects.filter(mine, state=Message.State.FAILED).exclude(sealed="")
    return desk.row(failed.order_by().values("state").annotate(n=Count("pk")), n="n")


@desk.each(_failed)
def messages_that_failed(row: Row, owner: Owner) -> Iterator[Told]:
    """For whoever may see the backlog, while there is something to look at."""
    count = row["n"]
    text = ngettext("%(count)s message was given up.", "%(count)s messages were given up.", count)
    yield desk.DeskItem(
        title=_("See what could not be sent"),
        url=reverse("messages"),
        text=text % {"count": count},
    )


def _letters(owner: Owner) -> QuerySet[Message]:
    waiting = Message.objects.filter(
        place__in=owner.places(POSTS), state=Message.State.QUEUED, contact__medium=Medium.LETTER
    )
    counted = waiting.order_by().values("place__name", "place__slug").annotate(n=Count("pk"))
    return desk.row(counted, name="place__name", slug="place__slug", n="n")


@desk.each(_letters)
def letters_to_post(row: Row, owner: Owner) -> Iterator[Told]:
    """For a community worker: the letters of their place."""
    count = row["n"]
    yield desk.DeskItem(
        title=_("Post letters of %(place)s") % {"place": row["name"]},
        url=reverse("letters", args=[row["slug"]]),
        text=ngettext("%(count)s letter waits.", "%(count)s letters wait.", count)
        % {"count": count},
    )


@desk.register
def letters_and_backlog(owner: Owner) -> Iterator[Told]:
    """For a community worker the letters of each of their places, and for officers how much waits:
    also while nothing does."""
    for place in owner.places(POSTS):
        yield desk.Way(
            _("Letters of %(place)s") % {"place": place.name},
            reverse("letters", args=[place.slug]),
        )
    if owner.holds(OFFICERS):
        yield desk.Way(_("Messages that wait"), reverse("messages"))
