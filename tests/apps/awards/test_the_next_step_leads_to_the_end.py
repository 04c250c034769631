"""Whoever opens an award's money is led to its next step, from the agreement to the end."""

import pytest
import time_machine

from doorstep.apps.awards.actions.payments import clear_payment, raise_payment, release_payment
from doorstep.apps.awards.actions.reports import (
    hand_in_receipt,
    show_receipt,
    show_result,
    tell_result,
)
from doorstep.apps.awards.models import Award, Payment
from doorstep.apps.awards.queries import worklist
from doorstep.apps.awards.queries.reports import story_of
from tests.apps.awards.scene import (
    LATER,
    Scene,
    agreed,
    approved,
    asked,
    awarded,
    called,
    details,
    scene,
)
from tests.apps.files.making import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Scene:
    with time_machine.travel("2026-06-08 10:00Z", tick=True):
        yield scene()


def pay(told: Scene, payment: Payment) -> Payment:
    payment = release_payment(approved(told, payment), on=LATER, actor=told.acting("clerk"))
    return clear_payment(payment, bank_line=1, on=LATER, actor=told.acting("finance"))


def next_step(award: Award) -> str:
    return worklist.of_award(Award.objects.get(pk=award.pk), LATER).next.words


def test_the_next_step_leads_from_the_agreement_to_the_end(told):
    award = awarded(told, 180_000)
    assert "Write the agreement" in next_step(award)
    agreed(told, award)
    assert next_step(award) == "Take down the bank details"
    called(told, details(told))
    assert next_step(award) == "Ask for a payment"
    payment = asked(told, award, 180_000)
    assert next_step(award) == "See its payment through"
    assert not worklist.of_award(award, LATER).can_ask
    payment = pay(told, payment)
    assert next_step(award) == "Receipts for £1,800 are handed in."
    receipt = hand_in_receipt(payment, photo(), pence=180_000, actor=told.acting("worker"))
    assert next_step(award) == "Whoever did it tells what happened, in their own words."
    show_receipt(receipt, actor=told.acting("secretary"))
    note = tell_result(award, outcome="happened", words="Soup.", actor=told.acting("worker"))
    assert "Somebody looks at what was handed in" in next_step(award)
    show_result(note, with_photo=False, actor=told.acting("secretary"))
    assert next_step(award) == "Close it: it is paid, shown and told"


def test_a_part_that_is_not_due_is_not_asked_for(told):
    award = awarded(told, 180_000)
    agreed(told, award, instalments=[(100_000, LATER), (80_000, LATER.replace(year=2027))])
    called(told, details(told))
    work = worklist.of_award(award, LATER)
    assert work.next.words == "Ask for a payment"
    raise_payment(
        award, invoice="1", pence=100_000, instalment=work.instalments[0][0], on=LATER,
        actor=told.acting("secretary"),
    )  # fmt: skip
    assert next_step(award) == "Part 2 can be asked for from 8 June 2027"


def test_what_is_left_after_a_payment_is_asked_for_or_goes_back(told):
    award = awarded(told, 180_000)
    agreed(told, award)
    called(told, details(told))
    pay(told, asked(told, award, 100_000))
    assert next_step(award) == "Ask for a payment"
    steps = [step.words for step in story_of(award, LATER).next]
    assert "The rest, £800, is asked for, or goes back to the place." in steps
