"""A line of the bank meets the payment it shows, once, and by somebody who did not send it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection

from doorstep.apps.awards.actions.matching import came_back, confirm_payment, take_back_match
from doorstep.apps.awards.actions.payments import release_payment
from doorstep.apps.awards.matching import Waiting, suggestions
from doorstep.apps.awards.models import Award, Payment
from doorstep.apps.awards.queries.matching import opened
from doorstep.apps.awards.verify import verify_awards
from doorstep.apps.awards.verify_payments import verify_payments
from doorstep.apps.ledger.actions import import_statement
from doorstep.apps.ledger.bank_verify import verify_bank
from doorstep.apps.ledger.models import Account, BankLine, Journal, Match
from doorstep.apps.ledger.queries import balances, place_money
from doorstep.apps.ledger.reconciling import held, open_lines
from doorstep.apps.ledger.verify import verify_ledger
from doorstep.apps.refused import Refused
from tests.apps.awards.scene import LATER, agreed, approved, asked, awarded, ready, scene
from tests.apps.ledger.statements import bank_account
from tests.millbrook import ACTOR

FILE = """date,amount,who,reference,bank reference
2026-06-02,50000.00,ALDERDALE FUND,SHARE 1,A1
2026-06-09,-1800.00,ST ANNES HALL,INV 0001,A2
2026-06-10,-1800.00,SOMEBODY ELSE,,A3
2026-06-07,-1800.00,ST ANNES HALL,INV 1,A4
"""


@pytest.fixture
def told(db):
    return scene()


def sent(told) -> Payment:
    _award, payment = ready(told)
    approved(told, payment)
    return release_payment(payment, on=LATER, actor=told.acting("finance"))


def lines_of(told, text: str = FILE) -> dict[str, BankLine]:
    account = bank_account(told.place)
    import_statement(account, text.encode(), actor=ACTOR)
    rows = BankLine.objects.order_by("number")
    return dict(zip(["share", "right", "other", "early"], rows, strict=False))


def everything_verified() -> bool:
    checks = (verify_bank, verify_ledger, verify_awards, verify_payments)
    return [str(finding) for check in checks for finding in check()] == []


def test_the_likeliest_payment_comes_first_with_its_reasons(told):
    payment = sent(told)
    lines = lines_of(told)
    right, other = opened(lines["right"].account, [lines["right"], lines["other"]])
    assert right.suggestions[0].waiting.slug == payment.slug
    assert right.suggestions[0].reasons == (
        "The sum is the same.",
        "The bank’s reference names the invoice.",
        "The name is the payee’s.",
        "It was booked 1 day after the payment was sent.",
    )
    assert other.suggestions[0].points < right.suggestions[0].points
    (share,) = opened(lines["right"].account, [lines["share"]])
    assert [pence for _entry, pence in share.arrivals] == [5_000_000]


def test_a_line_from_before_the_payment_is_never_suggested_nor_confirmed(told):
    payment = sent(told)
    early = lines_of(told)["early"]
    (shown,) = opened(early.account, [early])
    assert shown.suggestions == []
    with pytest.raises(Refused, match="before the payment was sent"):
        confirm_payment(early, payment, actor=told.acting("clerk"))


def test_another_sum_is_never_suggested():
    one = Waiting(1, "kitchen-p1", 180_000, date(2026, 6, 8), 7, "INV1", "St Anne’s Hall")
    assert suggestions(-180_001, date(2026, 6, 9), "ST ANNES", "INV 1", [one], 10) == []
    assert suggestions(180_000, date(2026, 6, 9), "ST ANNES", "INV 1", [one], 10) == []


def test_confirming_it_pays_it_and_says_so_everywhere(told):
    payment = sent(told)
    line = lines_of(told)["right"]
    match = confirm_payment(line, payment, actor=told.acting("clerk"))
    payment.refresh_from_db()
    assert (payment.state, payment.bank_line) == ("cleared", line.pk)
    assert match.journal == payment.clear_entry
    assert payment.clear_entry.effective_on == line.booked_on
    assert balances([f"place:millbrook-east:in_transit:{payment.slug}"]) == {
        f"place:millbrook-east:in_transit:{payment.slug}": 0
    }
    assert confirm_payment(line, payment, actor=told.acting("clerk")) == match
    assert line not in open_lines([line.account])
    assert everything_verified()


def test_whoever_sent_it_does_not_confirm_it(told):
    payment = sent(told)
    with pytest.raises(Refused, match="You sent this payment"):
        confirm_payment(lines_of(told)["right"], payment, actor=told.acting("finance"))
    assert not Match.objects.exists()


def test_one_line_never_pays_two_payments(told):
    _award, first = ready(told, 360_000)
    approved(told, first)
    release_payment(first, on=LATER, actor=told.acting("finance"))
    line = lines_of(told, FILE.replace("-1800.00", "-3600.00"))["right"]
    confirm_payment(line, first, actor=told.acting("clerk"))
    other = lines_of(told, FILE.replace("-1800.00", "-3600.00"))["other"]
    with pytest.raises(Refused, match="already"):
        confirm_payment(other, first, actor=told.acting("clerk"))
    assert Match.objects.count() == 1


def test_a_wrong_match_is_taken_back_beside_and_the_right_one_confirmed(told):
    payment = sent(told)
    lines = lines_of(told)
    wrong = confirm_payment(lines["other"], payment, actor=told.acting("clerk"))
    take_back_match(wrong, reason="That was the window cleaner", actor=told.acting("clerk"))
    payment.refresh_from_db()
    assert (payment.state, payment.bank_line, payment.clear_entry) == ("released", None, None)
    original = Journal.objects.get(pk=wrong.journal_id)
    assert original.reversal.kind == "ledger.reversal"
    take_back_match(wrong, reason="That was the window cleaner", actor=told.acting("clerk"))
    right = confirm_payment(lines["right"], payment, actor=told.acting("clerk"))
    assert right.journal_id != wrong.journal_id
    assert everything_verified()
    take_back_match(right, reason="No, the first", actor=told.acting("clerk"))
    again = confirm_payment(lines["other"], payment, actor=told.acting("clerk"))
    assert again.journal.reverses is None
    assert Match.objects.filter(undone=None).count() == 1
    assert everything_verified()


def test_money_that_came_back_is_the_places_again(told):
    payment = sent(told)
    lines = lines_of(told, FILE + "2026-06-12,1800.00,ST ANNES HALL,RETURNED,A5\n")
    confirm_payment(lines["right"], payment, actor=told.acting("clerk"))
    back = BankLine.objects.get(pence=180_000)
    (shown,) = opened(back.account, [back])
    assert shown.returned == [Payment.objects.get(pk=payment.pk)]
    came_back(back, payment, actor=told.acting("clerk"))
    assert place_money("millbrook-east").left == 5_000_000
    assert held(back.account) == []
    assert everything_verified()


def test_thirty_two_at_one_moment_pay_it_once(committed_db):
    told = scene()
    payment = sent(told)
    lines = lines_of(told)
    actor = told.acting("clerk")

    def one(number: int) -> str:
        try:
            line = lines["right"] if number % 2 else lines["other"]
            return str(confirm_payment(line, payment, actor=actor).pk)
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(32) as pool:
        said = list(pool.map(one, range(32)))
    assert Match.objects.count() == 1
    assert Journal.objects.filter(kind="payment.cleared").count() == 1
    assert said.count(str(Match.objects.get().pk)) == 16
    assert everything_verified()


RETURNS = FILE + "2026-06-12,1800.00,ST ANNES HALL,RETURNED,A5\n"


def test_undoing_a_return_takes_its_money_from_the_place_again(told):
    payment = sent(told)
    lines = lines_of(told, RETURNS)
    confirm_payment(lines["right"], payment, actor=told.acting("clerk"))
    back = BankLine.objects.get(pence=180_000)
    for time in (1, 2):
        match = came_back(back, payment, actor=told.acting("clerk"))
        assert came_back(back, payment, actor=told.acting("clerk")) == match
        assert place_money("millbrook-east").left == 5_000_000
        take_back_match(match, reason="A gift of the same sum", actor=told.acting("clerk"))
        assert place_money("millbrook-east").left == 4_820_000
        assert Journal.objects.filter(kind="payment.came_back").count() == time
        assert everything_verified()


def test_one_return_of_the_bank_is_the_return_of_one_payment(told):
    """Said of one payment, undone and said of another, the money is there once."""
    award, first = ready(told, 180_000)
    approved(told, first)
    release_payment(first, on=LATER, actor=told.acting("finance"))
    other_award = awarded(told, 180_000, "roof")
    agreed(told, other_award)
    second = approved(told, asked(told, other_award, 180_000, "INV-2"))
    release_payment(second, on=LATER, actor=told.acting("finance"))
    lines = lines_of(told, RETURNS)
    confirm_payment(lines["right"], first, actor=told.acting("clerk"))
    confirm_payment(lines["other"], second, actor=told.acting("clerk"))
    back = BankLine.objects.get(pence=180_000)
    wrong = came_back(back, first, actor=told.acting("clerk"))
    with pytest.raises(Refused, match="accounted for already"):
        came_back(back, second, actor=told.acting("clerk"))
    take_back_match(wrong, reason="The other one", actor=told.acting("clerk"))
    came_back(back, second, actor=told.acting("clerk"))
    paid = [f"world:{fund_of(one)}:paid:millbrook-east:{one.slug}" for one in (award, other_award)]
    assert sorted(abs(pence) for pence in balances(paid).values()) == [0, 180_000]
    assert place_money("millbrook-east").left == 4_820_000
    assert everything_verified()


def fund_of(award: Award) -> str:
    return Account.objects.get(code=f"place:millbrook-east:committed:{award.slug}").fund


def test_a_clearing_stays_while_its_money_came_back(told):
    payment = sent(told)
    lines = lines_of(told, RETURNS)
    cleared = confirm_payment(lines["right"], payment, actor=told.acting("clerk"))
    match = came_back(BankLine.objects.get(pence=180_000), payment, actor=told.acting("clerk"))
    with pytest.raises(Refused, match="came back, so it was paid"):
        take_back_match(cleared, reason="Wrong", actor=told.acting("clerk"))
    take_back_match(match, reason="A gift", actor=told.acting("clerk"))
    take_back_match(cleared, reason="Wrong", actor=told.acting("clerk"))
    money = place_money("millbrook-east")
    assert (money.on_its_way, money.paid, money.left) == (180_000, 0, 4_820_000)
    assert everything_verified()
