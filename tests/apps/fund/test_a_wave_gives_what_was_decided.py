"""Every night it is asked whether decisions still follow and waves gave what was decided."""

import pytest

from doorstep.apps.fund.actions import decided_places
from doorstep.apps.fund.invariants import decisions_stand, waves_are_kept
from doorstep.apps.fund.models import DecidedShare, WaveShare
from doorstep.apps.places.actions import open_place
from doorstep.apps.places.models import Area
from doorstep.apps.refused import Refused
from tests import waves
from tests.apps.record.publishing import lift_seals
from tests.millbrook import ACTOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave():
    programme, decision = waves.decided()
    with pytest.raises(Refused, match="has no place here yet"):
        decided_places(decision)
    return waves.promised(programme, decision)


def faults() -> list[str]:
    return [sentence for check in (decisions_stand, waves_are_kept) for _where, sentence in check()]


def test_a_decision_and_its_wave_hold(wave):
    assert wave.pence == 420_000_000
    assert faults() == []


def test_years_that_do_not_come_to_the_share_are_found(wave):
    lift_seals("fund_waveshare")
    WaveShare.objects.filter(pk=wave.shares.first().pk).update(yearly=[1])
    assert faults() == ["the years of a share do not come to it."]


def test_a_sum_that_was_changed_is_found_in_the_decision_and_in_the_wave(wave):
    lift_seals("fund_decidedshare")
    one = DecidedShare.objects.earliest("pk")
    DecidedShare.objects.filter(pk=one.pk).update(pence=one.pence + 1)
    assert faults() == [
        "worked out again, its shares are other sums.",
        "its shares do not come to its pot.",
        "a place was given another sum than was decided.",
    ]


def test_places_that_changed_hands_are_found(wave):
    """The sums are alike under this rule, so only the places tell."""
    area = Area.objects.filter(place__isnull=False).earliest("pk")
    there = area.place
    other = open_place(
        "elsewhere", "Elsewhere", "Alderdale", population=7_000, population_year=2024,
        population_source="Made up", boundary_year=2021, actor=ACTOR,
    )  # fmt: skip
    lift_seals("places_area")
    Area.objects.filter(pk=area.pk).update(place=other)
    assert faults() == ["a place was given another sum than was decided."]
    Area.objects.filter(pk=area.pk).update(place=there)
    assert faults() == []
