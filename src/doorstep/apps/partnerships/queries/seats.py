"""Reads about seats: who holds them, whose term ends, what is to be filled."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from doorstep.apps.partnerships import rules
from doorstep.apps.partnerships.models import (
    AgendaItem,
    Filling,
    FillingState,
    Household,
    ItemDecision,
    Membership,
    Outcome,
    Partnership,
)
from doorstep.apps.partnerships.rules import seats as seat_rules
from doorstep.apps.people.spells import holding
from doorstep.apps.places.models import Place
from doorstep.engine.rulebook import rule


@dataclass(frozen=True)
class Seated:
    """A seat with what needs a word about its term."""

    seat: Membership
    ending: seat_rules.Ending | None

    @property
    def public_name(self) -> str:
        """The name of whoever agreed to be named; "" for everybody else."""
        name = self.seat.name
        return name.text or "" if self.seat.named_in_public and name is not None else ""


@dataclass(frozen=True)
class Bench:
    """Everybody who sits on a partnership on a day, and what it lacks."""

    seated: tuple[Seated, ...]
    composition: rules.Composition
    vacant: tuple[str, ...]
    terms: str

    @property
    def told(self) -> list[tuple[Seated, int]]:
        """What the street reads of each seat, and how many are told alike."""
        alike = defaultdict(list)
        for one in self.seated:
            seat = one.seat
            alike[seat.seat, one.public_name, not seat.lives_here, seat.since].append(one)
        return [(same[0], len(same)) for same in alike.values()]


def bench(partnership: Partnership, on: date) -> Bench:
    """Who sits there on a day; one statement."""
    slug = partnership.place.slug
    held = Membership.objects.filter(holding(on), partnership=partnership)
    seats = list(held.select_related("name").order_by("pk"))
    order = list(Membership.Seat.values)
    seats.sort(key=lambda seat: order.index(seat.seat))
    years = rule("partnership.term", on, slug)
    seated = tuple(Seated(seat, seat_rules.ending(seat.term_since, on, years)) for seat in seats)
    labels = dict(Membership.Seat.choices)
    return Bench(
        seated=seated,
        composition=rules.composition(
            seats, on, minimum=rule("partnership.minimum_members", on, slug),
            majority=rule("partnership.resident_majority", on, slug),
        ),
        vacant=tuple(str(labels[office]) for office in seat_rules.vacant_offices(seats)),
        terms=seat_rules.terms_warning(one.ending for one in seated if one.ending),
    )  # fmt: skip


def fillings(place: Place) -> list[Filling]:
    """Every time that seats were to be filled, newest first; two statements."""
    rows = Filling.objects.filter(partnership__place=place)
    return list(
        rows.select_related("seed_from", "opened", "ended", "decision__item__meeting")
        .prefetch_related("candidates__membership")
        .order_by("-number")[:50]
    )


def open_fillings(place: Place) -> list[Filling]:
    return [one for one in fillings(place) if one.state == FillingState.OPEN]


def carried_matters(partnership: Partnership) -> list[ItemDecision]:
    """What meetings agreed to lately that gives no money: a co-option, a plan, an agreement."""
    carried = ItemDecision.objects.filter(
        item__meeting__partnership=partnership, item__kind=AgendaItem.Kind.MATTER,
        outcome=Outcome.CARRIED,
    )  # fmt: skip
    return list(carried.select_related("item__title", "item__meeting", "leaf").order_by("-pk")[:20])


def homes(partnership: Partnership, on: date) -> list[Household]:
    """Pairs of members who share a household; one statement."""
    accounts = Membership.objects.filter(holding(on), partnership=partnership).values("account")
    return list(Household.objects.filter(holding(on), one__in=accounts, other__in=accounts))


def homes_of(
    held: Membership, others: list[Membership], on: date
) -> list[tuple[Household, Membership]]:
    """With which other members a seat's holder shares a household; one statement."""
    them = {seat.account_id: seat for seat in others}
    mine = Q(one=held.account_id, other__in=them) | Q(other=held.account_id, one__in=them)
    return [
        (tie, them[tie.other_id if tie.one_id == held.account_id else tie.one_id])
        for tie in Household.objects.filter(mine, holding(on)).order_by("pk")
    ]
