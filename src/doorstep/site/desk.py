"""What the site's own pages put on a desk."""

from datetime import timedelta

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.awards.models import Award
from doorstep.apps.awards.queries.reports import owed
from doorstep.apps.ledger.reconciling import accounts_at, open_lines
from doorstep.apps.people import desk
from doorstep.apps.people.models import Account, Role
from doorstep.apps.people.queries import roles_on
from doorstep.apps.rounds.models import RoundState
from doorstep.apps.rounds.queries import public_rounds
from doorstep.engine.rulebook import rule
from doorstep.site.words import counted


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


@desk.register
def lines_of_the_bank(account: Account) -> list[desk.DeskItem]:
    """Lines that nothing accounts for yet, for a finance officer; due before they are late."""
    today = timezone.localdate()
    places = {
        role.place_id for role in roles_on(account, today) if role.kind == Role.Kind.FINANCE_OFFICER
    }
    if not places:
        return []
    days = timedelta(days=int(rule("bank.public_after", today).value))
    waiting = {
        one["account"]: one
        for one in open_lines(accounts_at(places))
        .order_by()
        .values("account")
        .annotate(n=Count("pk"), first=Min("booked_on"))
    }
    return [
        desk.DeskItem(
            title=_("Match the bank: %(label)s") % {"label": one.label.text or one.slug},
            url=reverse("bank-account", args=[one.slug]),
            text=counted(waiting[one.pk]["n"], "lines"),
            due=waiting[one.pk]["first"] + days,
        )
        for one in accounts_at(places)
        if one.pk in waiting
    ]


@desk.register
def reports_due(account: Account) -> list[desk.DeskItem]:
    """Receipts to look at, results to read, and reports that are owed, at somebody's places."""
    today = timezone.localdate()
    places = {
        role.place_id
        for role in roles_on(account, today)
        if role.kind in {Role.Kind.WORKER, Role.Kind.PARTNERSHIP_MEMBER}
    }
    if not places:
        return []
    awards = (
        Award.objects.filter(place__in=places, is_example=False, payments__isnull=False)
        .select_related("title", "place", "agreement")
        .prefetch_related("agreement__instalments", "agreement__signatures")
        .distinct()
        .order_by("-pk")
    )
    return [
        desk.DeskItem(
            title=award.title.text or award.slug,
            url=reverse("award-receipts", args=[award.slug]),
            text=step.words,
            due=step.due,
        )
        for award, step in owed(awards[:100], today)
        if step.kind in {"receipts", "check", "result", "year"}
    ]


@desk.leads
def bank_accounts(account: Account) -> list[desk.Way]:
    """The way to the bank's statements, for a finance officer."""
    roles = roles_on(account, timezone.localdate())
    if not any(role.kind == Role.Kind.FINANCE_OFFICER for role in roles):
        return []
    return [desk.Way(_("Bank accounts and statements"), reverse("bank"))]
