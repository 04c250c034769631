"""Funded, not funded this time, taken off, called off: each idea's page and message say which."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.utils import timezone

from doorstep.apps.awards.actions import settle_round
from doorstep.apps.ideas.actions import answer, propose, withdraw
from doorstep.apps.ideas.chores import tell_of_rounds_called_off
from doorstep.apps.ideas.desk import ideas_unanswered
from doorstep.apps.ideas.models import Idea
from doorstep.apps.ideas.queries import fate
from doorstep.apps.ideas.verify import verify_ideas
from doorstep.apps.outbox.actions import contact_for
from doorstep.apps.refused import Refused
from doorstep.apps.rounds import freezing
from doorstep.apps.rounds.actions import cancel_round, close_round, count_round, freeze_round
from doorstep.apps.rounds.models import Publication
from doorstep.engine.count import Project, election_of, write_pabulib
from tests.apps.ideas.proposing import BENCH, CHECKER, KITCHEN, Said, proposed, taking_ideas, told
from tests.millbrook import ACTOR

pytestmark = pytest.mark.django_db
BUS = Said("A bus", "To the hospital.")


@pytest.fixture
def frozen(monkeypatch):
    """Kitchen, bench and bus on a frozen ballot. What other rooms wait for is not the matter."""
    monkeypatch.setattr(freezing, "_checks", {ideas_unanswered: False})
    today = timezone.localdate()
    round_ = taking_ideas(
        publication=Publication.WHOLE, ideas_until=today - timedelta(days=1), checked_by=today
    )
    for said, pence in ((KITCHEN, 180_000), (BENCH, 50_000), (BUS, 250_000)):
        author = contact_for(f"{pence}@millbrook.example")
        idea = propose(round_, said, ground="lives", author=author, today=today - timedelta(days=1))
        answer(idea, possible=True, cost_pence=pence, reason="", actor=CHECKER)
    return freeze_round(round_, on=today, actor=ACTOR)


def counted(round_):
    costs = {"i1": 1800, "i2": 500, "i3": 2500}
    election = election_of(
        name="round",
        projects=[Project(code, code, Fraction(pounds)) for code, pounds in costs.items()],
        votes=[["i1"]] * 6 + [["i1", "i2"]] * 3 + [["i3"]] * 3,
        budget=Fraction(3000),
    )
    return count_round(close_round(round_, write_pabulib(election), actor=ACTOR), actor=ACTOR)


def test_freezing_puts_the_checked_ideas_on_the_ballot(frozen):
    assert [project.code for project in frozen.projects.order_by("pk")] == ["i1", "i2", "i3"]
    assert [fate(idea).worker_word for idea in frozen.ideas.all()] == ["On the ballot"] * 3
    assert "The vote decides." in fate(Idea.objects.get(pk=1)).next_step
    assert [*verify_ideas()] == []


def test_an_idea_without_an_answer_holds_up_the_freeze(monkeypatch):
    monkeypatch.setattr(freezing, "_checks", {ideas_unanswered: False})
    round_ = taking_ideas()
    answer(proposed(round_), possible=True, cost_pence=5, reason="", actor=CHECKER)
    proposed(round_, BENCH)
    with pytest.raises(Refused, match="Idea 2 has no answer yet: A bench"):
        freeze_round(round_, on=timezone.localdate(), actor=ACTOR)
    assert Idea.objects.get(pk=1).state == "possible"


def test_funded_and_not_funded_this_time_are_read_from_the_result(frozen, page):
    settle_round(counted(frozen), on=timezone.localdate(), actor=ACTOR)
    words = [fate(idea).neighbour_word for idea in Idea.objects.order_by("number")]
    assert words == ["funded", "funded", "not funded this time"]
    funded = page.get("/ideas/1/")
    assert "It was funded, with £1,800." in funded.text
    assert funded.links["Follow its money"] == f"/awards/{frozen.slug}-1/"
    bus = page.get("/ideas/3/").text
    assert "It can come back in the next round" in bus
    assert "lost" not in bus.lower()
    said = {subject: text for _address, subject, text in told()}
    assert "It was funded, with £1,800." in said["What happened to “A new kitchen”"]
    assert "It can come back in the next round" in said["What happened to “A bus”"]


def test_every_idea_is_found_from_its_round_and_from_its_award(frozen, page):
    address = f"/rounds/{frozen.slug}/"
    assert page.get(address).links["A new kitchen"] == "/ideas/1/"
    settle_round(counted(frozen), on=timezone.localdate(), actor=ACTOR)
    result = page.get(address)
    assert result.links["A bus"] == "/ideas/3/"
    assert result.links["Every idea that was proposed, and what became of it"] == f"{address}ideas/"
    award = page.get(f"/awards/{frozen.slug}-1/")
    assert award.links["Read idea 1, and how it was checked"] == "/ideas/1/"


def test_an_author_may_take_an_idea_off_while_people_vote_and_the_round_says_so(frozen):
    idea = withdraw(Idea.objects.get(pk=3))
    assert (idea.state, idea.project.code) == ("withdrawn", "i3")
    assert idea.project.withdrawal.reason.text == "Its author took it back."
    assert "after the ballots were made" in fate(idea).sentence
    assert [*verify_ideas()] == []


def test_a_round_that_was_called_off_is_told_to_each_author_once(frozen):
    cancel_round(frozen, reason="The hall burnt down.", on=timezone.localdate(), actor=ACTOR)
    before = len(told())
    tell_of_rounds_called_off()
    tell_of_rounds_called_off()
    assert len(told()) == before + 3
    assert fate(Idea.objects.get(pk=1)).neighbour_word == "its round was called off"
    assert "so nothing was decided" in told()[-1][2]
