"""What promises put on a desk: how many are due today or late, and the way to all of them."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorstep.apps.people import desk
from doorstep.apps.people.desk import Owner, Row, Told
from doorstep.apps.promises.models import Promise
from doorstep.apps.promises.queries import owed_by


def _due(owner: Owner) -> QuerySet[Promise]:
    mine = owed_by(owner.account, owner.roles, owner.today)
    due = Promise.objects.filter(mine, due_on__lte=owner.today).order_by()
    counted = due.values("state").annotate(n=Count("pk"), first=Min("due_on"))
    return desk.row(counted, n="n", first="first")


@desk.each(_due)
def due_now(row: Row, owner: Owner) -> Iterator[Told]:
    """One item for everything that is due today or late."""
    yield desk.DeskItem(
        title=ngettext(
            "%(n)s promise is due today or late", "%(n)s promises are due today or late", row["n"]
        )
        % {"n": row["n"]},
        url=reverse("promises:mine"),
        due=date.fromisoformat(row["first"]),
    )


@desk.register
def all_promises(owner: Owner) -> Iterator[Told]:
    yield desk.Way(_("Everything that is owed by you"), reverse("promises:mine"))
