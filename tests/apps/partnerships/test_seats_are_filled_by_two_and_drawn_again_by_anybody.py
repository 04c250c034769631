"""Seats: opened by one and settled by another; a lot that anybody draws again; who leaves loses the
power with the seat; terms and vacancies are pointed out."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from doorstep.apps.partnerships.actions import seats
from doorstep.apps.partnerships.models import Filling, Membership
from doorstep.apps.partnerships.queries.seats import bench
from doorstep.apps.partnerships.rules import seats as rules
from doorstep.apps.partnerships.verify import verify_lots
from doorstep.apps.people.actions import give_role
from doorstep.apps.people.models import Role
from doorstep.apps.promises.actions import take_on
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused
from doorstep.cli import app
from doorstep.engine.lot import drawn, key
from doorstep.engine.rulebook import rule
from tests.apps.partnerships.meeting import KITCHEN, MAY, PLAN, SECRETARY, Group, called, decided
from tests.apps.partnerships.meeting import group as a_group
from tests.apps.partnerships.test_every_seal_of_meetings_bites import drop_seals_of
from tests.apps.people.signing_in import sign_in
from tests.apps.promises.conftest import promised

OPENED, CLOSES = date(2026, 6, 1), date(2026, 6, 20)
SEED = "4 8 15 16 23 42"
OTHER = Actor("partnership_member", 777)


@pytest.fixture
def told(db) -> Group:
    return a_group()


def opened(told: Group, how: str = "lot", count: int = 2, stand: int = 5) -> Filling:
    one = Actor("partnership_member", told.ann.account_id)
    filling = seats.open_filling(
        told.partnership, how, seats=count, closes_on=CLOSES, seed_from="Saturday's lottery",
        on=OPENED, actor=one,
    )  # fmt: skip
    for n in range(1, stand + 1):
        seats.stand(
            filling, f"new{n}@millbrook.example", f"New {n}", lives_here=True, on=OPENED, actor=one
        )
    return filling


def test_the_derivation_is_the_one_that_is_written_down() -> None:
    # printf 'doorstep lot v1\n4 8 15 16 23 42\n3\n' | sha256sum
    by_hand = "190e0e0cc9a2279c9c3a428c2ae9404f517fe1d42b151baa92ea34e24131672d"
    assert key(SEED, 3) == by_hand
    assert drawn(SEED, 7) == [6, 3, 7, 4, 2, 1, 5]
    for wrong in ("", " A", "A  seed"):
        with pytest.raises(ValueError, match="seed"):
            drawn(wrong, 3)
    with pytest.raises(ValueError, match="among"):
        drawn("A seed", 0)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text("abc123", min_size=1, max_size=12), st.integers(1, 40))
def test_everybody_is_in_the_lot_once(seed: str, n: int) -> None:
    assert sorted(drawn(seed, n)) == list(range(1, n + 1))


def test_a_lot_gives_seats_and_power_and_is_drawn_again_by_the_command(told) -> None:
    filling = opened(told)
    made = seats.settle_filling(filling, seed=f" {SEED} ", on=CLOSES, actor=OTHER)
    expected = drawn(SEED, 5)[:2]
    numbers = [one.number for one in filling.candidates.all() if one.membership_id]
    assert sorted(numbers) == sorted(expected)
    for seat in made:
        assert Role.objects.filter(account=seat.account, kind="partnership_member").exists()
    body = json.loads(bytes(Leaf.objects.get(kind="partnership.seats_filled").body))
    assert (body["seed"], body["chosen"]) == (SEED, expected)
    said = CliRunner().invoke(app, ["lot", SEED, "5"]).stdout.splitlines()
    assert [int(line.split()[2]) for line in said][:2] == expected
    assert not list(verify_lots())
    drop_seals_of({"partnerships_filling"})
    Filling.objects.filter(pk=filling.pk).update(seed="Another")
    assert list(verify_lots())


def test_nobody_gives_a_seat_alone_or_early(told) -> None:
    filling = opened(told)
    with pytest.raises(Refused, match="Nobody gives a seat alone"):
        seats.settle_filling(
            filling, seed=SEED, on=CLOSES, actor=Actor("partnership_member", told.ann.account_id)
        )
    with pytest.raises(Refused, match="may still stand"):
        seats.settle_filling(filling, seed=SEED, on=OPENED, actor=OTHER)
    with pytest.raises(Refused, match="public number"):
        seats.settle_filling(filling, on=CLOSES, actor=OTHER)
    with pytest.raises(Refused, match="too late"):
        seats.stand(filling, "late@x.example", "Late", lives_here=True, on=CLOSES, actor=OTHER)
    assert Membership.objects.count() == 6


def test_an_election_takes_the_most_votes_and_a_tie_needs_the_lot(told) -> None:
    votes = {1: 5, 2: 9, 3: 5, 4: 0, 5: 2}
    with pytest.raises(Refused, match="same number of votes"):
        rules.chosen_by_votes(votes, 2, "")
    expected = [2, next(n for n in drawn(SEED, 5) if n in (1, 3))]
    assert rules.chosen_by_votes(votes, 2, SEED) == expected
    assert rules.chosen_by_votes(votes, 5, "") == [2, 1, 3, 5], "nobody without a vote is in"
    filling = opened(told, "election")
    with pytest.raises(Refused, match="everybody who stands"):
        seats.settle_filling(filling, votes={1: 3}, on=CLOSES, actor=OTHER)
    made = seats.settle_filling(filling, votes=votes, seed=SEED, on=CLOSES, actor=OTHER)
    assert len(made) == 2


def test_a_co_option_needs_the_decision_of_a_meeting(told) -> None:
    filling = opened(told, "cooption", count=1)
    meeting = called(told, PLAN, KITCHEN)
    thin = decided(told, meeting, 2)
    for decision in (None, thin):
        with pytest.raises(Refused, match="by which the members agreed"):
            seats.settle_filling(filling, decision=decision, chosen=[3], on=CLOSES, actor=OTHER)
    carried = decided(told, meeting, 1)
    with pytest.raises(Refused, match="at most 1"):
        seats.settle_filling(filling, decision=carried, chosen=[3, 4], on=CLOSES, actor=OTHER)
    [seat] = seats.settle_filling(filling, decision=carried, chosen=[3], on=CLOSES, actor=OTHER)
    assert seat.name.text == "New 3"
    with pytest.raises(Refused, match="settled already"):
        seats.drop_filling(filling, actor=OTHER)


def test_who_leaves_loses_the_power_and_their_duties_are_held_by_nobody(told) -> None:
    today = timezone.localdate()
    give_role(told.bob.account, "partnership_member", place=told.place, since=MAY, actor=SECRETARY)
    promise = promised(told.place, role="partnership_member", on=today)
    take_on(promise, told.bob.account, on=today, actor=SECRETARY)
    seats.give_up_seat(told.bob, on=today, actor=SECRETARY)
    promise.refresh_from_db()
    assert promise.held_by is None
    assert not Role.objects.get(account=told.bob.account).holds(today)
    assert not Membership.objects.get(pk=told.bob.pk).holds(today)


def test_terms_and_vacancies_are_pointed_out_and_take_no_seat(told) -> None:
    years = rule("partnership.term", MAY)
    assert rules.term_ends(date(2028, 2, 29), years) == date(2030, 2, 28)
    assert rules.ending(MAY, date(2028, 1, 1), years) is None
    assert rules.ending(MAY, date(2028, 2, 1), years).over is False
    assert rules.ending(MAY, date(2028, 5, 1), years).over is True
    seats.give_up_seat(told.ann, on=date(2028, 5, 2), actor=SECRETARY)
    seen = bench(told.partnership, date(2028, 5, 2))
    assert seen.vacant == ("chair",)
    assert seen.terms == "The terms of 5 members end by 1 May 2028, or are over."
    assert len(seen.seated) == 5


def test_the_street_reads_like_seats_once_and_each_name_by_itself(told) -> None:
    seen = bench(told.partnership, date(2028, 5, 1))
    assert sum(alike for _one, alike in seen.told) == len(seen.seated)
    assert len(seen.told) < len(seen.seated)
    assert all(alike == 1 for one, alike in seen.told if one.public_name)


def test_the_pages_name_those_alone_who_agreed(told, page, client) -> None:
    public = reverse("partnerships:members", args=[told.place.slug])
    text = page.get(public).text
    assert "Ann Jones" in text
    assert "Bob Jones" not in text
    give_role(told.bob.account, "partnership_member", place=told.place, since=MAY, actor=SECRETARY)
    sign_in(client, told.bob.account)
    work = reverse("partnerships:members-work", args=[told.place.slug])
    assert "Bob Jones" in page.get(work).text
    later = timezone.localdate() + timedelta(20)
    sent = {"how": "lot", "seats": 1, "closes_on": later.isoformat(), "seed_from": "The lottery"}
    assert "Who stands" in page.post(work, sent).text
    fill = reverse("partnerships:filling", args=[told.place.slug, 1])
    stands = {"do": "stand", "email": "gil@millbrook.example", "name": "Gil", "lives_here": "on"}
    assert "Gil, lives here" in page.post(fill, stands).text
    assert "Gil" not in page.get(public).text
    seat = reverse("partnerships:seat", args=[told.place.slug, told.eve.pk])
    page.post(seat, {"do": "move"})
    moved = Membership.objects.get(account=told.eve.account, until=None)
    assert moved.lives_here
    seat = reverse("partnerships:seat", args=[told.place.slug, moved.pk])
    page.post(seat, {"do": "name", "name": "Evie", "named_in_public": "on"})
    assert "Evie" in page.get(public).text
    page.post(seat, {"do": "home", "other": told.fay.pk})
    page.post(seat, {"do": "leave"})
    assert "Evie" not in page.get(public).text


def test_no_page_of_seats_grows_with_its_rows(told, client, django_assert_max_num_queries) -> None:
    opened(told, stand=9)
    give_role(told.bob.account, "partnership_member", place=told.place, since=MAY, actor=SECRETARY)
    sign_in(client, told.bob.account)
    for name, more in (("members", []), ("members-work", []), ("filling", [1]),
                       ("seat", [told.eve.pk])):  # fmt: skip
        address = reverse(f"partnerships:{name}", args=[told.place.slug, *more])
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200, name
