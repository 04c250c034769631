"""What the site's own pages put on a desk."""

from datetime import timedelta

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.awards.models import Award
from doorstep.apps.awards.queries.reports import owed
from doorstep.apps.fund.models import Fund, Proposal
from doorstep.apps.fund.queries import waiting_steps
from doorstep.apps.ledger.reconciling import accounts_at, open_lines
from doorstep.apps.people import desk
from doorstep.apps.people.models import Account, Role
from doorstep.apps.people.queries import roles_on
from doorstep.apps.people.spells import said_day
from doorstep.apps.places.models import Place
from doorstep.apps.rounds.models import RoundState
from doorstep.apps.rounds.queries import public_rounds
from doorstep.engine.rulebook import rule
from doorstep.site.words import counted

# Who reads an assurance pack, at the places where they hold one of these roles.
SURE = (
    Role.Kind.FUNDER,
    Role.Kind.COUNCIL_OFFICER,
    Role.Kind.FINANCE_OFFICER,
    Role.Kind.PARTNERSHIP_MEMBER,
    Role.Kind.WORKER,
)


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
def shares_to_decide(account: Account) -> list[desk.DeskItem]:
    """Proposals that wait for a rule and a reason, for a funder."""
    roles = roles_on(account, timezone.localdate())
    if not any(role.kind == Role.Kind.FUNDER for role in roles):
        return []
    waiting = Proposal.objects.filter(decision__isnull=True).select_related("fund")
    return [
        desk.DeskItem(
            title=_("Decide how to share: %(name)s") % {"name": one.name},
            url=reverse("shares-decide", args=[one.fund.slug, one.slug]),
            text=_("Each rule stands beside the others, with who gains and who loses."),
        )
        for one in waiting
    ]


@desk.register
def steps_to_answer(account: Account) -> list[desk.DeskItem]:
    """Steps of a fund that somebody else asked for, for a funder."""
    roles = roles_on(account, timezone.localdate())
    if not any(role.kind == Role.Kind.FUNDER for role in roles):
        return []
    return [
        desk.DeskItem(
            title=_("Say yes or no: %(step)s") % {"step": step.get_kind_display()},
            url=f"{reverse('funder', args=[step.fund.slug])}#step-{step.pk}",
            text=_("Nobody moves money alone. Somebody asked for this on %(day)s.")
            % {"day": said_day(step.asked_on)},
        )
        for step in waiting_steps().exclude(asked_by=account)
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
def funds(account: Account) -> list[desk.Way]:
    """The way to each fund's steps, for a funder."""
    roles = roles_on(account, timezone.localdate())
    if not any(role.kind == Role.Kind.FUNDER for role in roles):
        return []
    return [
        desk.Way(fund.name, reverse("funder", args=[fund.slug]))
        for fund in Fund.objects.order_by("name")
    ]


@desk.leads
def shares(account: Account) -> list[desk.Way]:
    """The way to a place's share of the fund, for whoever may ask for a part of it."""
    may = {Role.Kind.PARTNERSHIP_MEMBER, Role.Kind.FINANCE_OFFICER}
    roles = roles_on(account, timezone.localdate())
    places = [one.place_id for one in roles if one.kind in may and one.place_id is not None]
    found = Place.objects.filter(pk__in=places, allocations__isnull=False).distinct()
    return [
        desk.Way(
            _("The share of %(place)s") % {"place": place.name},
            reverse("place-share", args=[place.slug]),
        )
        for place in found.order_by("name")
    ]


@desk.leads
def bank_accounts(account: Account) -> list[desk.Way]:
    """The way to the bank's statements, for a finance officer."""
    roles = roles_on(account, timezone.localdate())
    if not any(role.kind == Role.Kind.FINANCE_OFFICER for role in roles):
        return []
    return [desk.Way(_("Bank accounts and statements"), reverse("bank"))]


@desk.leads
def assurance_packs(account: Account) -> list[desk.Way]:
    """The way to the assurance pack of each place where somebody has to be sure of the money."""
    roles = roles_on(account, timezone.localdate())
    places = {
        role.place.slug: role.place.name for role in roles if role.place and role.kind in SURE
    }
    return [
        desk.Way(
            _("Assurance pack of %(place)s") % {"place": name}, reverse("assurance", args=[slug])
        )
        for slug, name in places.items()
    ]
