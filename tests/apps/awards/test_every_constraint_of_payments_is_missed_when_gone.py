"""Each constraint of awards and payments: one statement breaks it, and gets in without it.

The seals are off here (they have tests of their own), so it is the constraint alone that refuses.
A constraint without a statement fails the first test.
"""

from collections.abc import Iterator

from django.db import DatabaseError, connection, models, transaction

from doorstep.apps.awards.models import (
    Agreement,
    Approval,
    Award,
    Decision,
    Delegation,
    Instalment,
    MandateCheck,
    MandateHold,
    Payment,
    PaymentFile,
    PaymentFileLine,
    Signature,
    Stop,
)
from doorstep.apps.organisations.models import BankMandate
from doorstep.apps.record import seals
from tests.apps.awards.street import leaf, street

MODELS = (
    Award, Decision, Delegation, Agreement, Instalment, Signature, MandateHold, MandateCheck,
    Payment, Approval, PaymentFile, PaymentFileLine, Stop,
)  # fmt: skip
RAISED = " WHERE state = 'raised'"
FIRST = "(SELECT min(id) FROM {})"
BROKEN = {
    "award_is_of_something": "UPDATE awards_award SET pence = 0",
    "award_kind_known": "UPDATE awards_award SET kind = 'gift'",
    "award_state_known": "UPDATE awards_award SET state = 'lost'",
    "decision_is_of_something": "UPDATE awards_decision SET pence = 0",
    "decision_kind_known": "UPDATE awards_decision SET kind = 'coin.tossed'",
    "delegation_ends_after_it_begins": "UPDATE awards_delegation SET until = '2000-01-01'",
    "delegation_holder_known": "UPDATE awards_delegation SET holder_role = 'mayor'",
    "delegation_is_of_something": "UPDATE awards_delegation SET month_pence = 0",
    "agreement_names_one_payee": "UPDATE awards_agreement SET payee_kind = 'reimbursement'",
    "instalment_numbered_once": "UPDATE awards_instalment SET number = 1",
    "instalment_is_of_something": "UPDATE awards_instalment SET pence = 0",
    "signature_once_a_side": "UPDATE awards_signature SET side = 'ours'",
    "signature_once_a_person": "UPDATE awards_signature SET account_id ="
    f" {FIRST.format('people_account')}",
    "signature_side_known": "UPDATE awards_signature SET side = 'both' WHERE side = 'ours'",
    "mandatehold_waits": "UPDATE awards_mandatehold SET clear_from = entered_on",
    "mandatecheck_number_was_held": "UPDATE awards_mandatecheck SET held_from = 'request'",
    "mandatecheck_confirmation_known": "UPDATE awards_mandatecheck SET confirmation = 'maybe'",
    "mandatecheck_name_not_refused": "UPDATE awards_mandatecheck SET confirmation = 'no_match'",
    "payment_is_of_something": "UPDATE awards_payment SET pence = 0",
    "payment_needs_one_or_two_more": "UPDATE awards_payment SET approvals_needed = 0",
    "payment_has_one_payee": "UPDATE awards_payment SET payee_account_id ="
    f" {FIRST.format('people_account')}",
    "payment_names_its_invoice": "UPDATE awards_payment SET invoice_key = ''"
    f" WHERE id = {FIRST.format('awards_payment')}",
    "payment_invoice_once_an_organisation": "UPDATE awards_payment SET invoice_key = '1'",
    "payment_invoice_once_a_person": "UPDATE awards_payment SET invoice_key = '1',"
    f" payee_organisation_id = NULL, payee_account_id = {FIRST.format('people_account')}",
    "payment_of_an_instalment_once": "UPDATE awards_payment SET instalment_id ="
    f" {FIRST.format('awards_instalment')}",
    "payment_state_has_its_leaves": f"UPDATE awards_payment SET state = 'approved'{RAISED}",
    "payment_release_has_its_entry": "UPDATE awards_payment SET release_entry_id = NULL"
    " WHERE state = 'released'",
    "approval_once_a_person": "UPDATE awards_approval SET"
    f" payment_id = {FIRST.format('awards_payment')},"
    f" account_id = {FIRST.format('people_account')}",
    "approval_declares_something": "UPDATE awards_approval SET declared = ''",
    "approval_role_known": "UPDATE awards_approval SET role = 'resident'",
    "stop_once_a_person": "INSERT INTO awards_stop"
    " (payment_id, account_id, role, reason_id, day, leaf_id)"
    " SELECT payment_id, account_id, role, reason_id, day,"
    " (SELECT max(id) FROM record_leaf) FROM awards_stop",
    "paymentfile_is_of_something": "UPDATE awards_paymentfile SET pence = 0",
}


def constraints() -> Iterator[tuple[type[models.Model], models.BaseConstraint]]:
    for model in MODELS:
        for constraint in model._meta.constraints:
            yield model, constraint


def admitted(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            assert cursor.rowcount > 0, sql
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


def without_seals() -> None:
    if connection.vendor == "sqlite":
        seals.remove(connection)
        return
    with connection.cursor() as cursor:
        for seal in seals.triggers("postgresql"):
            cursor.execute(f"DROP TRIGGER {seal.name} ON {seal.table}")


def test_every_constraint_has_a_statement_that_breaks_it():
    assert {constraint.name for _model, constraint in constraints()} == set(BROKEN)


def test_each_statement_is_refused_until_its_constraint_is_gone(committed_db, monkeypatch):
    street()
    without_seals()
    for model, constraint in constraints():
        assert not admitted(BROKEN[constraint.name]), constraint.name
        with monkeypatch.context() as without, connection.schema_editor() as editor:
            # SQLite makes the table anew from what the model says now.
            others = [other for other in model._meta.constraints if other is not constraint]
            without.setattr(model._meta, "constraints", others)
            editor.remove_constraint(model, constraint)
        assert admitted(BROKEN[constraint.name]), constraint.name


def test_one_to_one_keys_are_refused_twice(committed_db):
    """Keys that Django makes of one-to-one fields: one award has one agreement, and so on."""
    told, other = street(), leaf()
    without_seals()
    twice = {
        "agreement of an award": f"UPDATE awards_agreement SET award_id = {told.kitchen.pk}",
        "hold of an account": "UPDATE awards_mandatehold SET"
        f" mandate_id = {told.raised.mandate_id}",
        "line of the bank": "UPDATE awards_payment SET bank_line = 1",
        "leaf of a step": f"UPDATE awards_payment SET cancelled_id = {other.pk}",
        "name of a payment": "UPDATE awards_payment SET slug = 'same'",
        "entry of a release": "UPDATE awards_payment SET release_entry_id = 1",
    }
    assert [name for name, sql in twice.items() if admitted(sql)] == []


def test_a_person_has_one_open_bank_account_and_an_account_one_owner(committed_db):
    told = street()
    without_seals()
    mine = BankMandate.objects.get(account=told.told.neighbour)
    other = BankMandate.objects.get(pk=told.other_mandate.pk)
    assert not admitted(
        f"UPDATE organisations_bankmandate SET account_id = {mine.account_id} WHERE id = {other.pk}"
    )
    assert not admitted(
        "UPDATE organisations_bankmandate SET organisation_id = NULL,"
        f" account_id = {mine.account_id} WHERE id = {other.pk}"
    )
