"""32 people at one moment: nothing is overspent, nothing is sent twice, nothing is lost."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection

from doorstep.apps.awards.actions.files import make_payment_file
from doorstep.apps.awards.actions.payments import (
    clear_payment,
    decide_payment,
    raise_payment,
    release_payment,
)
from doorstep.apps.awards.models import Approval, Payment, PaymentFile, PaymentFileLine
from doorstep.apps.awards.queries.payments import free_pence
from doorstep.apps.awards.verify_payments import verify_payments
from doorstep.apps.ledger.queries import balances, place_money
from doorstep.apps.ledger.verify import verify_ledger
from doorstep.apps.record.verify import verify_record
from doorstep.apps.refused import Refused
from tests.apps.awards.scene import LATER, Scene, agreed, approved, awarded, called, details, scene

CLIENTS = 32


@pytest.fixture
def told(committed_db) -> Scene:
    made = scene()
    connection.close()
    return made


def at_once(work: Callable[[int], object]) -> Counter:
    """Run work(number) in 32 threads that start together; count what each came to."""
    start, came_to = threading.Barrier(CLIENTS), []

    def run(number: int) -> None:
        try:
            start.wait(60)
            came_to.append(work(number))
        except Refused as refused:
            came_to.append(refused.code)
        except Exception as error:
            came_to.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(180)
    return Counter(came_to)


def test_an_award_is_never_overspent(told):
    award = awarded(told, 100_000)
    agreed(told, award)
    called(told, details(told))
    asker = told.acting("secretary")
    came = at_once(
        lambda n: bool(raise_payment(award, invoice=f"I{n}", pence=9_000, on=LATER, actor=asker))
    )
    assert came == {True: 11, "overspend": 21}
    assert free_pence(award) == 1_000
    finance = told.acting("finance")
    for payment in Payment.objects.all():
        approved(told, payment)
        release_payment(payment, on=LATER, actor=finance)
    assert place_money("millbrook-east").on_its_way == 99_000
    assert [*verify_record(), *verify_ledger(), *verify_payments()] == []


def test_one_bill_asked_for_by_everybody_is_one_payment(told):
    award = awarded(told, 100_000)
    agreed(told, award)
    called(told, details(told))
    asker = told.acting("secretary")
    came = at_once(
        lambda n: raise_payment(award, invoice="42", pence=9_000, on=LATER, actor=asker).slug
    )
    assert came == {"kitchen-p1": CLIENTS}
    assert Payment.objects.count() == 1


def test_a_payment_released_by_everybody_goes_once_into_one_file_and_is_paid_once(told):
    award = awarded(told, 100_000)
    agreed(told, award)
    called(told, details(told))
    payment = raise_payment(
        award, invoice="1", pence=60_000, on=LATER, actor=told.acting("secretary")
    )
    finance = told.acting("finance")
    came = at_once(
        lambda n: bool(decide_payment(payment, declared="none", on=LATER, actor=finance))
    )
    assert came == {True: CLIENTS}
    assert Approval.objects.count() == 1
    came = at_once(lambda n: release_payment(payment, on=LATER, actor=finance).state)
    assert came == {"released": CLIENTS}
    came = at_once(lambda n: bool(make_payment_file(told.place, on=LATER, actor=finance)))
    assert came == {True: 1, "no_payments": CLIENTS - 1}
    assert (PaymentFile.objects.count(), PaymentFileLine.objects.count()) == (1, 1)
    # Each finds another line of the statement for it.
    came = at_once(lambda n: bool(clear_payment(payment, bank_line=n + 1, actor=finance)))
    assert came == {True: 1, "payment_state": CLIENTS - 1}
    assert balances(["place:millbrook-east:in_transit:kitchen-p1"]) == {
        "place:millbrook-east:in_transit:kitchen-p1": 0
    }
    assert place_money("millbrook-east").paid == 60_000
    assert [*verify_record(), *verify_ledger(), *verify_payments()] == []
