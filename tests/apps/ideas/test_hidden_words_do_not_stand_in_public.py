"""Abusive words are hidden with a public reason, on every page; the author is told and may ask."""

import pytest

from doorstep.apps.ideas.actions import (
    answer,
    erase,
    hide,
    keep_hidden,
    put_on_ballot,
    question_hiding,
    show_again,
)
from doorstep.apps.ideas.desk import ideas_unanswered
from doorstep.apps.ideas.models import Idea
from doorstep.apps.ideas.queries import fate, ideas_of, search
from doorstep.apps.ideas.verify import verify_ideas
from doorstep.apps.record.verify import verify_record
from doorstep.apps.refused import Refused
from tests.apps.ideas.proposing import CHECKER, OTHER_CHECKER, proposed, taking_ideas, told

pytestmark = pytest.mark.django_db
REASON = "It calls a neighbour names."


@pytest.fixture
def idea():
    return hide(proposed(taking_ideas()), REASON, actor=CHECKER)


def test_no_public_page_shows_hidden_words_and_each_says_why(idea, page):
    leaves = [step.leaf.idx for step in idea.steps.select_related("leaf")]
    addresses = ["/ideas/1/", "/rounds/round-one/ideas/", "/record/", "/ideas/1/follow/"]
    for address in [*addresses, *(f"/record/{idx}/" for idx in leaves)]:
        read = page.get(address)
        assert "kitchen" not in read.html.lower(), address
        assert "lunch club" not in read.html
    assert REASON in page.get("/ideas/1/").text
    assert "(words hidden)" in page.get(f"/record/{leaves[0]}/").text
    assert "Reason: It calls a neighbour names." in page.get("/record/").text


def test_the_search_does_not_find_by_hidden_words(idea):
    assert list(search(ideas_of(idea.round), words="kitchen")) == []


def test_the_author_is_told_why_and_how_to_ask(idea):
    address, subject, text = told()[-1]
    assert (address, subject) == ("ann@millbrook.example", "The words of idea 1 were hidden")
    assert REASON in text
    assert "ask once" in text


def test_the_author_asks_once_and_another_person_answers(idea):
    idea = question_hiding(idea, "I named nobody.")
    assert [str(one) for one in ideas_unanswered(idea.round)] == [
        "The author of idea 1 asked why its words are hidden."
    ]
    with pytest.raises(Refused, match="somebody else takes the second look"):
        keep_hidden(idea, "They stay.", actor=CHECKER)
    keep_hidden(idea, "They stay.", actor=OTHER_CHECKER)
    assert ideas_unanswered(idea.round) == []
    with pytest.raises(Refused, match="answered once"):
        question_hiding(idea, "Please.")


def test_shown_again_it_is_as_it_was(idea):
    idea = show_again(question_hiding(idea, "I named nobody."), "So it is.", actor=OTHER_CHECKER)
    assert (idea.hidden, idea.state) == (False, "proposed")
    assert fate(idea).neighbour_word == "being checked"


def test_hidden_words_are_not_answered_and_do_not_go_on_the_ballot(idea):
    with pytest.raises(Refused, match="Decide first"):
        answer(idea, possible=True, cost_pence=5, reason="x", actor=CHECKER)
    assert put_on_ballot(idea.round, CHECKER) == []
    assert fate(Idea.objects.get()).neighbour_word == "its words are hidden"


def test_erased_words_are_gone_for_ever_and_the_record_still_holds(idea):
    idea = erase(idea, "A court said so.", actor=OTHER_CHECKER)
    idea = Idea.objects.select_related("title", "what").get()
    assert (idea.title.text, idea.what.text) == ("", "")
    assert [*verify_ideas(), *verify_record()] == []
    show_again(idea, "The rest may stand.", actor=CHECKER)


def test_only_hidden_words_are_shown_erased_or_asked_about():
    idea = proposed(taking_ideas())
    for step in (show_again, erase, keep_hidden):
        with pytest.raises(Refused, match="are not hidden"):
            step(idea, "Why", actor=CHECKER)
    with pytest.raises(Refused, match="are not hidden"):
        question_hiding(idea, "Why")
