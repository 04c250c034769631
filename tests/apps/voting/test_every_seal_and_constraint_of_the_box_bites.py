"""Each seal and constraint of trustees, papers and the box: a statement breaks it, and is admitted
when it alone is gone. One without a statement fails here."""

from pathlib import Path

from django.apps import apps
from django.db import DatabaseError, connection, transaction

from doorstep.apps import voting
from doorstep.apps.record import seals
from doorstep.apps.record.actions import keep_words
from doorstep.apps.rounds.actions import draft_round
from doorstep.apps.rounds.models import VoteType
from doorstep.apps.voting.actions import trustees as acts
from doorstep.apps.voting.actions.paper import count_stack
from doorstep.apps.voting.models import HouseAsk
from doorstep.engine.count import Rule
from tests.apps.voting.boxes import PEOPLE, asking, running, vote
from tests.apps.voting.test_every_paper_is_keyed_twice import key, printed
from tests.millbrook import ACTOR
from tests.millbrook import frozen as frozen_elsewhere

BOX = Path(voting.__file__).parent / "sql" / "box"
TABLES = (
    "voting_trustee", "voting_roundkey", "voting_keycopy", "voting_opening", "voting_houseask",
    "voting_paperstack", "voting_papersheet", "voting_keying", "voting_stackcount",
)  # fmt: skip
HEX = {"sqlite": "x'{}'", "postgresql": "'\\x{}'::bytea"}
ENDED = "(SELECT id FROM rounds_round WHERE slug = 'east-2026')"
KEYLESS = "(SELECT id FROM rounds_round WHERE slug = 'round-one')"  # frozen, with no poll
DRAFTED = (
    "(SELECT trustee.id FROM voting_trustee AS trustee JOIN rounds_round AS asked"
    " ON asked.id = trustee.round_id WHERE asked.slug = 'draft' AND trustee.number = 1)"
)
SPARE = "(SELECT MAX(id) FROM record_wording WHERE text = 'spare')"
PERSON = "(SELECT MIN(id) FROM people_account)"
THIRD = "(SELECT MAX(id) FROM people_account WHERE email = 'cat@example.org')"
SIGNED = "(SELECT id FROM voting_paperstack WHERE signed_id IS NOT NULL)"


def hexed(data: str) -> str:
    return HEX[connection.vendor].format(data)


def trustee(number: int) -> str:
    return f"(SELECT id FROM voting_trustee WHERE round_id = {ENDED} AND number = {number})"


def statements() -> dict[str, str]:
    no = "0" if connection.vendor == "sqlite" else "false"
    found = {
        "voting_poll_steps_have_leaves": "UPDATE voting_poll SET state = 'opened'",
        "voting_withdrawal_before_the_end": (
            "INSERT INTO rounds_withdrawal (project_id, reason_id, leaf_id) SELECT MIN(id),"
            f" {SPARE}, (SELECT MIN(id) FROM record_leaf) FROM rounds_project"
            f" WHERE round_id = {ENDED}"
        ),
        "voting_trustee_joins_a_draft": (
            "INSERT INTO voting_trustee (round_id, number, account_id, name_id, tried)"
            f" VALUES ({KEYLESS}, 1, {PERSON}, {SPARE}, {no})"
        ),
        "voting_trustee_stays": f"UPDATE voting_trustee SET tried = {no}",
        "voting_trustee_no_delete": f"DELETE FROM voting_trustee WHERE round_id = {ENDED}",
        "voting_roundkey_of_a_draft": (
            "INSERT INTO voting_roundkey (round_id, public_key, in_strongbox)"
            f" SELECT {KEYLESS}, public_key, '' FROM voting_roundkey"
        ),
        "voting_roundkey_stays": "UPDATE voting_roundkey SET in_strongbox = ''",
        "voting_roundkey_no_delete": "DELETE FROM voting_roundkey",
        "voting_keycopy_of_a_draft": (
            "INSERT INTO voting_keycopy (first_id, second_id, sealed)"
            f" SELECT {trustee(1)}, {DRAFTED}, sealed FROM voting_keycopy LIMIT 1"
        ),
        "voting_keycopy_handed_on_once": (
            'UPDATE voting_keycopy SET "inner" = NULL WHERE "inner" IS NOT NULL'
        ),
        "voting_keycopy_no_delete": "DELETE FROM voting_keycopy",
        "voting_opening_after_the_end": (
            "INSERT INTO voting_opening (trustee_id, packed, sha256, ballots, spoilt)"
            f" SELECT {DRAFTED}, packed, sha256, ballots, spoilt FROM voting_opening"
        ),
        "voting_opening_again": f"UPDATE voting_opening SET trustee_id = {DRAFTED}",
        "voting_opening_no_delete": "DELETE FROM voting_opening",
        "voting_houseask_after_the_end": (
            f"INSERT INTO voting_houseask (round_id, account_id) VALUES ({KEYLESS}, {PERSON})"
        ),
        "voting_houseask_stays": f"UPDATE voting_houseask SET round_id = {KEYLESS}",
        "voting_houseask_no_delete": "DELETE FROM voting_houseask",
        "voting_paperstack_before_the_end": (
            "INSERT INTO voting_paperstack (round_id, number, look, language, sheets_printed,"
            " leaf_id) SELECT round_id, 9, look, language, 1, (SELECT MIN(id) FROM record_leaf)"
            " FROM voting_paperstack WHERE number = 1"
        ),
        "voting_paperstack_signed_once": "UPDATE voting_paperstack SET sheets_printed = 4",
        "voting_paperstack_no_delete": "DELETE FROM voting_paperstack",
        "voting_papersheet_with_its_stack": (
            "INSERT INTO voting_papersheet (stack_id, number, tracker_hash)"
            f" SELECT MIN(id), 9, {hexed('ab' * 32)} FROM voting_paperstack"
        ),
        "voting_papersheet_stays": "UPDATE voting_papersheet SET number = number + 10",
        "voting_papersheet_no_delete": "DELETE FROM voting_papersheet",
        "voting_keying_in_its_time": (
            "INSERT INTO voting_keying (sheet_id, keyer_id, tracker) SELECT MIN(id),"
            f" {PERSON}, 'x' FROM voting_papersheet WHERE stack_id = {SIGNED}"
        ),
        "voting_keying_corrected_in_time": (
            "UPDATE voting_keying SET sheet_id = (SELECT MAX(id) FROM voting_papersheet)"
        ),
        "voting_keying_no_delete": "DELETE FROM voting_keying",
        "voting_stackcount_in_its_time": (
            "INSERT INTO voting_stackcount (stack_id, counter_id, returned)"
            f" VALUES ({SIGNED}, {THIRD}, 1)"
        ),
        "voting_stackcount_corrected_in_time": (
            f"UPDATE voting_stackcount SET returned = 1 WHERE stack_id = {SIGNED}"
        ),
        "voting_stackcount_no_delete": "DELETE FROM voting_stackcount",
    }
    if connection.vendor == "sqlite":
        return found
    return found | {f"{table}_no_truncate": f"TRUNCATE {table} CASCADE" for table in TABLES}


def constraints() -> dict[str, str]:
    return {
        "trustee_number_once": "UPDATE voting_trustee SET number = 1",
        "trustee_once_a_round": f"UPDATE voting_trustee SET account_id = {PERSON}",
        "trustee_one_of_three": "UPDATE voting_trustee SET number = 4 WHERE number = 3",
        "trustee_key_is_whole": f"UPDATE voting_trustee SET public_key = {hexed('01')}",
        "roundkey_is_whole": f"UPDATE voting_roundkey SET public_key = {hexed('01')}",
        "roundkey_in_one_place": "UPDATE voting_roundkey SET in_strongbox = 'x'",
        "keycopy_one_a_pair": (
            f"UPDATE voting_keycopy SET second_id = {trustee(3)} WHERE first_id = {trustee(1)}"
        ),
        "keycopy_of_two_people": (
            "UPDATE voting_keycopy SET second_id = first_id"
            " WHERE id = (SELECT MIN(id) FROM voting_keycopy)"
        ),
        "keycopy_is_whole": f"UPDATE voting_keycopy SET sealed = {hexed('01')}",
        "keycopy_inner_is_whole": f'UPDATE voting_keycopy SET "inner" = {hexed("01")}',
        "opening_has_its_hash": "UPDATE voting_opening SET sha256 = 'x'",
        "houseask_once_each": f"UPDATE voting_houseask SET account_id = {PERSON}",
        "paperstack_number_once": "UPDATE voting_paperstack SET number = 1",
        "paperstack_of_some": "UPDATE voting_paperstack SET sheets_printed = 0",
        "paperstack_look_known": "UPDATE voting_paperstack SET look = 'odd'",
        "papersheet_number_once": "UPDATE voting_papersheet SET number = 1",
        "papersheet_hash_is_whole": (
            f"UPDATE voting_papersheet SET tracker_hash = {hexed('01')}"
            " WHERE id = (SELECT MIN(id) FROM voting_papersheet)"
        ),
        "keying_once_each": f"UPDATE voting_keying SET keyer_id = {PERSON}",
        "stackcount_once_each": f"UPDATE voting_stackcount SET counter_id = {PERSON}",
    }


def furnish() -> None:
    """A round after voting, a draft with trustees, and one that has no poll."""
    world = running()
    first, second = printed(world), printed(world)
    vote(world, 0, [0])
    world.end()
    world.hand_on(1)
    world.look(1)
    for keyer in (0, 1):
        HouseAsk.objects.create(round=world.round, account=world.accounts[keyer])
        key(world, first, 1, "1", keyer)
        count_stack(second.stack, 0, counter=world.accounts[keyer], actor=ACTOR)
    draft = draft_round(
        "draft", world.round.place, title="Later", budget_pence=100,
        vote_type=VoteType.APPROVAL, rule=Rule(seed="d"), terms=asking(),
    )  # fmt: skip
    named = list(zip(world.accounts, PEOPLE, strict=True))
    acts.name_trustees(draft, named, apart=True, actor=ACTOR)
    frozen_elsewhere(world.round.place)
    keep_words("spare")
    connection.check_constraints()


def admitted(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            assert cursor.rowcount != 0, sql
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


def drop(seal: seals.Seal) -> None:
    on = f" ON {seal.table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {seal.name}{on}")


def test_each_seal_of_the_box_bites_and_nothing_else_does_its_work(committed_db):
    furnish()
    standing = {
        one.name: one for one in seals._read(BOX / f"seals.{connection.vendor}.sql") if one.table
    }
    tried = statements()
    assert set(standing) == set(tried)
    truncates = [one for one in seals.triggers(connection.vendor) if "_no_truncate" in one.name]
    for name, sql in tried.items():
        if name.endswith("_no_truncate"):
            # TRUNCATE … CASCADE reaches other tables, which refuse it too: each stands alone here.
            for other in truncates:
                if other.name != name:
                    drop(other)
        assert not admitted(sql), name
        drop(standing[name])
        assert admitted(sql), name
        seals.install(connection)


def test_each_constraint_of_the_box_bites(committed_db, monkeypatch):
    furnish()
    for seal in seals.triggers(connection.vendor):
        drop(seal)
    mine = [
        (model, constraint)
        for model in apps.get_app_config("voting").get_models()
        if model._meta.db_table in TABLES
        for constraint in model._meta.constraints
    ]
    tried = constraints()
    assert {constraint.name for _model, constraint in mine} == set(tried)
    for model, constraint in mine:
        assert not admitted(tried[constraint.name]), constraint.name
        with monkeypatch.context() as without, connection.schema_editor() as editor:
            others = [other for other in model._meta.constraints if other is not constraint]
            without.setattr(model._meta, "constraints", others)
            editor.remove_constraint(model, constraint)
        assert admitted(tried[constraint.name]), constraint.name
