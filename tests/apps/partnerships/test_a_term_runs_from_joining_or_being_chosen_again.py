"""A member's term runs from the day they joined or were chosen again; an office given, or a move
across the boundary, does not begin it anew."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.db.models import F

from doorstep.apps.partnerships.actions import join, leave, move, seats
from doorstep.apps.partnerships.actions.offices import give_office
from doorstep.apps.partnerships.models import Membership
from doorstep.apps.partnerships.queries.seats import bench
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import body_of
from doorstep.apps.refused import Refused
from tests.apps.partnerships.meeting import MAY, MET, PLAN, SECRETARY, Group, called, decided
from tests.apps.partnerships.meeting import group as a_group

OVER = date(2028, 5, 1)  # two years after MAY
SOON = date(2028, 3, 1)
OTHER = Actor("partnership_member", 777)


@pytest.fixture
def told(db) -> Group:
    return a_group()


def now(told: Group, name: str) -> Membership:
    return Membership.objects.get(account=told.seats[name].account, until=None)


def ends(told: Group, name: str, on: date) -> date | None:
    [one] = [one for one in bench(told.partnership, on).seated if one.seat.pk == now(told, name).pk]
    return one.ending.on if one.ending else None


def chosen_again(told: Group, name: str, *, opened: date, closes: date) -> Membership:
    """By election, as the one who stands."""
    opener = Actor("partnership_member", told.eve.account_id)
    filling = seats.open_filling(
        told.partnership, "election", seats=1, closes_on=closes, seed_from="The lottery",
        on=opened, actor=opener,
    )  # fmt: skip
    email = f"{name}@millbrook.example"
    seats.stand(filling, email, name.title(), lives_here=True, on=opened, actor=opener)
    [seat] = seats.settle_filling(filling, votes={1: 9}, on=closes, actor=OTHER)
    return seat


def test_an_office_given_or_given_up_leaves_the_term_as_it_was(told) -> None:
    agreed = decided(told, called(told, PLAN))
    given = give_office(told.dev, "secretary", decision=agreed, on=MET, actor=SECRETARY)
    assert (given.since, given.term_since) == (MET, MAY)
    assert ends(told, "dev", OVER) == OVER
    assert ends(told, "bob", OVER) == OVER, "whoever held it before"
    back = give_office(given, "member", decision=None, on=SOON, actor=SECRETARY)
    assert back.term_since == MAY
    body = body_of(Leaf.objects.filter(kind="partnership.member_joined").latest("idx")) or {}
    assert (body["since"], body["term_since"]) == ("2028-03-01", "2026-05-01")


def test_a_move_leaves_the_term_as_it_was(told) -> None:
    moved = move(told.bob, lives_here=False, on=MET, actor=SECRETARY)
    assert (moved.since, moved.term_since) == (MET, MAY)
    assert ends(told, "bob", OVER) == OVER


def test_whoever_leaves_and_joins_again_begins_a_term(told) -> None:
    leave(told.bob, on=MET, actor=SECRETARY)
    again = join(
        told.partnership, told.bob.account, lives_here=True, since=MET, actor=SECRETARY
    )  # fmt: skip
    assert again.term_since == MET
    assert ends(told, "bob", OVER) == date(2028, 6, 17)


def test_a_member_stands_again_when_the_term_ends_and_keeps_the_office(told) -> None:
    with pytest.raises(Refused, match="holds a seat already"):
        chosen_again(told, "ann", opened=MET, closes=date(2026, 7, 1))
    seats.drop_filling(told.partnership.fillings.get(), actor=OTHER)
    seat = chosen_again(told, "ann", opened=SOON, closes=OVER)
    assert (seat.seat, seat.since, seat.term_since) == ("chair", OVER, OVER)
    assert seat.called == "Ann Jones"
    assert ends(told, "ann", OVER) is None
    assert Membership.objects.filter(account=told.ann.account, until=None).count() == 1


def test_terms_of_an_earlier_release_are_worked_out_from_seat_to_seat(told) -> None:
    agreed = decided(told, called(told, PLAN))
    give_office(told.dev, "secretary", decision=agreed, on=MET, actor=SECRETARY)
    leave(told.cat, on=MET, actor=SECRETARY)
    seat = chosen_again(told, "ann", opened=SOON, closes=OVER)
    Membership.objects.update(term_since=F("since"))
    import_module("doorstep.apps.partnerships.migrations.0007_terms").terms_go_on(apps, None)
    assert {name: now(told, name).term_since for name in ("ann", "bob", "dev", "eve")} == {
        "ann": seat.since, "bob": MAY, "dev": MAY, "eve": MAY,
    }  # fmt: skip
