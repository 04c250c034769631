"""What the site's own pages put on a desk."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Count, Exists, Min, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from doorstep.apps.awards.models import Award
from doorstep.apps.awards.queries.reports import owed
from doorstep.apps.fund.models import Allocation, Fund, Proposal, Step, StepKind
from doorstep.apps.fund.queries import waiting_steps
from doorstep.apps.ledger.models import BankLine
from doorstep.apps.ledger.reconciling import accounts_at, open_lines
from doorstep.apps.people import desk
from doorstep.apps.people.desk import Owner, Row, Told
from doorstep.apps.people.models import Role
from doorstep.apps.people.spells import said_day
from doorstep.apps.places.models import Place
from doorstep.apps.rounds.models import Round, RoundState
from doorstep.engine.rulebook import rule
from doorstep.site.words import counted

CLOSES = (Role.Kind.PARTNERSHIP_MEMBER,)
FUNDS = (Role.Kind.FUNDER,)
KEEPS_BOOKS = (Role.Kind.FINANCE_OFFICER,)
REPORTS = (Role.Kind.WORKER, Role.Kind.PARTNERSHIP_MEMBER)
DRAWS = (Role.Kind.PARTNERSHIP_MEMBER, Role.Kind.FINANCE_OFFICER)
# Who reads an assurance pack, at the places where they hold one of these roles.
SURE = (
    Role.Kind.FUNDER,
    Role.Kind.COUNCIL_OFFICER,
    Role.Kind.FINANCE_OFFICER,
    Role.Kind.PARTNERSHIP_MEMBER,
    Role.Kind.WORKER,
)


def _sealed(owner: Owner) -> QuerySet[Round]:
    sealed = [RoundState.CLOSED, RoundState.COUNTED]
    found = Round.objects.filter(place__in=owner.places(CLOSES), state__in=sealed)
    return desk.row(found, slug="slug", title="title__text")


@desk.each(_sealed)
def rounds_to_close(row: Row, owner: Owner) -> Iterator[Told]:
    """Rounds whose ballots are sealed, for a partnership member of their place."""
    yield desk.DeskItem(
        title=_("Close and count “%(title)s”") % {"title": row["title"] or row["slug"]},
        url=reverse("round-close", args=[row["slug"]]),
        text=_("Voting has ended. The count makes the awards."),
    )


def _undecided(owner: Owner) -> QuerySet[Proposal] | None:
    if not owner.holds_everywhere(FUNDS):
        return None
    waiting = Proposal.objects.filter(decision__isnull=True)
    return desk.row(waiting, fund="fund__slug", slug="slug", name="fund__name")


@desk.each(_undecided)
def shares_to_decide(row: Row, owner: Owner) -> Iterator[Told]:
    """Proposals that wait for a rule and a reason, for a funder."""
    yield desk.DeskItem(
        title=_("Decide how to share: %(name)s") % row,
        url=reverse("shares-decide", args=[row["fund"], row["slug"]]),
        text=_("Each rule stands beside the others, with who gains and who loses."),
    )


def _unanswered(owner: Owner) -> QuerySet[Step] | None:
    if not owner.holds_everywhere(FUNDS):
        return None
    waiting = waiting_steps().exclude(asked_by=owner.account)
    return desk.row(waiting, id="pk", fund="fund__slug", kind="kind", asked_on="asked_on")


@desk.each(_unanswered)
def steps_to_answer(row: Row, owner: Owner) -> Iterator[Told]:
    """Steps of a fund that somebody else asked for, for a funder."""
    yield desk.DeskItem(
        title=_("Say yes or no: %(step)s") % {"step": StepKind(row["kind"]).label},
        url=f"{reverse('funder', args=[row['fund']])}#step-{row['id']}",
        text=_("Nobody moves money alone. Somebody asked for this on %(day)s.")
        % {"day": said_day(date.fromisoformat(row["asked_on"]))},
    )


def _open_lines(owner: Owner) -> QuerySet[BankLine] | None:
    held = owner.held(KEEPS_BOOKS)
    if not held:
        return None
    lines = open_lines(accounts_at({role.place_id for role in held})).order_by()
    waiting = lines.values(
        "account__slug", "account__label__text", "account__place__slug"
    ).annotate(n=Count("pk"), first=Min("booked_on"))
    return desk.row(
        waiting, slug="account__slug", label="account__label__text", place="account__place__slug",
        n="n", first="first",
    )  # fmt: skip


@desk.each(_open_lines)
def lines_of_the_bank(row: Row, owner: Owner) -> Iterator[Told]:
    """Lines that nothing accounts for yet, for a finance officer; due before they are late."""
    days = timedelta(days=int(rule("bank.public_after", owner.today, row["place"]).value))
    yield desk.DeskItem(
        title=_("Match the bank: %(label)s") % {"label": row["label"] or row["slug"]},
        url=reverse("bank-account", args=[row["slug"]]),
        text=counted(row["n"], "lines"),
        due=date.fromisoformat(row["first"]) + days,
    )


@desk.register
def reports_due(owner: Owner) -> Iterator[Told]:
    """Receipts to look at, results to read, and reports that are owed, at somebody's places; five
    statements."""
    places = owner.places(REPORTS)
    if not places:
        return
    awards = (
        Award.objects.filter(place__in=places, is_example=False, payments__isnull=False)
        .select_related("title", "place", "agreement")
        .prefetch_related("agreement__instalments", "agreement__signatures")
        .distinct()
        .order_by("-pk")
    )
    for award, step in owed(awards[:100], owner.today):
        if step.kind in {"receipts", "check", "result", "year"}:
            yield desk.DeskItem(
                title=award.title.text or award.slug,
                url=reverse("award-receipts", args=[award.slug]),
                text=step.words,
                due=step.due,
            )


def _funds(owner: Owner) -> QuerySet[Fund] | None:
    return (
        desk.row(Fund.objects.all(), slug="slug", name="name")
        if owner.holds_everywhere(FUNDS)
        else None
    )


@desk.each(_funds)
def funds(row: Row, owner: Owner) -> Iterator[Told]:
    """The way to each fund's steps, for a funder."""
    yield desk.Way(row["name"], reverse("funder", args=[row["slug"]]))


def _shares(owner: Owner) -> QuerySet[Place]:
    given = Allocation.objects.filter(place=OuterRef("pk"))
    mine = [place.pk for place in owner.places(DRAWS)]
    return desk.row(Place.objects.filter(Exists(given), pk__in=mine), slug="slug", name="name")


@desk.each(_shares)
def shares(row: Row, owner: Owner) -> Iterator[Told]:
    """The way to a place's share of the fund, for whoever may ask for a part of it."""
    yield desk.Way(
        _("The share of %(place)s") % {"place": row["name"]},
        reverse("place-share", args=[row["slug"]]),
    )


@desk.register
def books_and_packs(owner: Owner) -> Iterator[Told]:
    """The way to the bank's statements, for a finance officer; and to the assurance pack of each
    place where somebody has to be sure of the money."""
    if owner.holds(KEEPS_BOOKS):
        yield desk.Way(_("Bank accounts and statements"), reverse("bank"))
    for place in owner.places(SURE):
        yield desk.Way(
            _("Assurance pack of %(place)s") % {"place": place.name},
            reverse("assurance", args=[place.slug]),
        )
