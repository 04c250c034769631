"""Somebody with neither e-mail nor a mobile phone hears by post what happened to their idea."""

import pytest

from doorstep.apps.ideas.actions import answer, tell_fates
from doorstep.apps.ideas.models import Idea
from doorstep.apps.outbox.models import Message
from doorstep.apps.outbox.sending import deliver_due
from tests.apps.ideas.proposing import CHECKER, holder, taking_ideas, told
from tests.apps.people.signing_in import sign_in
from tests.apps.printing.reading import text_of

pytestmark = pytest.mark.django_db
HOME = "Ann Hughes\n12 Mill Lane\nZA1 1AJ"
ADDRESS = "/rounds/round-one/type-in/"
TYPED = {
    "title": "A bench 🪑 by the stop", "what": "To sit on.", "ground": "lives", "of_age": "on",
    "read_back": "on", "contact": "", "by_post": HOME,
}  # fmt: skip


@pytest.fixture
def page(page):
    round_ = taking_ideas()
    sign_in(page.client, holder("worker", round_.place))
    return page


def test_the_answer_and_the_end_come_by_post(page):
    page.post(ADDRESS, TYPED)
    idea = Idea.objects.get()
    answer(idea, possible=True, cost_pence=20_000, reason="", actor=CHECKER)
    for _again in range(2):
        tell_fates(Idea.objects.get().round)
    assert [address for address, _subject, _text in told()] == [HOME, HOME]
    assert deliver_due() == 0, "no gateway takes a letter"
    printed = page.client.post("/places/millbrook-east/letters.pdf").content
    paper = " ".join(text_of(printed).split())
    assert paper.count("Ann Hughes") == 2
    assert "It is possible, and would cost £200." in paper
    assert "When the rules of the round are fixed, it goes on the ballot." in paper
    assert "can do all this on your word" in paper
    assert "/ideas/1/" in paper
    assert "/ideas/mine/" not in paper, "the key to an idea does not lie in a letter box"
    assert Message.objects.exclude(place=idea.round.place).count() == 0


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("Mill Lane", "Write the address on two to seven short lines"),
        ("Ann 🪑\n12 Mill Lane", "These letters cannot be printed"),
    ],
)
def test_what_cannot_be_posted_is_said_beside_its_box(page, lines, said):
    read = page.post(ADDRESS, TYPED | {"by_post": lines})
    assert said in read.text
    assert not Idea.objects.exists()


def test_a_title_that_cannot_be_printed_holds_up_no_answer(page):
    page.post(ADDRESS, TYPED | {"title": "🪑 seat"})
    answer(Idea.objects.get(), possible=True, cost_pence=5, reason="", actor=CHECKER)
    assert told()[0][1] == "The answer to “ seat”"
