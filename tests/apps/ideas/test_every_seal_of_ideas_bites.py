"""The database itself holds ideas to their steps; each seal is missed when it is gone."""

import pytest
from django.db import DatabaseError, connection, transaction

from doorstep.apps.ideas.actions import answer, ask_review, hide, put_on_ballot
from doorstep.apps.ideas.models import Idea, IdeaState, Step, StepKind
from doorstep.apps.ideas.rules import NOT_WHILE_HIDDEN, ONLY_WHILE_HIDDEN, STARTS_FROM
from doorstep.apps.record import seals
from doorstep.apps.record.actions import keep_words, write_leaf
from tests.apps.ideas.proposing import BENCH, CHECKER, Said, proposed, taking_ideas

TABLES = {"ideas_idea", "ideas_step"}
# Something else for every column of an idea; its next step says none of it.
OTHER = {
    "number": "number + 1000",
    "round_id": "round_id + 1000",
    "ground": "'works'",
    "typed_in": "NOT typed_in",
    "steps_taken": "steps_taken + 1",
    "state": "'withdrawn'",
    "hidden": "NOT hidden",
    "title_id": "what_id",
    "what_id": "title_id",
    "where_id": "what_id",
    "photo_id": "5",
    "tags": "',green,'",
    "rough_pence": "7",
    "cost_pence": "7",
    "favoured_id": "2",
    "project_id": "5",
}
COPY = ", ".join(field.column for field in Idea._meta.local_fields)
STEP = ", ".join(field.column for field in Step._meta.local_fields if field.column != "id")
FORBIDDEN = {
    **{name: f"UPDATE ideas_idea SET {name} = {other}" for name, other in OTHER.items()},
    "state with a step counted": "UPDATE ideas_idea SET state = 'withdrawn',"
    " steps_taken = steps_taken + 1",
    "an idea removed": "DELETE FROM ideas_idea",
    "an idea without a step": f"INSERT INTO ideas_idea ({COPY}) SELECT"
    f" {COPY.replace('number', '(SELECT max(number) + 1 FROM ideas_idea)', 1)}"
    " FROM ideas_idea WHERE number = 1",
    "a step changed": "UPDATE ideas_step SET tags = ',green,'",
    "a step removed": "DELETE FROM ideas_step",
    "a step of another leaf": f"INSERT INTO ideas_step ({STEP}) SELECT"
    f" {STEP.replace('seq', 'seq + 1').replace('leaf_id', '(SELECT max(id) FROM record_leaf)')}"
    " FROM ideas_step WHERE idea_id = 1",
}
if connection.vendor == "postgresql":
    FORBIDDEN |= {f"{table} emptied": f"TRUNCATE {table} CASCADE" for table in TABLES}
else:
    FORBIDDEN["an idea replaced"] = (
        f"INSERT OR REPLACE INTO ideas_idea ({COPY}) SELECT {COPY} FROM ideas_idea"
    )
    FORBIDDEN["a step replaced"] = "INSERT OR REPLACE INTO ideas_step SELECT * FROM ideas_step"


@pytest.fixture
def two(committed_db):
    """Two ideas that wait; the first is in the form that the statements above begin from."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = OFF")
            cursor.execute("PRAGMA foreign_keys = OFF")
    round_ = taking_ideas()
    return proposed(round_), proposed(round_, BENCH, "bob@millbrook.example")


def admitted(sql: str) -> bool:
    """Whether the database lets this happen; undone either way."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute(sql)
            touched = cursor.rowcount
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return touched != 0


def drop(seal: seals.Seal) -> None:
    with connection.cursor() as cursor:
        on = f" ON {seal.table}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {seal.name}{on}")


def ours() -> list[seals.Seal]:
    return [seal for seal in seals.triggers(connection.vendor) if seal.table in TABLES]


def test_every_column_of_an_idea_is_tried():
    assert set(OTHER) == {field.column for field in Idea._meta.local_fields}


def test_nothing_forbidden_is_admitted(two):
    assert [name for name, sql in FORBIDDEN.items() if admitted(sql)] == []


def test_each_seal_is_missed_when_it_is_gone(two):
    unnoticed = []
    for seal in ours():
        drop(seal)
        if seal.name == "ideas_idea_no_truncate":
            # The steps would be emptied with them, and refuse it too.
            drop(next(one for one in ours() if one.name == "ideas_step_no_truncate"))
            assert admitted(FORBIDDEN["ideas_idea emptied"])
        if not any(admitted(sql) for sql in FORBIDDEN.values()) and not steps_through():
            unnoticed.append(seal.name)
        seals.install(connection)
    assert unnoticed == []


def steps_through() -> bool:
    """Whether a step that does not fit gets in, or one that does in the place of another."""
    idea = Idea.objects.get(number=1)
    odd = admits_step(idea, StepKind.WITHDRAWN, "retired", favoured_id=2)
    return odd or (connection.vendor == "sqlite" and replaces_a_step())


def replaces_a_step() -> bool:
    """SQLite: a step that fits, under the number of an earlier one."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            leaf = write_leaf("idea.withdrawn", {"idea": "1", "step": 2})
            values = STEP.replace("seq", "2").replace("leaf_id", str(leaf.pk))
            values = values.replace("state", "'withdrawn'").replace("kind", "'withdrawn'")
            cursor.execute(
                f"INSERT OR REPLACE INTO ideas_step (id, {STEP}) SELECT id, {values}"
                " FROM ideas_step WHERE idea_id = 1"
            )
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


def admits_step(idea: Idea, kind: str, state: str, *, leaf_of: int = 0, **changed: object) -> bool:
    """Whether the database takes this as the next step of an idea; undone either way."""
    try:
        with transaction.atomic():
            leaf = write_leaf(
                f"idea.{kind}", {"idea": str(leaf_of or idea.number), "step": idea.steps_taken + 1}
            )
            words = keep_words("why")
            Step.objects.create(
                **idea.standing() | {"state": state} | changed, idea_id=idea.number,
                seq=idea.steps_taken + 1, kind=kind, leaf=leaf, reason=words, rule_words=words,
                changes=words,
            )  # fmt: skip
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


def leads_to(kind: StepKind, state: IdeaState) -> set[str]:
    """Where `rules` and `actions` let a step lead."""
    if state not in STARTS_FROM[kind]:
        return set()
    return {
        StepKind.CHANGED: {"proposed"},
        StepKind.ANSWERED: {"possible", "not_possible"},
        StepKind.REVIEW_ASKED: {"review"},
        StepKind.REVIEW_ANSWERED: {"possible", "not_possible"},
        StepKind.RETIRED: {"retired"},
        StepKind.WITHDRAWN: {"withdrawn"},
        StepKind.ON_BALLOT: {"on_ballot"},
    }.get(kind, {str(state)})


def test_the_database_and_the_rules_have_the_same_list_of_moves(two):
    """From each state, by each kind of step, to each state: both say yes or both say no."""
    idea, other = two
    round_ = idea.round
    stands = {"proposed": idea}
    stands["possible"] = answer(
        proposed(round_, Said("P", "p"), "1@m.example"), possible=True, cost_pence=5,
        reason="", actor=CHECKER,
    )  # fmt: skip
    no = {"possible": False, "reason": "No.", "rule_words": "A law", "changes": "Ask."}
    stands["not_possible"] = answer(
        proposed(round_, Said("N", "n"), "2@m.example"), **no, actor=CHECKER
    )
    stands["review"] = ask_review(
        answer(proposed(round_, Said("R", "r"), "3@m.example"), **no, actor=CHECKER), "Again."
    )
    for state, standing in stands.items():
        for kind in StepKind:
            if kind is StepKind.PROPOSED or kind is StepKind.ON_BALLOT:
                continue
            for to in IdeaState:
                if to is IdeaState.ON_BALLOT:
                    continue
                cost = 5 if to is IdeaState.POSSIBLE else standing.cost_pence
                if kind not in (StepKind.ANSWERED, StepKind.REVIEW_ANSWERED):
                    cost = standing.cost_pence
                said = {
                    "cost_pence": cost,
                    "favoured_id": other.pk if to is IdeaState.RETIRED else None,
                    "hidden": kind is StepKind.HIDDEN,
                }
                wanted = kind not in ONLY_WHILE_HIDDEN and str(to) in leads_to(
                    kind, IdeaState(state)
                )
                if kind is StepKind.HIDDEN:
                    wanted = str(to) == state
                assert admits_step(standing, kind, to, **said) == wanted, (state, kind, to)


def test_a_hidden_idea_takes_only_the_steps_of_a_hidden_one(two):
    idea = hide(two[0], "It names a neighbour.", actor=CHECKER)
    for kind in ONLY_WHILE_HIDDEN:
        assert admits_step(idea, kind, "proposed", hidden=kind is not StepKind.SHOWN), kind
    for kind in NOT_WHILE_HIDDEN - {StepKind.ON_BALLOT}:
        to = "not_possible" if kind is StepKind.ANSWERED else "proposed"
        assert not admits_step(idea, kind, to), kind
    assert admits_step(idea, StepKind.WITHDRAWN, "withdrawn")


@pytest.mark.parametrize(
    "changed",
    [
        {"tags": ",green,"},
        {"rough_pence": 5},
        {"cost_pence": 5},
        {"hidden": True},
        {"favoured_id": 2, "state": "retired"},
        {"leaf_of": 2},
    ],
    ids=str,
)
def test_a_step_changes_only_what_is_its_to_change(two, changed):
    assert admits_step(two[0], StepKind.WITHDRAWN, "withdrawn")
    assert not admits_step(two[0], StepKind.WITHDRAWN, **{"state": "withdrawn"} | changed)


def test_an_idea_goes_on_the_ballot_as_its_own_project_at_its_own_cost(two):
    idea, other = (
        answer(one, possible=True, cost_pence=500, reason="", actor=CHECKER) for one in two
    )
    with transaction.atomic():
        put_on_ballot(idea.round, CHECKER)
        mine = Idea.objects.get(pk=idea.pk).project_id
        theirs = Idea.objects.get(pk=other.pk).project_id
        transaction.set_rollback(True)
    assert mine != theirs
    assert not admits_step(idea, StepKind.ON_BALLOT, "on_ballot", project_id=theirs)
    assert not admits_step(idea, StepKind.ON_BALLOT, "on_ballot", project_id=None)


def test_an_idea_is_not_retired_for_itself_or_one_of_another_round(two):
    elsewhere = proposed(
        taking_ideas(two[0].round.place, "round-two"), Said("X", "x"), "4@m.example"
    )
    assert admits_step(two[0], StepKind.RETIRED, "retired", favoured_id=two[1].pk)
    for number in (two[0].pk, elsewhere.pk):
        assert not admits_step(two[0], StepKind.RETIRED, "retired", favoured_id=number)


def test_the_application_may_change_only_how_an_idea_stands():
    columns = set(seals.changing_columns()["ideas_idea"].split(", "))
    assert columns == set(OTHER) - {"number", "round_id", "ground", "typed_in"}
    assert "ideas_step" in seals.append_only_tables()
