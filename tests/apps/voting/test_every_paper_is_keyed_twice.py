"""Papers: keyed whole by two people, a third where they differ, signed off by two, then counted."""

import io

import pypdf
import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from doorstep.apps.refused import Refused
from doorstep.apps.rounds.queries import named_projects
from doorstep.apps.voting import paper
from doorstep.apps.voting.actions.box import open_box
from doorstep.apps.voting.actions.paper import count_stack, key_sheet, print_stack
from doorstep.apps.voting.choices import Question
from doorstep.apps.voting.models import Keying, PaperSheet
from doorstep.apps.voting.papers_printed import papers_pdf
from tests.apps.voting.boxes import DURING, drafted, frozen, on_paper, opened, vote, with_trustees
from tests.millbrook import ACTOR


def printed(world, sheets=3, look="normal", language="en"):
    with time_machine.travel(DURING):
        return print_stack(world.round, sheets=sheets, look=look, language=language, actor=ACTOR)


def key(world, stack, number, marks, keyer, *, spoilt=False):
    return key_sheet(
        stack.stack,
        number,
        tracker=stack.trackers[number - 1],
        marks=marks,
        spoilt=spoilt,
        keyer=world.accounts[keyer],
    )


@pytest.fixture
def world(db):
    return opened(frozen(with_trustees(drafted())))


def test_a_paper_on_which_two_agree_is_counted_with_its_tracker(world):
    stack = printed(world)
    vote(world, 0, [2])
    on_paper(world, 0)  # the paper replaces what was cast online
    on_paper(world, 1)
    world.end()
    for keyer in (0, 1):
        key(world, stack, 1, "1 2", keyer)
        key(world, stack, 2, "", keyer, spoilt=True)
    count_stack(stack.stack, 2, counter=world.accounts[0], actor=ACTOR)
    signed = count_stack(stack.stack, 2, counter=world.accounts[1], actor=ACTOR)
    assert signed.signed is not None
    world.look(1, 2)
    round_ = open_box(world.round, actor=ACTOR)
    assert round_.box.voters == 1
    assert f"{stack.trackers[0]};kitchen,bench\n" in round_.box.pabulib.decode()


def test_a_third_person_decides_where_two_differ(world):
    stack = printed(world)
    on_paper(world, 0)
    world.end()
    key(world, stack, 1, "1", 0)
    key(world, stack, 1, "2", 1)
    assert paper.standing(stack.stack).differ == (1,)
    key(world, stack, 1, "2", 2)
    assert paper.standing(stack.stack).keyed == 1
    with pytest.raises(Refused, match="It is done"):
        key(world, stack, 1, "3", 0)


def test_one_person_keying_twice_is_one_person(world):
    stack = printed(world)
    world.end()
    key(world, stack, 1, "1", 0)
    key(world, stack, 1, "1", 0)
    assert Keying.objects.count() == 1
    assert paper.standing(stack.stack).waiting == (1,)


def test_the_tracker_must_be_the_one_on_that_paper(world):
    stack = printed(world)
    world.end()
    for number, tracker, code in (
        (1, stack.trackers[1], "other_tracker"),
        (4, stack.trackers[0], "no_such_paper"),
        (1, "", "other_tracker"),
    ):
        with pytest.raises(Refused) as refusal:
            key_sheet(
                stack.stack, number, tracker=tracker, marks="1", spoilt=False,
                keyer=world.accounts[0],
            )  # fmt: skip
        assert refusal.value.code == code
    typed = stack.trackers[0].replace("-", " ").upper()
    key_sheet(stack.stack, 1, tracker=typed, marks="1", spoilt=False, keyer=world.accounts[0])


def test_no_tracker_is_kept_before_its_paper_is_keyed(world):
    stack = printed(world)
    kept = b"".join(bytes(sheet.tracker_hash) for sheet in PaperSheet.objects.all())
    assert len(kept) == 3 * 32
    assert not Keying.objects.exists()
    assert len(set(stack.trackers)) == 3


def test_nothing_is_keyed_while_voting_is_open_and_nothing_printed_after(world):
    stack = printed(world)
    with pytest.raises(Refused, match="nobody can add them up early"):
        key(world, stack, 1, "1", 0)
    world.end()
    with pytest.raises(Refused, match="Voting has ended"):
        printed(world)


def test_a_stack_is_signed_when_two_count_what_is_keyed(world):
    stack = printed(world)
    on_paper(world, 0)
    world.end()
    key(world, stack, 1, "1", 0)
    count_stack(stack.stack, 1, counter=world.accounts[0], actor=ACTOR)
    with pytest.raises(Refused, match="still wait"):
        count_stack(stack.stack, 1, counter=world.accounts[1], actor=ACTOR)
    key(world, stack, 1, "1", 1)
    again = count_stack(stack.stack, 1, counter=world.accounts[0], actor=ACTOR)
    assert again.signed is None  # one person alone
    assert count_stack(stack.stack, 1, counter=world.accounts[1], actor=ACTOR).signed
    with pytest.raises(Refused, match="signed off"):
        key(world, stack, 1, "2", 2)


def test_the_box_waits_for_every_stack_and_takes_no_paper_without_a_code(world):
    stack = printed(world)
    vote(world, 3, [0])
    world.end()
    world.look(1, 2)
    with pytest.raises(Refused, match="Not signed off yet: stack 1"):
        open_box(world.round, actor=ACTOR)
    for keyer in (0, 1):
        key(world, stack, 1, "1", keyer)
    for keyer in (0, 1):
        count_stack(stack.stack, 1, counter=world.accounts[keyer], actor=ACTOR)
    with pytest.raises(Refused, match="only with its code"):
        open_box(world.round, actor=ACTOR)
    on_paper(world, 0)
    assert open_box(world.round, actor=ACTOR).box.voters == 2


@pytest.mark.parametrize("look", ["normal", "large", "easy"])
@pytest.mark.parametrize("language", ["en", "cy"])
def test_each_paper_has_its_number_its_tracker_and_every_idea(world, look, language):
    stack = printed(world, look=look, language=language)
    pdf = papers_pdf(stack, list(named_projects(world.round).values()))
    text = " ".join(
        " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split()
    )
    for tracker in stack.trackers:
        assert tracker in text
    assert text.count("A new kitchen") == 3
    assert "£1,800" in text


QUESTIONS = st.builds(
    Question,
    kind=st.sampled_from(["approval", "cumulative", "ordinal"]),
    codes=st.integers(1, 12).map(lambda n: tuple(f"p{i}" for i in range(n))),
    minimum=st.integers(1, 3),
    maximum=st.one_of(st.none(), st.integers(1, 12)),
    points=st.integers(1, 10),
)


@given(QUESTIONS, st.one_of(st.text(max_size=40), st.text("0123456789:, ", max_size=30)))
def test_whatever_is_typed_is_read_or_refused(question, typed):
    try:
        choice = paper.read_marks(question, typed)
    except Refused:
        return
    assert all(0 <= idea < len(question.codes) for idea in choice.ideas)
    assert len(set(choice.ideas)) == len(choice.ideas) >= question.least
