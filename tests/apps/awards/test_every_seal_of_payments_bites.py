"""Each trigger on payments and what they rest on: one act that it alone refuses."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from doorstep.apps.awards.models import (
    Approval,
    Award,
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
from doorstep.apps.fund import accounts
from doorstep.apps.fund.actions import open_beside
from doorstep.apps.ledger.actions import Line, post, reverse
from doorstep.apps.ledger.models import Journal
from doorstep.apps.organisations.models import BankMandate
from doorstep.apps.people.models import Role
from doorstep.apps.places.actions import open_place
from doorstep.apps.places.models import Place
from doorstep.apps.record import seals
from tests.apps.awards.scene import LATER
from tests.apps.awards.street import Street, again, another_payment, leaf, street, words
from tests.millbrook import ACTOR, DAY

VENDOR = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2].removesuffix("3")
OURS = {
    "awards_decision", "awards_agreement", "awards_instalment", "awards_signature",
    "awards_mandatehold", "awards_mandatecheck", "awards_approval", "awards_paymentfile",
    "awards_stop",
    "awards_paymentfileline", "awards_delegation", "awards_payment", "awards_award",
    "organisations_bankmandate",
}  # fmt: skip
# Tried where an award is tried alone.
ELSEWHERE = {"awards_award_stays", "awards_award_no_delete", "awards_award_no_replace"}


def sql(statement: str) -> Callable[[Street], None]:
    def run(_told: Street) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            assert cursor.rowcount != 0, statement

    return run


def moved(payment: Payment, **changed: object) -> None:
    assert Payment.objects.filter(pk=payment.pk).update(**changed) == 1


def other_entry() -> int:
    """An entry of the ledger that has nothing to do with any payment."""
    return Journal.objects.order_by("pk").values_list("pk", flat=True)[0]


def signed_by_a_stranger(told: Street) -> None:
    Signature.objects.create(
        agreement=told.idle.agreement, side="theirs", account=told.told.neighbour, role="person",
        day=DAY, leaf=leaf(),
    )  # fmt: skip


def released_too_soon(told: Street) -> None:
    place, slug = told.told.place.slug, told.approved.slug
    target = accounts.in_transit(place, slug)
    source = accounts.committed(place, told.kitchen.slug)
    open_beside(source, target)
    entry = post(
        "payment.released", [Line(source, target, told.approved.pence)], idem_key="soon",
        actor=ACTOR, effective_on=DAY,
    )  # fmt: skip
    moved(told.approved, state="released", released=leaf(), released_on=DAY, release_entry=entry)


def said(told: Street, account: int, role: str, **changed: object) -> None:
    Approval.objects.create(
        **{
            "payment": told.raised, "account_id": account, "role": role, "declared": "none",
            "day": LATER, "leaf": leaf(), **changed,
        }
    )  # fmt: skip


def called_by_the_same(told: Street) -> None:
    hold = MandateHold.objects.get(mandate=told.raised.mandate)
    MandateCheck.objects.create(
        mandate=hold.mandate, called_by_id=hold.entered_by_id, called_on=LATER,
        held_from="register", confirmation="match", confirmed=True, leaf=leaf(),
    )  # fmt: skip


def taken_back_by_no_entry(told: Street) -> None:
    """Two say that the bank stopped it, and nothing is reversed."""
    Stop.objects.create(
        payment=told.released, account=told.told.chair, role="partnership_member", reason=words(),
        day=LATER, leaf=leaf(),
    )  # fmt: skip
    moved(told.released, state="cancelled", cancelled=leaf())


def taken_back_by_one(told: Street) -> None:
    """The clerk alone said that the bank stopped it."""
    back = reverse(told.released.release_entry, idem_key="alone", actor=ACTOR, reason="Alone")
    moved(told.released, state="cancelled", cancelled=leaf(), return_entry=back)


BITES: dict[str, Callable[[Street], None]] = {
    "awards_award_moves_on": sql("UPDATE awards_award SET state = 'closed' WHERE slug = 'idle'"),
    "awards_award_ends_with_nothing_under_way": sql(
        "UPDATE awards_award SET state = 'cancelled' WHERE slug = 'kitchen'"
    ),
    "awards_award_begins": lambda told: again(
        told.idle, state="agreed", commitment_id=other_entry()
    ).save(force_insert=True),
    "awards_delegation_only_ends": lambda told: Delegation.objects.update(until=date(2030, 1, 1)),
    "awards_delegation_no_delete": sql("DELETE FROM awards_delegation"),
    "awards_delegation_no_truncate": sql("TRUNCATE awards_delegation"),
    "awards_signature_on_its_side": signed_by_a_stranger,
    "awards_mandate_stays": sql("UPDATE organisations_bankmandate SET last_three = '000'"),
    "awards_mandate_no_delete": lambda told: BankMandate.objects.filter(
        pk=told.other_mandate.pk
    )._raw_delete("default"),
    "awards_mandatecheck_by_another": called_by_the_same,
    "awards_payment_begins_raised": lambda told: another_payment(told, bank_line=99),
    "awards_payment_within_award": lambda told: another_payment(told, pence=890_001),
    "awards_payment_as_agreed": lambda told: another_payment(
        told, award_id=told.idle.pk, pence=20_000,
        instalment_id=Instalment.objects.get(agreement__award=told.idle, number=1).pk,
    ),
    "awards_payment_to_its_payee": lambda told: another_payment(
        told, mandate_id=told.other_mandate.pk
    ),
    "awards_payment_of_its_instalment": lambda told: another_payment(
        told, pence=20_000,
        instalment_id=Instalment.objects.get(agreement__award=told.idle, number=1).pk,
    ),
    "awards_payment_raiser_has_role": lambda told: another_payment(
        told, raised_by_id=told.told.neighbour.pk
    ),
    "awards_payment_raiser_is_a_stranger": lambda told: another_payment(
        told, raised_by_id=told.tied
    ),
    "awards_payment_stays": lambda told: moved(told.raised, pence=1),
    "awards_payment_moves_on": lambda told: moved(
        told.raised, state="released", approved=leaf(), released=leaf(), released_on=LATER,
        release_entry=other_entry(),
    ),
    "awards_payment_approved_by_enough": lambda told: moved(
        told.raised, state="approved", approved=leaf()
    ),
    "awards_payment_released_after_the_call": released_too_soon,
    "awards_payment_released_with_its_entry": lambda told: moved(
        told.approved, state="released", released=leaf(), released_on=LATER,
        release_entry=other_entry(),
    ),
    "awards_payment_cleared_with_its_entry": lambda told: moved(
        told.released, state="cleared", cleared=leaf(), clear_entry=other_entry(), bank_line=5
    ),
    "awards_payment_returned_by_reversal": taken_back_by_no_entry,
    "awards_payment_stopped_by_two": taken_back_by_one,
    "awards_stop_has_role": lambda told: Stop.objects.create(
        payment=told.released, account=told.told.neighbour, role="finance_officer", reason=words(),
        day=LATER, leaf=leaf(),
    ),
    "awards_payment_no_delete": lambda told: Payment.objects.filter(
        pk=told.raised.pk
    )._raw_delete("default"),
    "awards_approval_by_another": lambda told: said(
        told, told.told.secretary.pk, "partnership_member"
    ),
    "awards_approval_has_role": lambda told: said(
        told, told.told.neighbour.pk, "partnership_member"
    ),
    "awards_approval_never_by_payee": lambda told: said(told, told.inside, "finance_officer"),
    "awards_approval_without_interest": lambda told: said(told, told.tied, "partnership_member"),
    "awards_approval_stays_out": lambda told: said(told, told.stayed_out, "funder"),
    "awards_paymentfileline_of_released": lambda told: PaymentFileLine.objects.create(
        file=PaymentFile.objects.get(), payment=told.raised
    ),
}  # fmt: skip
REPLACED = {
    "awards_delegation_no_replace": "awards_delegation",
    "awards_payment_no_replace": "awards_payment",
    "awards_mandate_no_replace": "organisations_bankmandate",
}
# Rows that every other seal would let in once more.
WELCOME = {
    "awards_payment": " WHERE state = 'raised'",
    "awards_approval": " WHERE declared <> 'none'",
}


def replaced(table: str) -> Callable[[Street], None]:
    which = WELCOME.get(table, "")
    return sql(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}{which}")


for _trigger, _table in REPLACED.items():
    BITES[_trigger] = replaced(_table)
for _table in sorted(OURS & seals.append_only_tables()):
    BITES[f"{_table}_no_update"] = sql(f"UPDATE {_table} SET id = id + 1000")
    BITES[f"{_table}_no_delete"] = sql(f"DELETE FROM {_table}")
    BITES[f"{_table}_no_truncate"] = sql(f"TRUNCATE {_table} CASCADE")
    BITES[f"{_table}_no_replace"] = replaced(_table)
STANDING = sorted(
    seal.name
    for seal in seals.triggers(VENDOR)
    if seal.table in OURS and seal.name not in ELSEWHERE
)


@pytest.fixture
def told(committed_db) -> Street:
    made = street()
    with connection.cursor() as cursor:
        if VENDOR == "sqlite":
            cursor.execute("PRAGMA recursive_triggers = OFF")
            cursor.execute("PRAGMA foreign_keys = OFF")
    return made


def refusal(act: Callable[[Street], None], told: Street, *without: str) -> str:
    """What the database says to this act, with some triggers taken off; undone either way."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if VENDOR == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            for name in without:
                seal = next(seal for seal in seals.triggers(VENDOR) if seal.name == name)
                on = f" ON {seal.table}" if VENDOR == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {name}{on}")
            act(told)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error)
    return ""


def test_every_seal_has_an_act_that_it_refuses():
    assert set(STANDING) <= set(BITES)


def cascaded(name: str) -> list[str]:
    """TRUNCATE cascades to every table that points here; those seals refuse it as well."""
    if not name.endswith("_no_truncate"):
        return [name]
    return [seal.name for seal in seals.triggers(VENDOR) if seal.name.endswith("_no_truncate")]


def test_each_act_is_refused_and_gets_in_without_its_seal(told):
    for name in STANDING:
        assert refusal(BITES[name], told), f"{name} let it in"
        assert refusal(BITES[name], told, *cascaded(name)) == "", name


@pytest.mark.skipif(VENDOR != "sqlite", reason="PostgreSQL has no INSERT OR REPLACE")
def test_a_payment_is_replaced_by_none_of_its_keys(told):
    columns = [field.column for field in Payment._meta.concrete_fields if field.column != "id"]
    for key in ("slug", "raised_id", "invoice_key"):
        fresh = {"slug": "'other'", "raised_id": str(leaf().pk), "invoice_key": "'OTHER'"}
        del fresh[key]
        chosen = ", ".join(fresh.get(column, column) for column in columns)
        act = sql(
            f"INSERT OR REPLACE INTO awards_payment ({', '.join(columns)})"
            f" SELECT {chosen} FROM awards_payment WHERE id = {told.raised.pk}"
        )
        assert "a payment is there already" in refusal(act, told), key


def test_the_application_may_move_states_and_no_more():
    may = seals.changing_columns()
    assert may["awards_delegation"] == may["organisations_bankmandate"] == "until"
    assert "pence" not in may["awards_payment"]
    assert "mandate_id" not in may["awards_payment"]


def test_a_hold_that_was_waited_for_and_called_about_lets_it_go(told):
    """So that the act above is refused for its day, and not for something else."""
    hold = MandateHold.objects.get(mandate=told.approved.mandate)
    assert hold.clear_from > DAY + timedelta(days=2)
    assert Award.objects.get(slug="kitchen").state == "in_progress"


def mandate_that(told: Street, **changed: object) -> dict[str, object]:
    """The act of releasing the approved payment rightly, but for what is changed before it."""
    place, slug = told.told.place.slug, told.approved.slug
    target = accounts.in_transit(place, slug)
    source = accounts.committed(place, told.kitchen.slug)
    open_beside(source, target)
    entry = post(
        "payment.released", [Line(source, target, told.approved.pence)], idem_key="rightly",
        actor=ACTOR, effective_on=LATER,
    )  # fmt: skip
    return {
        "state": "released", "released": leaf(), "released_on": LATER, "release_entry": entry,
    } | changed  # fmt: skip


def released_to_an_ended_account(told: Street) -> None:
    BankMandate.objects.filter(pk=told.approved.mandate_id).update(until=LATER)
    moved(told.approved, **mandate_that(told))


def released_on_another_places_call(told: Street) -> None:
    """Whoever called back serves another place alone by then."""
    caller = MandateCheck.objects.filter(mandate=told.approved.mandate).values("called_by")
    with connection.cursor() as cursor:
        for name in [s.name for s in seals.triggers(VENDOR) if s.table == "people_role"]:
            on = " ON people_role" if VENDOR == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{on}")
    assert Role.objects.filter(account__in=caller).update(place=elsewhere()) == 1
    moved(told.approved, **mandate_that(told))


def elsewhere() -> Place:
    return open_place(
        "high-meadow", "High Meadow", "Alderdale", population=1, population_year=2024,
        population_source="made up", boundary_year=2021, actor=ACTOR,
    )  # fmt: skip


def called_by(account_id: int) -> Callable[[Street], None]:
    def run(told: Street) -> None:
        MandateCheck.objects.create(
            mandate=told.raised.mandate, called_by_id=account_id, called_on=LATER,
            held_from="register", confirmation="match", confirmed=True, leaf=leaf(),
        )  # fmt: skip

    return run


def test_each_thing_that_one_seal_asks_for_is_missed(told):
    """Seals with several conditions: one act for each, let in without the seal."""
    part = Instalment.objects.filter(agreement__award=told.idle)
    assert part.count() == 2
    for name, act in (
        ("awards_payment_released_after_the_call", released_to_an_ended_account),
        ("awards_payment_released_after_the_call", released_on_another_places_call),
        ("awards_mandatecheck_by_another", called_by(told.inside)),
        ("awards_mandatecheck_by_another", called_by(told.tied)),
    ):
        assert refusal(act, told), act
        assert refusal(act, told, name) == "", act
    assert refusal(lambda told: moved(told.approved, **mandate_that(told)), told) == ""


def test_a_payment_of_an_award_in_parts_names_its_part(told):
    def agreed_in_parts(told: Street) -> None:
        Instalment.objects.create(
            agreement=told.kitchen.agreement, number=1, pence=900_000, due_on=DAY
        )
        another_payment(told)

    assert "an instalment is paid whole" in refusal(agreed_in_parts, told)
    assert refusal(agreed_in_parts, told, "awards_payment_of_its_instalment") == ""
