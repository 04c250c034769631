"""What the demo's members learned holds a mistake and a duty that went back, and the evidence page
shows figures of it that were fixed before."""

import tomllib
from datetime import UTC, datetime

import pytest
import time_machine

from doorstep.apps.awards.queries import evidence
from doorstep.apps.organisations.actions import open_organisation
from doorstep.apps.partnerships.actions import form_partnership, join
from doorstep.apps.partnerships.verify_learning import verify_learning
from doorstep.apps.people.actions import open_account
from doorstep.site.demo import load
from doorstep.site.demo.learning import learn
from tests.millbrook import ACTOR, place_with_money

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_the_entries_of_the_demo_follow_the_rules(page) -> None:
    told = load.plan()
    season = tomllib.loads((load.HERE / "season.toml").read_text())
    open_organisation("alderdale-cvs", "Alderdale CVS", "charity", actor=ACTOR)
    for one in season["learned"]:
        place = place_with_money(slug=one["place"])
        group = form_partnership(place, place.name, actor=ACTOR)
        for n in range(sum(told["partnerships"][place.slug])):
            member = open_account(f"m{n}@{place.slug}.invalid", actor=ACTOR)
            since = told["fund"]["opened_on"]
            join(group, member, lives_here=True, since=since, actor=ACTOR)
        with time_machine.travel(NOW, tick=False):
            learn(one, place, ACTOR)
    east = {key: evidence.rows_of(key, NOW.date())[0] for key in ("training", "support", "duties")}
    assert east["training"].total == 180 * 6 + 300 * 4, "what was withdrawn does not count"
    assert east["support"].total == 630
    assert (east["duties"].value, east["duties"].total) == (3, 4), "one duty went back"
    assert not list(verify_learning())
    said = page.get("/places/millbrook-east/learned/").text
    assert "Written down twice: it is entry 1." in said
    assert "Nobody has time for the books this winter." in said
