"""Whether two people without ties speak for a group is worked out from what each of them said."""

from datetime import date

import pytest

from doorstep.apps.organisations.actions import begin_office, say_ties
from doorstep.apps.organisations.models import Tie
from doorstep.apps.organisations.queries import two_unrelated
from doorstep.apps.organisations.rules import Speaker, Tied
from doorstep.apps.organisations.rules import two_unrelated as judged
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused
from tests.apps.organisations.conftest import TEST
from tests.apps.organisations.groups import TODAY, acting, group, person

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


def speaker(account: int, since: date = MAY, said_on: date | None = JUNE) -> Speaker:
    return Speaker(account, since, said_on)


def test_one_person_is_not_two() -> None:
    assert "Fewer than two" in judged([speaker(1)], []).reason
    assert not judged([], [])
    # The same person in two offices is one person.
    assert not judged([speaker(1), speaker(1)], [])


def test_silence_proves_nothing() -> None:
    assert not judged([speaker(1), speaker(2, said_on=None)], [])
    assert judged([speaker(1), speaker(2)], [])


def test_whoever_came_later_is_spoken_of_before_they_count() -> None:
    early, late = speaker(1, said_on=MAY), speaker(2, since=JUNE, said_on=None)
    assert not judged([early, late], [])
    assert judged([early, speaker(2, since=JUNE, said_on=JUNE)], [])
    assert not judged([early, speaker(2, since=JUNE, said_on=MAY)], [])


@pytest.mark.parametrize("household", [True, False])
def test_two_who_are_tied_are_one(household: bool) -> None:
    assert not judged([speaker(1), speaker(2)], [Tied(2, 1, household)])
    assert judged([speaker(1), speaker(2), speaker(3)], [Tied(1, 2, household)])


def test_a_household_reaches_whoever_shares_it_and_a_family_does_not() -> None:
    three = [speaker(1), speaker(2), speaker(3)]
    home = [Tied(1, 2, True), Tied(2, 3, True)]
    assert "lives with" in judged(three, home).reason
    assert judged(three, [Tied(1, 2, False), Tied(2, 3, False)])


@pytest.mark.django_db
def test_the_two_of_one_household_are_seen_though_only_one_says_so() -> None:
    body, (ann, ben) = group("lunch-club", "ann", "ben")
    say_ties(body, {ben.pk: "household"}, on=TODAY, actor=acting(ann))
    say_ties(body, {}, on=TODAY, actor=acting(ben))
    assert not two_unrelated(body, TODAY)
    cat = person("cat")
    begin_office(body, cat, "trustee", since=TODAY, actor=TEST)
    assert "Not everybody has said" in two_unrelated(body, TODAY).reason
    say_ties(body, {}, on=TODAY, actor=acting(cat))
    assert two_unrelated(body, TODAY)


@pytest.mark.django_db
def test_who_lives_with_whom_never_enters_the_record() -> None:
    body, (ann, ben) = group("lunch-club", "ann", "ben")
    said = say_ties(body, {ben.pk: "household"}, on=TODAY, actor=acting(ann))
    assert b"household" not in bytes(said.leaf.body)
    assert not Leaf.objects.filter(log="public", kind__startswith="passport").exists()


@pytest.mark.django_db
def test_what_was_said_is_said_anew_and_yesterday_stays_as_it_was() -> None:
    body, (ann, ben) = group("lunch-club", "ann", "ben")
    say_ties(body, {ben.pk: "family"}, on=JUNE, actor=acting(ann))
    say_ties(body, {}, on=JUNE, actor=acting(ben))
    say_ties(body, {}, on=TODAY, actor=acting(ann))
    assert not two_unrelated(body, JUNE)
    assert two_unrelated(body, TODAY)
    assert Tie.objects.get().until == TODAY


@pytest.mark.django_db
def test_a_stranger_says_nothing_and_nobody_speaks_of_strangers() -> None:
    body, (ann, _ben) = group("lunch-club", "ann", "ben")
    stranger = person("stranger")
    with pytest.raises(Refused, match="Only somebody who speaks"):
        say_ties(body, {}, on=TODAY, actor=acting(stranger))
    with pytest.raises(Refused, match="of the others"):
        say_ties(body, {stranger.pk: "family"}, on=TODAY, actor=acting(ann))
