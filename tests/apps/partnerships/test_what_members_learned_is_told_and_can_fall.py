"""Training, support and duties are written down once, for everybody to read: nothing that cannot
have been, nothing removed, and what went back is told as well."""

from datetime import date, datetime

import pytest
import time_machine
from django.urls import reverse

from doorstep.apps.partnerships.actions.learning import (
    Given,
    give_back_duty,
    take_over_duty,
    take_training,
    use_support,
    withdraw_entry,
)
from doorstep.apps.partnerships.actions.plans import endorse
from doorstep.apps.partnerships.models import LearningEntry, LearningWithdrawn
from doorstep.apps.partnerships.queries.learning import all_learned, entries_of, paying_lines
from doorstep.apps.partnerships.rules.learning import standing
from doorstep.apps.partnerships.verify_learning import verify_learning
from doorstep.apps.people.actions import give_role, open_account
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from tests.apps.partnerships.meeting import LONDON, MAY, Group, group
from tests.apps.partnerships.planning import LINES, funder, put
from tests.apps.people.signing_in import sign_in

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 1)
DAY = date(2026, 8, 20)
WHO = {"on": TODAY, "actor": Actor("partnership_member", 2)}
CVS = Given("Alderdale CVS")


@pytest.fixture(autouse=True)
def in_september():
    with time_machine.travel(datetime(2026, 9, 1, 12, tzinfo=LONDON), tick=False):
        yield


@pytest.fixture
def told() -> Group:
    """Six members since May."""
    return group()


def trained(told: Group, **more: object) -> LearningEntry:
    given = {"day": DAY, "minutes": 150, "members": 4, "given": CVS, "what": "Book-keeping", **more}
    return take_training(told.partnership, **given, **WHO)


def took(told: Group, duty: str = "books", since: date = DAY, **more: object) -> LearningEntry:
    return take_over_duty(told.partnership, duty, "host", since=since, **more, **WHO)


def stands(told: Group):
    return standing(entries_of(told.partnership))


def test_hours_count_once_for_each_member_who_took_part(told):
    trained(told)
    trained(told, minutes=15, members=6)
    use_support(told.partnership, "adviser", CVS, day=DAY, minutes=420, **WHO)
    now = stands(told)
    assert (now.training_minutes, now.member_minutes) == (165, 150 * 4 + 15 * 6)
    assert now.support_minutes == 420


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"day": date(2026, 9, 2)}, "still to come"),
        ({"day": date(2026, 4, 30)}, "began on 1 May 2026"),
        ({"minutes": -15}, "in quarters"),
        ({"minutes": 0}, "in quarters"),
        ({"minutes": 50}, "in quarters"),
        ({"minutes": 6_015}, "at most 100 hours"),
        ({"members": 0}, "how many members"),
        ({"members": -3}, "how many members"),
        ({"members": 7}, "had 6 members"),
        ({"what": "  "}, "what the training was"),
        ({"given": Given(" ")}, "from whom"),
    ],
)
def test_what_cannot_have_been_is_refused_in_words(told, wrong, said):
    with pytest.raises(Refused, match=said):
        trained(told, **wrong)
    assert not LearningEntry.objects.exists()


def test_support_and_duties_are_of_known_kinds(told):
    bench = told.partnership
    for act in (
        lambda: use_support(bench, "wizard", CVS, day=DAY, minutes=60, **WHO),
        lambda: took(told, "magic"),
        lambda: take_over_duty(bench, "books", "elves", since=DAY, **WHO),
        lambda: took(told, "other"),
        lambda: took(told, since=date(2027, 1, 1)),
    ):
        with pytest.raises(Refused):
            act()
    assert took(told, "other", which="The allotment").words.text == "The allotment"


def test_a_partnership_without_members_cannot_have_learned(told):
    told.partnership.memberships.all().delete()
    with pytest.raises(Refused, match="no members yet"):
        took(told)


def test_a_duty_is_held_once_goes_back_and_may_be_taken_over_again(told):
    books = took(told)
    with pytest.raises(Refused) as no:
        took(told)
    assert no.value.code == "duty_held"
    with pytest.raises(Refused, match="after it was taken over"):
        give_back_duty(books, "Too much", day=date(2026, 8, 1), **WHO)
    back = give_back_duty(books, "The treasurer moved away.", day=date(2026, 8, 25), **WHO)
    assert (len(stands(told).duties), stands(told).held) == (1, ())
    with pytest.raises(Refused) as no:
        give_back_duty(books, "Again", day=DAY, **WHO)
    assert no.value.code == "duty_not_held"
    with pytest.raises(Refused, match="went back on 25 August 2026"):
        took(told, since=date(2026, 8, 24))
    took(told, since=date(2026, 8, 28))
    assert len(stands(told).held) == 1
    with pytest.raises(Refused, match="took this duty over again since"):
        withdraw_entry(back, "A slip", **WHO)
    assert not list(verify_learning())


def test_a_mistake_counts_no_more_and_is_never_removed(told):
    entry = trained(told, members=5)
    withdraw_entry(entry, "It was four.", **WHO)
    trained(told)
    assert stands(told).member_minutes == 600
    assert len(entries_of(told.partnership)) == 2
    with pytest.raises(Refused) as no:
        withdraw_entry(entry, "Again", **WHO)
    assert no.value.code == "withdrawn"


def test_a_duty_that_went_back_by_mistake_is_held_again(told):
    books = took(told)
    back = give_back_duty(books, "A slip", day=DAY, **WHO)
    with pytest.raises(Refused, match="Withdraw first"):
        withdraw_entry(books, "Never so", **WHO)
    withdraw_entry(back, "It never went back.", **WHO)
    assert [one.what for one in stands(told).held] == ["books"]
    withdraw_entry(books, "Never so", **WHO)
    assert stands(told).duties == ()


def test_only_a_line_of_an_agreed_plan_of_its_own_may_have_paid(told):
    plan = put(told)
    with pytest.raises(Refused, match="both sides agreed on"):
        trained(told, given=Given("CVS", line=plan.lines.get(number=1)))
    assert not paying_lines(told.partnership)
    plan = endorse(plan, on=date(2026, 6, 25), actor=funder())
    line = plan.lines.get(number=1)
    assert trained(told, given=Given("CVS", line=line)).line == line
    assert len(paying_lines(told.partnership)) == len(LINES)


def test_all_partnerships_are_told_of_as_they_stood_on_a_day(told):
    trained(told)
    assert all_learned(date(2026, 4, 30)) == []
    [before] = all_learned(date(2026, 8, 19))
    [after] = all_learned(TODAY)
    assert (before.since, before.standing.member_minutes) == (MAY, 0)
    assert after.standing.member_minutes == 600


def test_a_secretary_writes_it_down_on_a_page_and_everybody_reads_it(told, page, client):
    public = reverse("partnerships:learning", args=[told.place.slug])
    work = reverse("partnerships:learning-work", args=[told.place.slug])
    assert "Nothing is written down yet." in page.get(public).text
    assert client.get(work).status_code == 302
    bob = told.bob.account
    give_role(bob, "partnership_member", place=told.place, since=MAY, actor=WHO["actor"])
    sign_in(client, bob)
    sent = {"do": "training", "what": "First aid", "day": DAY, "hours": "2.5", "members": "4"}
    refused = page.post(work, sent)
    assert "from whom it came" in refused.text
    assert "<details open><summary>Training" in refused.html, "what was typed is seen again"
    assert "0.25" in page.post(work, {**sent, "hours": "2.4"}).text, "it says what it takes"
    page.post(work, {**sent, "given_by": "St John"})
    page.post(
        work,
        {"do": "support", "kind": "worker", "day": DAY, "hours": "7", "organisation": told.hall.pk},
    )
    page.post(work, {"do": "duty", "duty": "books", "before": "host", "day": DAY})
    said = page.get(public).text
    for words in ("First aid", "St John", "The Hall", "Keeping the books", "1 today, of 1 taken"):
        assert words in said
    assert "Hours: 2.5. Times the members who took part: 10." in said
    page.post(work, {"do": "back", "entry": "3", "day": TODAY, "reason": "Nobody had time."})
    page.post(work, {"do": "withdraw", "entry": "1", "reason": "It was last year."})
    said = page.get(public)
    for words in ("Nobody had time.", "It was last year.", "0 today, of 1 taken over"):
        assert words in said.text
    assert "<del>" in said.html
    assert LearningWithdrawn.objects.count() == 1
    assert "Jones" not in said.text


def test_only_who_keeps_the_books_writes(told, client):
    work = reverse("partnerships:learning-work", args=[told.place.slug])
    officer = open_account("officer@council.example", actor=WHO["actor"])
    give_role(officer, "council_officer", place=told.place, since=MAY, actor=WHO["actor"])
    sign_in(client, officer)
    assert client.post(work, {"do": "duty"}).status_code == 403
