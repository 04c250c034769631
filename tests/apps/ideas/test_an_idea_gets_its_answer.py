"""An idea is answered in public: possible at a cost, or not, by a rule; and every step is told."""

from datetime import timedelta

import pytest
from django.db import connection

from doorstep.apps.ideas.actions import (
    answer,
    ask_review,
    change,
    propose,
    put_on_ballot,
    retire,
    tell_fates,
    withdraw,
)
from doorstep.apps.ideas.desk import ideas_unanswered
from doorstep.apps.ideas.models import Idea, Step
from doorstep.apps.ideas.queries import fate, history
from doorstep.apps.ideas.verify import verify_ideas
from doorstep.apps.record import seals
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import body_of, verify_record
from doorstep.apps.refused import Refused
from doorstep.apps.rounds import freezing
from tests.apps.ideas.proposing import (
    BENCH,
    CHECKER,
    KITCHEN,
    OTHER_CHECKER,
    follows,
    holder,
    proposed,
    taking_ideas,
    told,
)

pytestmark = pytest.mark.django_db
NOT_SO = {
    "possible": False,
    "reason": "The hall belongs to the council.",
    "rule_words": "Highways Act 1980, section 115E",
    "changes": "Ask the council for a licence first.",
}


@pytest.fixture
def round_():
    return taking_ideas()


def possible(idea: Idea, pence: int = 180_000) -> Idea:
    return answer(idea, possible=True, cost_pence=pence, reason="Two quotes.", actor=CHECKER)


def test_a_proposed_idea_waits_and_says_until_when(round_):
    told_now = fate(proposed(round_))
    assert told_now.worker_word == "To be checked"
    assert told_now.neighbour_word == "being checked"
    assert "The answer stands here by" in told_now.sentence


def test_an_overdue_answer_is_shown_as_late(round_):
    later = fate(proposed(round_), today=round_.terms.checked_by + timedelta(days=1))
    assert later.neighbour_word == "being checked, late"
    assert "so the answer is late" in later.sentence
    assert fate(proposed(round_), today=round_.terms.checked_by).neighbour_word == "being checked"


def test_possible_has_a_cost_that_fits_the_pot(round_):
    idea = proposed(round_)
    with pytest.raises(Refused, match="could never be funded"):
        possible(idea, 300_001)
    with pytest.raises(Refused, match="Write what it would cost"):
        answer(idea, possible=True, reason="Yes.", actor=CHECKER)
    assert possible(idea, 300_000).cost_pence == 300_000
    assert fate(Idea.objects.get()).sentence == (
        "It was checked, it is possible, and it would cost £3,000."
    )


@pytest.mark.parametrize("missing_one", ["rule_words", "changes"])
def test_not_possible_cites_a_rule_and_says_what_would_change_that(round_, missing_one):
    idea = proposed(round_)
    with pytest.raises(Refused):
        answer(idea, **NOT_SO | {missing_one: " "}, actor=CHECKER)
    assert answer(idea, **NOT_SO, actor=CHECKER).state == "not_possible"
    step = history(idea)[-1]
    assert step.rule_words.text == "Highways Act 1980, section 115E"
    assert step.changes.text == "Ask the council for a licence first."


def test_a_rule_of_the_rulebook_is_cited_by_its_key_and_must_exist(round_):
    idea = proposed(round_)
    by_key = NOT_SO | {"rule_words": ""}
    with pytest.raises(Refused, match="from the list"):
        answer(idea, **by_key, rule_key="round.invented", actor=CHECKER)
    with pytest.raises(Refused, match="not in force yet"):
        answer(idea, **by_key, rule_key="venue.standard_tier_from", actor=CHECKER)
    answer(idea, **by_key, rule_key="round.minimum_age", actor=CHECKER)
    assert history(idea)[-1].rule_key == "round.minimum_age"


def test_an_idea_is_answered_once(round_):
    idea = possible(proposed(round_))
    with pytest.raises(Refused, match="does not fit idea 1 any more"):
        answer(idea, **NOT_SO, actor=CHECKER)


def test_nobody_answers_their_own_idea(round_):
    account = holder("worker", round_.place, "ann@millbrook.example")
    idea = proposed(round_, address="Ann@millbrook.example")
    with pytest.raises(Refused, match="This is your own idea"):
        answer(idea, **NOT_SO, actor=Actor("worker", account.pk))


def test_whoever_typed_an_idea_in_does_not_answer_it(round_):
    idea = propose(round_, KITCHEN, ground="lives", author=None, actor=OTHER_CHECKER)
    assert idea.typed_in
    with pytest.raises(Refused, match="You typed this idea in"):
        answer(idea, **NOT_SO, actor=OTHER_CHECKER)
    assert answer(idea, **NOT_SO, actor=CHECKER).state == "not_possible"


def test_the_author_may_ask_for_one_review_and_another_person_takes_it(round_):
    idea = answer(proposed(round_), **NOT_SO, actor=CHECKER)
    idea = ask_review(idea, "The hall is ours since May.")
    assert fate(idea).neighbour_word == "being looked at a second time"
    with pytest.raises(Refused, match="somebody else takes the second look"):
        possible(idea)
    idea = answer(idea, possible=True, cost_pence=170_000, reason="So it is.", actor=OTHER_CHECKER)
    assert (idea.state, idea.cost_pence) == ("possible", 170_000)
    with pytest.raises(Refused, match="there is one for each idea"):
        ask_review(idea, "Cheaper?")


def test_an_idea_is_retired_for_another_and_its_supporters_are_asked_not_moved(round_):
    idea, other = proposed(round_), proposed(round_, BENCH, "bob@millbrook.example")
    follows(idea, "cat@millbrook.example")
    idea = retire(idea, other)
    assert idea.favoured_id == other.pk
    assert [f.is_author for f in other.followers.all()] == [True]
    address, subject, text = told()[-1]
    assert address == "cat@millbrook.example"
    assert subject == "“A new kitchen” was retired for another idea"
    assert "You were not moved along" in text
    with pytest.raises(Refused, match="no longer in the running"):
        retire(other, idea)


def test_an_idea_is_not_retired_for_itself_or_for_one_of_another_round(round_):
    idea = proposed(round_)
    elsewhere = proposed(taking_ideas(round_.place, "round-two"))
    for other in (idea, elsewhere):
        with pytest.raises(Refused, match="another idea of the same round"):
            retire(idea, other)


def test_changed_words_keep_the_earlier_ones_and_are_checked_again(round_):
    idea = possible(proposed(round_))
    idea = change(idea, BENCH)
    assert (idea.state, idea.cost_pence, idea.title.text) == ("proposed", None, "A bench")
    assert [step.title.text for step in history(idea)] == ["A new kitchen"] * 2 + ["A bench"]
    with pytest.raises(Refused, match="as they stand"):
        change(idea, BENCH)


def test_words_change_only_while_the_check_goes_on(round_):
    terms = round_.terms
    idea = possible(proposed(round_))
    with pytest.raises(Refused, match="could be changed until"):
        change(idea, BENCH, today=terms.ideas_until + timedelta(days=1))
    idea = proposed(round_, BENCH)
    with pytest.raises(Refused, match="could be changed until"):
        change(idea, KITCHEN, today=terms.checked_by + timedelta(days=1))
    assert change(idea, KITCHEN, today=terms.checked_by).title.text == "A new kitchen"


def test_a_freeze_waits_for_every_answer_and_every_review(round_):
    assert ideas_unanswered in freezing._checks
    assert put_on_ballot in freezing._fills
    idea, other = proposed(round_), proposed(round_, BENCH, None)
    withdrawn = proposed(round_, KITCHEN, "eve@millbrook.example")
    withdraw(withdrawn)
    assert [str(one) for one in ideas_unanswered(round_)] == [
        "Idea 1 has no answer yet: A new kitchen",
        "Idea 2 has no answer yet: A bench",
    ]
    possible(idea)
    ask_review(answer(other, **NOT_SO, actor=CHECKER), "Look again.")
    assert [str(one) for one in ideas_unanswered(round_)] == [
        "Idea 2 waits for its second look: A bench"
    ]
    assert ideas_unanswered(round_)[0].link == "/ideas/2/check/"


def test_checked_ideas_go_on_the_ballot_and_no_other(round_):
    idea, other = possible(proposed(round_)), proposed(round_, BENCH)
    answer(other, **NOT_SO, actor=CHECKER)
    assert [one.number for one in put_on_ballot(round_, CHECKER)] == [idea.number]
    project = round_.projects.get()
    assert (project.code, project.cost_pence, project.name.text) == ("i1", 180_000, "A new kitchen")
    assert project.idea == idea
    assert put_on_ballot(round_, CHECKER) == []


def test_every_author_and_follower_is_told_the_fate_once(round_):
    idea = proposed(round_)
    follows(idea, "cat@millbrook.example")
    withdraw(idea)
    before = len(told())
    assert tell_fates(round_) == tell_fates(round_) == 2
    assert [row[0] for row in told()[before:]] == [
        "ann@millbrook.example", "cat@millbrook.example",
    ]  # fmt: skip
    assert told()[-1][1] == "What happened to “A new kitchen”"
    assert "Its author took it back." in told()[-1][2]


def test_every_step_names_its_leaf_and_no_leaf_holds_words_or_addresses(round_):
    idea = ask_review(answer(proposed(round_), **NOT_SO, actor=CHECKER), "Look again.")
    leaves = Leaf.objects.filter(kind__startswith="idea.").order_by("idx")
    assert [step.leaf for step in history(idea)] == list(leaves)
    for leaf in leaves:
        text = bytes(leaf.body).decode()
        for words in ("kitchen", "millbrook.example", "Highways", "licence", "Look"):
            assert words not in text
    assert body_of(leaves[0])["actor"] == {"role": "author", "id": 1}
    assert [*verify_ideas(), *verify_record()] == []


def test_numbers_count_without_gaps_over_all_rounds(round_):
    other = taking_ideas(round_.place, "round-two")
    assert [proposed(one).number for one in (round_, other)] == [1, 2]


def test_ideas_are_taken_on_their_days_only(round_):
    terms = round_.terms
    for day, words in (
        (terms.ideas_from - timedelta(days=1), "Come back then"),
        (terms.ideas_until + timedelta(days=1), "Keep yours for the next round"),
    ):
        with pytest.raises(Refused, match=words):
            propose(round_, KITCHEN, ground="lives", author=None, today=day)
    for day in (terms.ideas_from, terms.ideas_until):
        propose(round_, BENCH, ground="works", author=None, today=day)
    with pytest.raises(Refused, match="how you belong"):
        propose(round_, KITCHEN, ground="studies", author=None)


def test_verify_finds_an_idea_that_does_not_stand_as_its_last_step_says(round_):
    idea = possible(proposed(round_))
    assert [*verify_ideas()] == []
    seals.remove(connection) if connection.vendor == "sqlite" else unseal()
    Idea.objects.filter(pk=idea.pk).update(cost_pence=1)
    Step.objects.filter(idea=idea, seq=1).update(tags=",green,")
    assert [finding.sentence for finding in verify_ideas()] == [
        "it does not stand as its last step says.",
        "the record says another themes of step 1.",
    ]


def unseal() -> None:
    with connection.cursor() as cursor:
        for seal in seals.triggers("postgresql"):
            if seal.table.startswith("ideas_"):
                cursor.execute(f"DROP TRIGGER {seal.name} ON {seal.table}")
