"""The demo's meeting is a real one: heard, agreed, and not decided once the residents had left."""

import tomllib
from datetime import UTC, datetime

import pytest
import time_machine

from doorstep.apps.partnerships.actions import form_partnership, join
from doorstep.apps.partnerships.models import ItemDecision, Meeting
from doorstep.apps.partnerships.verify import verify_meetings
from doorstep.apps.people.actions import open_account
from doorstep.site.demo import load, meetings
from tests.millbrook import ACTOR, DAY, place_with_money

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_the_evening_of_the_demo_follows_the_rules() -> None:
    place = place_with_money()
    residents, others = load.plan()["partnerships"][place.slug]
    group = form_partnership(place, "Millbrook East partnership", actor=ACTOR)
    for n in range(residents + others):
        member = open_account(f"m{n}@millbrook.invalid", actor=ACTOR)
        join(group, member, lives_here=n < residents, since=DAY, actor=ACTOR)
    season = tomllib.loads((load.HERE / "season.toml").read_text())
    with time_machine.travel(NOW, tick=False):
        meetings.meet(season["meeting"], place)
    outcomes = ItemDecision.objects.order_by("item__number").values_list("outcome", flat=True)
    assert list(outcomes) == [
        "noted", "carried", "carried", "carried", "carried", "not_decided",
    ]  # fmt: skip
    offices = group.memberships.filter(until=None).exclude(seat="member")
    assert set(offices.values_list("seat", flat=True)) == {"chair", "secretary", "treasurer"}
    coming = Meeting.objects.get(state="called")
    assert list(coming.items.order_by("number").values_list("kind", flat=True)) == [
        "minutes", "matter",
    ]  # fmt: skip
    assert not list(verify_meetings())
