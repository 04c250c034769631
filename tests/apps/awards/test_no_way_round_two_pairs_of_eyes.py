"""Ways by which one person, or another place, could have paid twice, elsewhere or unseen."""

from datetime import date

import pytest
from django.urls import reverse

from doorstep.apps.awards.actions.agreements import draft_agreement, sign
from doorstep.apps.awards.actions.files import make_payment_file, write_payment_file
from doorstep.apps.awards.actions.payees import record_call_back
from doorstep.apps.awards.actions.payments import raise_payment, release_payment
from doorstep.apps.awards.actions.taking_back import cancel_payment
from doorstep.apps.awards.models import Payment, PaymentFile, Stop
from doorstep.apps.awards.queries.payments import held_out, missing_of
from doorstep.apps.awards.verify_payments import verify_payments
from doorstep.apps.ledger.queries import place_money
from doorstep.apps.organisations.actions import begin_office
from doorstep.apps.partnerships.actions import declare_interest
from doorstep.apps.people.actions import give_role, open_account
from doorstep.apps.places.actions import open_place
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from tests.apps.awards.scene import (
    BEGAN,
    LATER,
    Scene,
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
from tests.apps.people.signing_in import sign_in
from tests.millbrook import ACTOR, DAY

pytestmark = pytest.mark.django_db
CALL = {"held_from": "register", "confirmation": "match", "confirmed": True}


@pytest.fixture
def told() -> Scene:
    return scene()


def in_a_file(told: Scene, pence: int = 180_000) -> Payment:
    _award, payment = ready(told, pence)
    approved(told, payment)
    release_payment(payment, on=LATER, actor=told.acting("finance"))
    make_payment_file(told.place, on=LATER, actor=told.acting("finance"))
    return Payment.objects.get(pk=payment.pk)


def test_one_person_alone_never_frees_what_the_bank_may_have(told):
    payment = in_a_file(told)
    for _time in range(2):
        back = cancel_payment(payment, reason="Stopped", on=LATER, actor=told.acting("finance"))
        assert back.state == "released"
    assert place_money("millbrook-east").on_its_way == 180_000
    assert Stop.objects.count() == 1
    back = cancel_payment(payment, reason="I rang too", on=LATER, actor=told.acting("chair"))
    assert back.state == "cancelled"
    assert place_money("millbrook-east").on_its_way == 0
    assert [*verify_payments()] == []


def test_what_somebody_stops_is_in_no_file_that_is_taken(told):
    payment = in_a_file(told)
    cancel_payment(payment, reason="Stopped", on=LATER, actor=told.acting("finance"))
    with pytest.raises(Refused, match="Nothing in this file waits"):
        write_payment_file(PaymentFile.objects.get(), on=LATER, actor=told.acting("clerk"))


def test_whoever_is_tied_to_the_payee_takes_nothing_back(told):
    payment = in_a_file(told)
    begin_office(told.payee, told.chair, "trustee", since=BEGAN, actor=ACTOR)
    with pytest.raises(Refused, match="You speak for the organisation"):
        cancel_payment(payment, reason="Again, please", on=LATER, actor=told.acting("chair"))
    with pytest.raises(Refused, match="partnership member or finance officer takes"):
        cancel_payment(payment, reason="Again", on=LATER, actor=told.acting("worker"))


def test_the_next_approver_sees_that_the_invoice_was_taken_back_once(told, client):
    payment = in_a_file(told)
    for who in ("finance", "clerk"):
        cancel_payment(payment, reason="Stopped", on=LATER, actor=told.acting(who))
    again = asked(told, payment.award)
    sign_in(client, told.chair)
    page = client.get(reverse("payment", args=[again.slug])).content.decode()
    assert "asked for before and taken back" in page
    assert payment.slug in page


def test_the_first_stop_is_shown_to_whoever_may_confirm_it(told, client):
    payment = in_a_file(told)
    cancel_payment(payment, reason="Wrong sum", on=LATER, actor=told.acting("finance"))
    sign_in(client, told.chair)
    page = client.get(reverse("payment", args=[payment.slug])).content.decode()
    assert "Somebody says that the bank stopped this payment" in page
    assert "Wrong sum" in page


def test_money_never_goes_to_an_account_that_was_replaced(told):
    _award, payment = ready(told)
    approved(told, payment)
    details(told, on=LATER)
    payment = Payment.objects.get(pk=payment.pk)
    assert "was replaced" in missing_of(payment, LATER)[0].what
    with pytest.raises(Refused, match="was replaced"):
        release_payment(payment, on=LATER, actor=told.acting("finance"))


def test_a_file_leaves_out_what_would_go_to_a_replaced_or_doubted_account(told, client):
    award = awarded(told)
    agreed(told, award)
    called(told, details(told))
    payments = [asked(told, award, 50_000, "1"), asked(told, award, 60_000, "2")]
    for payment in payments:
        approved(told, payment)
        release_payment(payment, on=LATER, actor=told.acting("finance"))
    file = make_payment_file(told.place, on=LATER, actor=told.acting("finance"))
    assert held_out(file, LATER) == []
    record_call_back(
        payments[0].mandate, held_from="register", confirmation="no_match", confirmed=False,
        on=LATER, actor=told.acting("clerk"),
    )  # fmt: skip
    assert held_out(file, LATER) == payments
    with pytest.raises(Refused, match="Nothing in this file waits"):
        write_payment_file(file, on=LATER, actor=told.acting("finance"))
    sign_in(client, told.finance)
    page = client.get(reverse("payment-file", args=[file.pk])).content.decode()
    assert "Left out of the file" in page


def test_a_released_payment_to_a_replaced_account_enters_no_file(told):
    _award, payment = ready(told)
    approved(told, payment)
    release_payment(payment, on=LATER, actor=told.acting("finance"))
    details(told, on=LATER)
    with pytest.raises(Refused, match="replaced or are in doubt: kitchen-p1"):
        make_payment_file(told.place, on=LATER, actor=told.acting("finance"))
    assert cancel_payment(
        payment, reason="New account", on=LATER, actor=told.acting("clerk")
    ).state == "cancelled"  # fmt: skip


def test_nobody_of_the_payee_confirms_its_bank_details(told):
    hold = details(told)
    with pytest.raises(Refused, match="You speak for the organisation"):
        record_call_back(hold.mandate, on=DAY, actor=told.acting("officer"), **CALL)
    declare_interest(seat_of(told.chair), told.payee, "loyalty", since=BEGAN, actor=ACTOR)
    with pytest.raises(Refused, match="You belong to an organisation"):
        record_call_back(hold.mandate, on=DAY, actor=told.acting("chair"), **CALL)


def test_a_call_by_another_places_people_releases_nothing_here(told):
    elsewhere = open_place(
        "high-meadow", "High Meadow", "Alderdale", population=1, population_year=2024,
        population_source="made up", boundary_year=2021, actor=ACTOR,
    )  # fmt: skip
    stranger = open_account("stranger@high-meadow.example", actor=ACTOR)
    give_role(stranger, "finance_officer", place=elsewhere, since=BEGAN, actor=ACTOR)
    award = awarded(told)
    agreed(told, award)
    hold = details(told)
    record_call_back(hold.mandate, on=DAY, actor=Actor("finance_officer", stranger.pk), **CALL)
    payment = asked(told, award)
    approved(told, payment)
    with pytest.raises(Refused, match="Nobody has called back"):
        release_payment(payment, on=LATER, actor=told.acting("finance"))
    called(told, hold)
    assert release_payment(payment, on=LATER, actor=told.acting("finance")).state == "released"


def test_an_award_in_parts_is_paid_in_its_parts(told):
    award = awarded(told)
    agreement = agreed(told, award, instalments=[(80_000, DAY), (100_000, date(2027, 1, 4))])
    called(told, details(told))
    with pytest.raises(Refused, match="paid in the parts of its agreement"):
        asked(told, award, 180_000)
    first, second = agreement.instalments.order_by("number")
    raised = {"on": LATER, "actor": told.acting("secretary")}
    assert raise_payment(award, invoice="1", pence=80_000, instalment=first, **raised)
    with pytest.raises(Refused, match="due on 4 January 2027"):
        raise_payment(award, invoice="2", pence=100_000, instalment=second, **raised)


def test_a_large_award_comes_in_at_least_two_parts(told):
    large = awarded(told, 1_000_000)
    with pytest.raises(Refused, match="From £10,000 on the money comes in at least two parts"):
        agreed(told, large)
    assert agreed(told, large, instalments=[(400_000, DAY), (600_000, DAY)])
    assert agreed(told, awarded(told, 999_999, "smaller"))


def test_a_bill_in_two_halves_still_takes_two_more_people(told):
    award = awarded(told, 600_000)
    agreed(told, award)
    called(told, details(told))
    first = asked(told, award, 300_000, "1")
    assert first.approvals_needed == 1
    assert asked(told, award, 199_999, "2").approvals_needed == 1
    assert asked(told, award, 1, "3").approvals_needed == 2
    cancel_payment(first, reason="Not this one", on=LATER, actor=told.acting("finance"))
    assert asked(told, award, 4, "4").approvals_needed == 1


def test_nobody_with_an_interest_writes_or_signs_for_the_partnership(told):
    award = awarded(told)
    declare_interest(seat_of(told.chair), told.payee, "loyalty", since=BEGAN, actor=ACTOR)
    how = {"payee_kind": "organisation", "payee": told.payee, "purpose": "A kitchen"}
    with pytest.raises(Refused, match="You belong to an organisation"):
        draft_agreement(award, actor=told.acting("chair"), **how)
    with pytest.raises(Refused, match="You would be paid by this agreement"):
        draft_agreement(award, actor=told.acting("officer"), **how)
    agreement = draft_agreement(award, actor=told.acting("secretary"), **how)
    with pytest.raises(Refused, match="You belong to an organisation"):
        sign(agreement, "ours", on=LATER, actor=told.acting("chair"))
