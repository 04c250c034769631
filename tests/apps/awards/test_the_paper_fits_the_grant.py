"""/asked/fit/ shows what a sum and its risks ask for, how long it takes, and why."""

from datetime import date

import pytest
from django.utils import translation

from doorstep.apps.awards import fitting
from doorstep.engine.proportion import schedule

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 28)


def test_a_childrens_trip_is_one_screen_with_the_reason(page) -> None:
    read = page.get("/asked/fit/?sum=480&risks=people_at_risk")
    assert "For £480: about 1 hour 15 minutes in all" in read.text
    assert "45 minutes because: Children, or adults who need care, take part" in read.text
    assert "A named person for safeguarding" in read.text
    assert "accounts" not in read.text.partition("Big and small")[0].lower()


def test_big_and_small_stand_side_by_side(page) -> None:
    text = page.get("/asked/fit/").text
    for words in ("Spark", "£500", "Seed", "Grow", "Build", "£50,000", "Major", "no limit"):
        assert words in text
    sizes = fitting.side_by_side(TODAY)
    shares = [one.found.assurance_permille for one, _most, _days in sizes]
    assert len(sizes) == 5
    assert max(shares) < 100, "what the table asks is never dear for its size"


def test_people_in_regulated_roles_are_counted(page) -> None:
    text = page.get("/asked/fit/?sum=480&risks=regulated_roles&roles=3").text
    assert "1 hour 30 minutes because" in text
    assert "Major" in page.get("/asked/fit/?sum=1&land=on").text


@pytest.mark.parametrize(
    "query",
    ["sum=", "sum=lots", "sum=-5", "sum=0", "sum=480&risks=dragons", "sum=480&roles=0",
     "sum=480&roles=1e9", "risks=cash", "sum=%00", "sum=999999999999999"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_and_the_page_stays(client, query: str) -> None:
    answer = client.get(f"/asked/fit/?{query}")
    assert answer.status_code == 200
    assert "Big and small, side by side" in answer.content.decode()


def test_every_requirement_risk_and_size_has_its_words_in_both_languages() -> None:
    table = schedule(TODAY)
    for language in ("en", "cy"):
        with translation.override(language):
            assert set(fitting.asked_words()) == set(table.requirements)
            assert set(fitting.risk_words()) == set(table.risks)
            assert set(fitting.tier_words()) == {tier.key for tier in table.tiers}
    with translation.override("cy"):
        assert fitting.long(75) == "1 awr 15 munud"
