"""Asked for by one, approved by others, never by whoever is paid or tied to them."""

import json
from datetime import date

import pytest

from doorstep.apps.awards.actions.agreements import draft_agreement, sign
from doorstep.apps.awards.actions.endings import cancel_award, close_award
from doorstep.apps.awards.actions.payees import record_call_back
from doorstep.apps.awards.actions.payments import (
    clear_payment,
    decide_payment,
    raise_payment,
    release_payment,
)
from doorstep.apps.awards.actions.taking_back import cancel_payment
from doorstep.apps.awards.models import Approval, Award, Payment
from doorstep.apps.awards.queries.payments import free_pence, missing_of, same_sum_before
from doorstep.apps.awards.verify import verify_awards
from doorstep.apps.awards.verify_payments import verify_payments
from doorstep.apps.ledger.queries import balances, place_money
from doorstep.apps.ledger.verify import verify_ledger
from doorstep.apps.organisations.actions import begin_office
from doorstep.apps.partnerships.actions import declare_interest
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import verify_record
from doorstep.apps.refused import Refused
from tests.apps.awards.scene import (
    BEGAN,
    LATER,
    agreed,
    approved,
    asked,
    awarded,
    called,
    details,
    ready,
    scene,
    seat_of,
)
from tests.millbrook import ACTOR, DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def told():
    return scene()


def state(payment: Payment) -> str:
    return Payment.objects.get(pk=payment.pk).state


def test_a_pound_walks_from_the_promise_to_the_bank(told):
    award, payment = ready(told)
    approved(told, payment)
    release_payment(payment, on=LATER, actor=told.acting("finance"))
    assert balances(["place:millbrook-east:in_transit:kitchen-p1"]) == {
        "place:millbrook-east:in_transit:kitchen-p1": 180_000
    }
    money = place_money("millbrook-east")
    assert (money.came_in, money.on_its_way, money.paid) == (5_000_000, 180_000, 0)
    clear_payment(payment, bank_line=7, on=LATER, actor=told.acting("finance"))
    money = place_money("millbrook-east")
    assert (money.came_in, money.promised, money.on_its_way, money.paid, money.left) == (
        5_000_000, 0, 0, 180_000, 4_820_000,
    )  # fmt: skip
    assert state(payment) == "cleared"
    assert Award.objects.get(pk=award.pk).state == "in_progress"
    assert [*verify_record(), *verify_ledger(), *verify_awards(), *verify_payments()] == []


def test_no_leaf_of_it_names_anybody(told):
    _award, payment = ready(told)
    approved(told, payment)
    for leaf in Leaf.objects.filter(log="public"):
        text = bytes(leaf.body).decode()
        assert "INV-1" not in text
        assert "12345678" not in text
        assert "@" not in text


def test_whoever_asked_does_not_approve(told):
    _award, payment = ready(told)
    with pytest.raises(Refused, match="You asked for this payment"):
        decide_payment(payment, declared="none", on=LATER, actor=told.acting("secretary"))


def test_nobody_is_heard_twice(told):
    _award, payment = ready(told, 600_000)
    first = decide_payment(payment, declared="none", on=LATER, actor=told.acting("finance"))
    again = decide_payment(payment, declared="none", on=LATER, actor=told.acting("finance"))
    assert first == again
    with pytest.raises(Refused, match="had your say"):
        decide_payment(payment, declared="direct", on=LATER, actor=told.acting("finance"))
    assert state(payment) == "raised"


def test_a_large_payment_takes_two_more_one_from_outside_the_host(told):
    _award, payment = ready(told, 500_000)
    assert payment.approvals_needed == 2
    approved(told, payment, "finance", "clerk")
    assert state(payment) == "raised"
    assert "outside the host" in missing_of(payment, LATER)[0].what
    approved(told, payment, "chair")
    assert state(payment) == "approved"


def test_one_pence_less_takes_one(told):
    assert ready(told, 499_999)[1].approvals_needed == 1


def test_an_officer_of_the_payee_neither_asks_nor_approves(told):
    begin_office(told.payee, told.chair, "trustee", since=BEGAN, actor=ACTOR)
    award, payment = ready(told)
    with pytest.raises(Refused, match="You speak for the organisation"):
        decide_payment(payment, declared="none", on=LATER, actor=told.acting("chair"))
    with pytest.raises(Refused, match="You speak for the organisation"):
        raise_payment(award, invoice="2", pence=1, on=LATER, actor=told.acting("chair"))


def test_a_declared_interest_blocks_and_is_told_by_role(told):
    declare_interest(seat_of(told.chair), told.payee, "loyalty", since=BEGAN, actor=ACTOR)
    _award, payment = ready(told)
    with pytest.raises(Refused, match="You belong to an organisation"):
        decide_payment(payment, declared="none", on=LATER, actor=told.acting("chair"))
    decide_payment(payment, declared="loyalty", on=LATER, actor=told.acting("chair"))
    assert state(payment) == "raised"
    recusal = Approval.objects.get(payment=payment)
    body = json.loads(bytes(recusal.leaf.body))
    assert (recusal.leaf.kind, body["role"], body["declared"]) == (
        "payment.recused",
        "partnership_member",
        "loyalty",
    )


def test_whoever_stayed_out_once_stays_out_of_that_award(told):
    award = awarded(told)
    agreed(told, award)
    called(told, details(told))
    decide_payment(
        asked(told, award, 50_000, "1"), declared="indirect", on=LATER, actor=told.acting("chair")
    )
    with pytest.raises(Refused, match="declared an interest in this award"):
        decide_payment(
            asked(told, award, 60_000, "2"), declared="none", on=LATER, actor=told.acting("chair")
        )


def test_that_there_is_no_interest_is_recorded_too(told):
    _award, payment = ready(told)
    given = decide_payment(payment, declared="none", on=LATER, actor=told.acting("chair"))
    assert json.loads(bytes(given.leaf.body))["declared"] == "none"


def test_a_reimbursed_person_approves_nothing_of_it(told):
    award = awarded(told, 20_000)
    draft_agreement(
        award, payee_kind="reimbursement", payee=told.secretary, purpose="Paint",
        actor=told.acting("chair"),
    )  # fmt: skip
    sign(award.agreement, "ours", on=DAY, actor=told.acting("chair"))
    sign(award.agreement, "theirs", on=DAY, actor=told.acting("secretary"))
    called(told, details(told, told.secretary))
    with pytest.raises(Refused, match="This money would go to you"):
        raise_payment(award, invoice="1", pence=1_000, on=LATER, actor=told.acting("secretary"))
    payment = raise_payment(award, invoice="1", pence=1_000, on=LATER, actor=told.acting("worker"))
    with pytest.raises(Refused, match="This money would go to you"):
        decide_payment(payment, declared="none", on=LATER, actor=told.acting("secretary"))


def test_a_program_asks_for_nothing(told):
    award, _payment = ready(told)
    with pytest.raises(Refused, match="somebody with an account"):
        raise_payment(award, invoice="9", pence=1, on=LATER, actor=Actor("system", "night"))


def test_new_bank_details_wait_three_working_days(told):
    award = awarded(told)
    agreed(told, award)
    hold = details(told, on=date(2026, 12, 23))
    called(told, hold)
    # Christmas and Boxing Day (in lieu) and a weekend lie between.
    assert hold.clear_from == date(2026, 12, 30)
    payment = raise_payment(
        award, invoice="1", pence=1, on=date(2026, 12, 23), actor=told.acting("secretary")
    )
    decide_payment(payment, declared="none", on=date(2026, 12, 23), actor=told.acting("clerk"))
    with pytest.raises(Refused, match="wait until 30 December 2026"):
        release_payment(payment, on=date(2026, 12, 29), actor=told.acting("finance"))
    release_payment(payment, on=date(2026, 12, 30), actor=told.acting("finance"))


def test_nothing_goes_before_somebody_else_called_back(told):
    award = awarded(told)
    agreed(told, award)
    hold = details(told)
    payment = asked(told, award)
    approved(told, payment)
    with pytest.raises(Refused, match="Nobody has called back"):
        release_payment(payment, on=LATER, actor=told.acting("finance"))
    call = {"confirmation": "match", "confirmed": True, "on": DAY}
    with pytest.raises(Refused, match="You typed these bank details in"):
        record_call_back(hold.mandate, held_from="register", actor=told.acting("finance"), **call)
    with pytest.raises(Refused, match="never one that came with the new details"):
        record_call_back(hold.mandate, held_from="request", actor=told.acting("clerk"), **call)


def test_a_later_doubt_undoes_an_earlier_call(told):
    _award, payment = ready(told)
    approved(told, payment)
    record_call_back(
        payment.mandate, held_from="register", confirmation="no_match", confirmed=False,
        on=LATER, actor=told.acting("clerk"),
    )  # fmt: skip
    with pytest.raises(Refused, match="Nobody has called back"):
        release_payment(payment, on=LATER, actor=told.acting("finance"))


def test_a_name_that_does_not_match_is_never_confirmed(told):
    hold = details(told)
    with pytest.raises(Refused, match="does not match"):
        record_call_back(
            hold.mandate, held_from="register", confirmation="no_match", confirmed=True,
            on=DAY, actor=told.acting("clerk"),
        )  # fmt: skip


def test_an_invoice_is_paid_once_however_it_is_written(told):
    award = awarded(told)
    agreed(told, award)
    details(told)
    first = asked(told, award, 50_000, "INV-0042")
    assert asked(told, award, 50_000, "INV-0042") == first
    with pytest.raises(Refused, match="An invoice is paid once"):
        asked(told, award, 60_000, "inv 42")
    cancel_payment(first, reason="The wrong sum", actor=told.acting("secretary"))
    assert asked(told, award, 60_000, "inv 42").state == "raised"


def test_the_same_sum_twice_is_pointed_out(told):
    award = awarded(told)
    agreed(told, award)
    details(told)
    first = asked(told, award, 50_000, "1")
    assert list(same_sum_before(asked(told, award, 50_000, "2"))) == [first]
    assert not same_sum_before(asked(told, award, 49_999, "3"))


def test_more_than_is_free_is_not_asked_for(told):
    award = awarded(told)
    agreed(told, award)
    details(told)
    asked(told, award, 100_000, "1")
    assert free_pence(award) == 80_000
    with pytest.raises(Refused, match="only £800 of this award is free"):
        asked(told, award, 80_001, "2")


def test_nothing_is_paid_before_both_sides_signed(told):
    award = awarded(told)
    details(told)
    with pytest.raises(Refused, match="before the agreement is signed"):
        asked(told, award)
    agreement = draft_agreement(
        award, payee_kind="organisation", payee=told.payee, purpose="A kitchen",
        actor=told.acting("secretary"),
    )  # fmt: skip
    sign(agreement, "ours", on=DAY, actor=told.acting("secretary"))
    with pytest.raises(Refused, match="before the agreement is signed"):
        asked(told, award)
    with pytest.raises(Refused, match="You signed for the other side"):
        sign(agreement, "theirs", on=DAY, actor=told.acting("secretary"))
    with pytest.raises(Refused, match="Only whoever is paid"):
        sign(agreement, "theirs", on=DAY, actor=told.acting("neighbour"))
    sign(agreement, "theirs", on=DAY, actor=told.acting("officer"))
    assert Award.objects.get(pk=award.pk).state == "agreed"


def test_releasing_twice_sends_once(told):
    _award, payment = ready(told)
    approved(told, payment)
    for _time in range(2):
        release_payment(payment, on=LATER, actor=told.acting("finance"))
    assert place_money("millbrook-east").on_its_way == 180_000


def test_a_line_of_the_bank_clears_one_payment(told):
    award = awarded(told)
    agreed(told, award)
    called(told, details(told))
    payments = [asked(told, award, 50_000, "1"), asked(told, award, 60_000, "2")]
    for payment in payments:
        approved(told, payment)
        release_payment(payment, on=LATER, actor=told.acting("finance"))
    clear_payment(payments[0], bank_line=7, actor=told.acting("finance"))
    clear_payment(payments[0], bank_line=7, actor=told.acting("finance"))
    with pytest.raises(Refused, match="belongs to another payment"):
        clear_payment(payments[1], bank_line=7, actor=told.acting("finance"))


def test_what_was_sent_and_did_not_arrive_comes_back_beside_the_original(told):
    award, payment = ready(told)
    approved(told, payment)
    sent = release_payment(payment, on=LATER, actor=told.acting("finance"))
    back = cancel_payment(sent, reason="The bank sent it back", actor=told.acting("finance"))
    assert back.return_entry.reverses_id == back.release_entry_id
    assert free_pence(award) == 180_000
    money = place_money("millbrook-east")
    assert (money.promised, money.on_its_way, money.paid) == (180_000, 0, 0)
    with pytest.raises(Refused):
        clear_payment(payment, bank_line=1, actor=told.acting("finance"))
    assert [*verify_record(), *verify_ledger(), *verify_awards(), *verify_payments()] == []


def test_closing_an_award_returns_what_it_did_not_need(told):
    award = awarded(told)
    agreed(told, award)
    called(told, details(told))
    payment = asked(told, award, 170_000)
    approved(told, payment)
    release_payment(payment, on=LATER, actor=told.acting("finance"))
    with pytest.raises(Refused, match="still under way"):
        close_award(award, on=LATER, actor=told.acting("finance"))
    clear_payment(payment, bank_line=3, actor=told.acting("finance"))
    assert close_award(award, on=LATER, actor=told.acting("finance")).state == "closed"
    assert place_money("millbrook-east").left == 4_830_000
    with pytest.raises(Refused):
        asked(told, award, 1, "more")
    assert [*verify_record(), *verify_ledger(), *verify_awards(), *verify_payments()] == []


def test_an_award_called_off_gives_the_place_its_money_back(told):
    award = awarded(told)
    cancel_award(award, reason="The hall closed", on=LATER, actor=told.acting("secretary"))
    assert place_money("millbrook-east").left == 5_000_000
    assert award.commitment.reversal.kind == "ledger.reversal"
    assert [*verify_record(), *verify_ledger(), *verify_awards(), *verify_payments()] == []


def test_an_award_with_payments_is_not_called_off(told):
    award, _payment = ready(told)
    with pytest.raises(Refused, match="paid, on its way or asked for"):
        cancel_award(award, reason="No", on=LATER, actor=told.acting("secretary"))
