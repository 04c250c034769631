"""A passport is read by whom its group named, up to the day it named, and every reading is told."""

from datetime import timedelta

import pytest
from django.test import Client

from doorstep.apps.organisations.actions import (
    give_document,
    open_passport,
    share,
    take_back_share,
)
from doorstep.apps.organisations.invariants import openings_stand
from doorstep.apps.organisations.models import Opening
from doorstep.apps.organisations.queries import shares_read_by
from doorstep.apps.people.actions import give_role
from doorstep.apps.refused import Refused
from tests.apps.organisations.conftest import TEST
from tests.apps.organisations.groups import BEGAN, TODAY, acting, group, paper, person
from tests.apps.people.signing_in import sign_in
from tests.millbrook import place_with_money

pytestmark = pytest.mark.django_db
NEXT_YEAR = TODAY + timedelta(days=364)


@pytest.fixture(autouse=True)
def today(time_machine) -> None:
    time_machine.move_to(TODAY)


def shared(last_day=NEXT_YEAR):
    club, (ann, ben) = group("lunch-club", "ann", "ben")
    council, (cleo,) = group("far-council", "cleo", kind="council")
    kept = {
        kind: give_document(
            club, kind, paper(kind), issued=BEGAN, expires=None, on=TODAY, actor=acting(ann)
        )
        for kind in ("insurance", "minutes")
    }
    given = share(club, council, ["insurance"], last_day=last_day, on=TODAY, actor=acting(ann))
    return club, (ann, ben), cleo, kept, given


def test_the_reader_sees_days_and_offices_and_the_holder_sees_the_reader() -> None:
    club, (ann, _ben), cleo, kept, given = shared()
    reader, holder = Client(), Client()
    sign_in(reader, cleo)
    sign_in(holder, ann)
    said = reader.get(f"/passports/read/{given.pk}/").content.decode()
    assert "Chair, since 5 January 2026" in said
    assert "ann@millbrook.example" not in said
    got = reader.get(f"/passports/read/{given.pk}/{kept['insurance'].pk}/")
    assert got.status_code == 200
    assert got["Content-Type"] == "image/jpeg"
    log = holder.get(f"/passports/{club.slug}/sharing/").content.decode()
    assert log.count("Far Council, ") == 2
    assert "Far Council, insurance" in log
    assert "cleo@millbrook.example" not in log
    assert list(openings_stand()) == []


def test_a_paper_that_was_not_named_stays_shut_and_nothing_is_logged() -> None:
    _club, _people, cleo, kept, given = shared()
    reader = Client(raise_request_exception=False)
    sign_in(reader, cleo)
    assert reader.get(f"/passports/read/{given.pk}/{kept['minutes'].pk}/").status_code in {403, 409}
    assert not Opening.objects.exists()


def test_leave_ends_by_itself_and_can_be_taken_back(time_machine) -> None:
    _club, (ann, _ben), cleo, _kept, given = shared(last_day=TODAY + timedelta(days=1))
    assert shares_read_by(cleo, TODAY + timedelta(days=1)).exists()
    assert not shares_read_by(cleo, TODAY + timedelta(days=2)).exists()
    take_back_share(given, on=TODAY, actor=acting(ann))
    assert not shares_read_by(cleo, TODAY).exists()
    with pytest.raises(Refused, match="any more"):
        open_passport(given, None, cleo, on=TODAY, actor=acting(cleo))
    reader = Client()
    sign_in(reader, cleo)
    assert reader.get(f"/passports/read/{given.pk}/").status_code == 404


def test_leave_never_lasts_longer_than_the_rule_says() -> None:
    club, (ann, _ben) = group("lunch-club", "ann", "ben")
    council, _people = group("far-council", "cleo", kind="council")
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=366)):
        with pytest.raises(Refused, match="28 November 2027"):
            share(club, council, [], last_day=day, on=TODAY, actor=acting(ann))


def test_a_place_reads_through_whoever_decides_or_pays_there_and_nobody_else() -> None:
    club, (ann, _ben) = group("lunch-club", "ann", "ben")
    east, west = place_with_money(100, "mill-east"), place_with_money(100, "mill-west")
    share(club, east, [], last_day=NEXT_YEAR, on=TODAY, actor=acting(ann))
    for kind, place, reads in [
        ("partnership_member", east, True),
        ("finance_officer", east, True),
        ("worker", east, True),
        ("resident", east, False),
        ("partnership_member", west, False),
        ("finance_officer", None, True),
    ]:
        account = person(f"{kind}-{place.slug if place else 'everywhere'}".replace("_", "-"))
        give_role(account, kind, place=place, since=BEGAN, actor=TEST)
        assert shares_read_by(account, TODAY).exists() == reads, (kind, place)
