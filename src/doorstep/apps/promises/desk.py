"""What promises put on a desk: how many are due today or late, and the way to all of them."""

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorstep.apps.people import desk
from doorstep.apps.people.models import Account
from doorstep.apps.promises.models import Promise
from doorstep.apps.promises.queries import owed_by_account


@desk.register
def due_now(account: Account) -> list[desk.DeskItem]:
    """One item for everything that is due today or late."""
    today = timezone.localdate()
    waiting = Promise.objects.filter(owed_by_account(account, today), due_on__lte=today)
    found = waiting.order_by().aggregate(n=Count("pk"), first=Min("due_on"))
    if not found["n"]:
        return []
    return [
        desk.DeskItem(
            title=ngettext(
                "%(n)s promise is due today or late", "%(n)s promises are due today or late",
                found["n"],
            )
            % {"n": found["n"]},
            url=reverse("promises:mine"),
            due=found["first"],
        )
    ]  # fmt: skip


@desk.leads
def all_promises(account: Account) -> list[desk.Way]:
    return [desk.Way(_("Everything that is owed by you"), reverse("promises:mine"))]
