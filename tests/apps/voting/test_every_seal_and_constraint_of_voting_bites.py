"""Each seal and constraint of polls, codes and envelopes: a statement breaks it, and is admitted
when it alone is gone. One without a statement fails here."""

from pathlib import Path

import time_machine
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from doorstep.apps import voting
from doorstep.apps.record import seals
from doorstep.apps.rounds.actions import draft_round
from doorstep.apps.rounds.models import VoteType
from doorstep.apps.voting import trackers
from doorstep.apps.voting.actions.casting import cast, credential_of, spend_on_paper
from doorstep.apps.voting.actions.polls import log_envelopes
from doorstep.apps.voting.actions.printing import plan_codes, print_run
from doorstep.apps.voting.choices import Choice
from doorstep.apps.voting.models import Channel, CodePlan
from doorstep.engine.count import Rule
from tests.apps.voting.polling import DURING, frozen, planned, running
from tests.millbrook import ACTOR

MINE = (
    "voting_poll", "voting_codeplan", "voting_codebatch", "voting_credential",
    "voting_letteraddress", "voting_claim", "voting_envelope", "voting_envelopebatch",
)  # fmt: skip
# Seals of trustees and paper have a test of their own.
BOX = Path(voting.__file__).parent / "sql" / "box"
OPEN = "(SELECT id FROM rounds_round WHERE slug = 'open')"
READY = "(SELECT id FROM rounds_round WHERE slug = 'ready')"
FREE_LEAF = (
    "(SELECT MIN(id) FROM record_leaf WHERE id NOT IN"
    " (SELECT leaf_id FROM voting_codebatch UNION SELECT leaf_id FROM voting_envelopebatch"
    " UNION SELECT opening_id FROM voting_poll WHERE opening_id IS NOT NULL))"
)
HEX = {"sqlite": "x'{}'", "postgresql": "'\\x{}'::bytea"}


def hexed(data: str) -> str:
    return HEX[connection.vendor].format(data)


def statements() -> dict[str, str]:
    no = "0" if connection.vendor == "sqlite" else "false"
    new_code = (
        "INSERT INTO voting_credential (id, round_id, batch_id, selector, salt, hashed,"
        " tries_left, state, is_replacement) SELECT 7, round_id, batch_id, 'ZZZ0',"
        f" salt, hashed, 5, 'issued', {no} FROM voting_credential WHERE round_id = {OPEN} LIMIT 1"
    )
    last = "(SELECT MAX(credential_id) FROM voting_envelope)"
    found = {
        "voting_poll_moves_forward": (
            f"UPDATE voting_poll SET state = 'prepared', opening_id = NULL WHERE round_id = {OPEN}"
        ),
        "voting_poll_no_delete": f"DELETE FROM voting_poll WHERE round_id = {READY}",
        "voting_poll_begins": (
            "INSERT INTO voting_poll"
            " (round_id, state, public_key, padded_to, opening_id, rewrite_owed)"
            f" SELECT id, 'open', {hexed('01')}, 256, {FREE_LEAF}, {no}"
            " FROM rounds_round WHERE slug = 'draft'"
        ),
        "voting_codeplan_of_a_draft": (
            f"INSERT INTO voting_codeplan (round_id, channel, count) VALUES ({OPEN}, 'door', 5)"
        ),
        "voting_codeplan_stays": "UPDATE voting_codeplan SET count = count + 1",
        "voting_codeplan_no_delete": "DELETE FROM voting_codeplan WHERE channel = 'door'",
        "voting_codebatch_within_plan": (
            "INSERT INTO voting_codebatch (plan_id, number, count, root, leaf_id)"
            f" SELECT plan_id, 9, 5, root, {FREE_LEAF} FROM voting_codebatch LIMIT 1"
        ),
        "voting_codebatch_stays": "UPDATE voting_codebatch SET number = number + 10",
        "voting_codebatch_no_delete": "DELETE FROM voting_codebatch",
        "voting_credential_before_opening": new_code,
        "voting_credential_stays": "UPDATE voting_credential SET round_id = " + OPEN,
        "voting_credential_no_delete": "DELETE FROM voting_credential",
        "voting_letteraddress_stays": "UPDATE voting_letteraddress SET lines = 'elsewhere'",
        "voting_letteraddress_no_delete": "DELETE FROM voting_letteraddress",
        "voting_claim_of_a_good_code": (
            "INSERT INTO voting_claim (credential_id, channel) SELECT id, 'online'"
            f" FROM voting_credential WHERE round_id = {READY} LIMIT 1"
        ),
        "voting_claim_paper_stays": "UPDATE voting_claim SET channel = 'online'",
        "voting_claim_no_delete": "DELETE FROM voting_claim",
        "voting_envelope_next_version": (
            "INSERT INTO voting_envelope (credential_id, version, sealed, env_hash)"
            f" SELECT credential_id, 77, sealed, env_hash FROM voting_envelope"
            f" WHERE credential_id = {last} LIMIT 1"
        ),
        "voting_envelope_stays": f"UPDATE voting_envelope SET sealed = {hexed('00')}",
        "voting_envelope_no_delete": "DELETE FROM voting_envelope",
        "voting_envelopebatch_no_update": "UPDATE voting_envelopebatch SET used = used + 1",
        "voting_envelopebatch_no_delete": "DELETE FROM voting_envelopebatch",
    }
    if connection.vendor == "sqlite":
        return found | {
            "voting_envelopebatch_no_replace": (
                "INSERT OR REPLACE INTO voting_envelopebatch (id, round_id, leaf_id, used)"
                " SELECT id, round_id, leaf_id, 99 FROM voting_envelopebatch"
            ),
        }
    for gone in ("voting_codeplan_stays", "voting_codeplan_no_delete"):
        del found[gone]
    return found | {f"{table}_no_truncate": f"TRUNCATE {table} CASCADE" for table in MINE}


# On SQLite, REPLACE first deletes what is in its way, and that is refused too.
IN_FRONT = {"voting_envelopebatch_no_replace": "voting_envelopebatch_no_delete"}

CONSTRAINTS = {
    "poll_state_has_its_leaves": "UPDATE voting_poll SET state = 'ended'",
    "codeplan_of_some": "UPDATE voting_codeplan SET count = 0",
    "codebatch_number_once": (
        "UPDATE voting_codebatch SET number = 1, plan_id = (SELECT MIN(id) FROM voting_codeplan)"
    ),
    "codebatch_of_some": "UPDATE voting_codebatch SET count = 0",
    "credential_selector_once": f"UPDATE voting_credential SET selector = 'A', round_id = {OPEN}",
    "credential_tries_within_five": "UPDATE voting_credential SET tries_left = 6",
    "credential_state_known": "UPDATE voting_credential SET state = 'odd'",
    "address_position_once": "UPDATE voting_letteraddress SET position = 1",
    "claim_channel_known": "UPDATE voting_claim SET channel = 'odd'",
    "envelope_version_counts": (
        "UPDATE voting_envelope SET version = 0"
        " WHERE credential_id = (SELECT MAX(credential_id) FROM voting_envelope)"
    ),
}


def furnish() -> None:
    """An open round with ballots on every channel, one ready to open, and a draft."""
    lines = ["1 Mill Lane\nMillbrook", "2 Mill Lane\nMillbrook"]
    live = running(slug="open", cards=12, letters=lines)
    with time_machine.travel(DURING, tick=False):
        for code in live.codes[:10]:
            cast(credential_of(live.credential(code).pk), Choice(((0, 1),)), trackers.new())
        log_envelopes(live.poll)
        spend_on_paper(live.round, live.codes[11].printed, actor=ACTOR)
        cast(credential_of(live.credential(live.letters[0]).pk), Choice(((0, 1),)), trackers.new())
    ready = planned(slug="ready", cards=2)
    plan_codes(ready.round, Channel.DOOR, 3)
    frozen(ready)
    plan = CodePlan.objects.get(round=ready.round, channel=Channel.DESK)
    print_run(plan, 1, printer=ready.printer, beside=ready.beside)
    draft_round(
        "draft", live.round.place, title="Later", budget_pence=100,
        vote_type=VoteType.APPROVAL, rule=Rule(seed="d"),
    )  # fmt: skip
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


def test_each_seal_bites_and_nothing_else_does_its_work(committed_db):
    furnish()
    theirs = {one.name for one in seals._read(BOX / f"seals.{connection.vendor}.sql")}
    standing = {
        one.name: one
        for one in seals.triggers(connection.vendor)
        if one.table in MINE and one.name not in theirs
    }
    tried = statements()
    assert set(standing) == set(tried)
    for name, sql in tried.items():
        assert not admitted(sql), name
    for name in [name for name in tried if not name.endswith("_no_truncate")]:
        if in_front := IN_FRONT.get(name):
            drop(standing[in_front])
            assert not admitted(tried[name]), name
        drop(standing[name])
        assert admitted(tried[name]), name
        seals.install(connection)
    # TRUNCATE … CASCADE reaches other tables, which refuse it too: each is tried as the last.
    truncates = [one for one in seals.triggers(connection.vendor) if "_no_truncate" in one.name]
    for name in [name for name in tried if name.endswith("_no_truncate")]:
        for other in truncates:
            if other.name != name:
                drop(other)
        assert not admitted(tried[name]), name
        drop(standing[name])
        assert admitted(tried[name]), name
        seals.install(connection)


def test_each_constraint_bites(committed_db, monkeypatch):
    furnish()
    if connection.vendor == "sqlite":
        seals.remove(connection)
    else:
        for seal in seals.triggers("postgresql"):
            drop(seal)
    mine = [
        (model, constraint)
        for model in apps.get_app_config("voting").get_models()
        if model._meta.db_table in MINE
        for constraint in model._meta.constraints
    ]
    assert {constraint.name for _model, constraint in mine} == set(CONSTRAINTS)
    for model, constraint in mine:
        sql = CONSTRAINTS[constraint.name]
        assert not admitted(sql), constraint.name
        with monkeypatch.context() as without, connection.schema_editor() as editor:
            others = [other for other in model._meta.constraints if other is not constraint]
            without.setattr(model._meta, "constraints", others)
            editor.remove_constraint(model, constraint)
        assert admitted(sql), constraint.name
