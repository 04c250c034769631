"""Statements overlap, files come twice: each line of the bank stands here once, and sealed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from doorstep.apps.ledger.actions import account_for, import_statement, undo_match
from doorstep.apps.ledger.bank_verify import verify_bank
from doorstep.apps.ledger.models import BankLine, BankStatement, Journal, Match
from doorstep.apps.ledger.reconciling import arrivals_open, held, open_lines, said_of
from doorstep.apps.people.models import Account as Person
from doorstep.apps.record.models import Leaf, Wording
from doorstep.apps.refused import Refused
from tests.apps.ledger.statements import CAMT, EVERY, HIGH_STREET, OFX, OWN, bank_account
from tests.millbrook import ACTOR, place_with_money

CUPS = "Date,Amount,Description\n02/06/2026,-3.00,CAFE\n02/06/2026,-3.00,CAFE\n"


@pytest.fixture
def account(db):
    return bank_account(place_with_money())


def read_in(account, text: str):
    return import_statement(account, text.encode(), actor=ACTOR)


@pytest.mark.parametrize("name", EVERY)
def test_the_same_file_twice_adds_nothing(account, name):
    first = read_in(account, EVERY[name])
    leaves = Leaf.objects.count()
    second = read_in(account, EVERY[name])
    assert (first.again, second.again) == (False, True)
    assert second.statement == first.statement
    assert (BankLine.objects.count(), Leaf.objects.count()) == (3, leaves)
    assert list(verify_bank()) == []


def test_two_files_that_overlap_count_each_line_once(account):
    rows = HIGH_STREET.splitlines(keepends=True)
    read_in(account, "".join([rows[0], *rows[2:]]))
    later = read_in(account, "".join(rows[:3])).statement
    assert BankLine.objects.count() == 3
    assert (later.n_lines, later.n_known, later.out_pence) == (1, 1, 1_250)


def test_a_banks_own_reference_tells_a_line_whatever_its_words_become(account):
    read_in(account, OFX)
    read_in(account, OFX.replace("BANK FEE", "FEE FOR JUNE"))
    assert BankLine.objects.count() == 3


def test_two_lines_that_are_alike_are_two(account):
    read_in(account, CUPS)
    read_in(account, CUPS + "02/06/2026,-3.00,CAFE\n")
    assert BankLine.objects.count() == 3


def test_days_read_in_one_format_are_not_read_in_another(account):
    read_in(account, HIGH_STREET)
    with pytest.raises(Refused, match="in the format CSV already, up to 2026-06-11"):
        read_in(account, OFX)
    assert BankLine.objects.count() == 3


def test_another_accounts_file_is_refused(account):
    with pytest.raises(Refused, match="ending in 999, but “The host’s account"):
        read_in(account, CAMT.replace("12345678", "12345999"))
    assert not BankStatement.objects.exists()


def test_a_broken_line_leaves_nothing_behind(account):
    with pytest.raises(Refused, match="Line 4"):
        read_in(account, HIGH_STREET.replace("10000.00", "10.000,00"))
    assert not BankStatement.objects.exists()
    assert not BankLine.objects.exists()


def test_a_key_that_changed_still_knows_its_lines(account, settings):
    read_in(account, OWN)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-that-is-long-enough-for-anything"
    read_in(account, OWN + "\n")
    assert BankLine.objects.count() == 3
    line = BankLine.objects.order_by("pk")[1]
    assert said_of(line).who == "JAMES KITCHENS"


def test_who_and_what_for_are_readable_nowhere(account):
    read_in(account, OWN)
    for model in (BankLine, BankStatement, Leaf, Wording):
        for row in model.objects.values_list():
            said = " ".join(
                bytes(v).decode("utf-8", "replace") if isinstance(v, memoryview | bytes) else str(v)
                for v in row
            )
            assert "JAMES" not in said
            assert "INV 204" not in said
    assert len({len(line.sealed) for line in BankLine.objects.all()}) == 1


def test_the_closing_balance_meets_the_ledger(account):
    """£10,000 was given; £10,000 came and £1,812.50 went that no entry explains yet."""
    read_in(account, OWN)
    (one,) = held(account)
    assert (one.bank, one.ledger) == (818_750, 1_000_000)
    assert (one.not_ours_yet, one.not_theirs_yet) == (818_750, 1_000_000)
    assert one.unexplained == 0
    person = Person.objects.create_user("officer@example.org")
    [(share, pence)] = arrivals_open(account)
    line = BankLine.objects.get(pence=pence)
    account_for(line, kind="arrival", journal=share, by=person, actor=ACTOR)
    (one,) = held(account)
    assert (one.not_ours_yet, one.not_theirs_yet, one.unexplained) == (-181_250, 0, 0)
    assert arrivals_open(account) == []


def test_money_that_nothing_explains_is_found(account):
    read_in(account, OFX.replace("8187.50", "8287.50"))
    assert held(account)[0].unexplained == 10_000
    (finding,) = verify_bank()
    assert "£100" in finding.sentence


def test_a_match_is_undone_beside_and_done_again(account):
    read_in(account, OWN)
    person = Person.objects.create_user("officer@example.org")
    line = BankLine.objects.get(pence=1_000_000)
    entry = Journal.objects.get(kind="fund.allocated")
    first = account_for(line, kind="arrival", journal=entry, by=person, actor=ACTOR)
    assert account_for(line, kind="arrival", journal=entry, by=person, actor=ACTOR) == first
    with pytest.raises(Refused, match="accounted for already"):
        account_for(line, kind="mistake", reason="Not ours", by=person, actor=ACTOR)
    undone = undo_match(first, reason="The wrong one", actor=ACTOR)
    assert undo_match(first, reason="The wrong one", actor=ACTOR).undone_id == undone.undone_id
    assert line in open_lines([account])
    account_for(line, kind="arrival", journal=entry, by=person, actor=ACTOR)
    assert Match.objects.count() == 2
    assert list(verify_bank()) == []


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [("payment", "money out, and an arrival"), ("gift", "from the list"), ("charge", "Say in a")],
)
def test_what_does_not_fit_is_refused(account, kind, sentence):
    read_in(account, OWN)
    person = Person.objects.create_user("officer@example.org")
    entry = Journal.objects.get(kind="fund.allocated") if kind == "payment" else None
    with pytest.raises(Refused, match=sentence):
        account_for(
            BankLine.objects.get(pence=1_000_000), kind=kind, journal=entry, by=person, actor=ACTOR
        )


def test_another_sum_is_refused(account):
    read_in(account, OWN.replace("10000.00", "9999.00").replace(",8200.00", ",").replace(
        ",8187.50", ","))  # fmt: skip
    person = Person.objects.create_user("officer@example.org")
    line = BankLine.objects.get(pence=999_900)
    entry = Journal.objects.get(kind="fund.allocated")
    with pytest.raises(Refused, match="£9,999 and the entry £10,000"):
        account_for(line, kind="arrival", journal=entry, by=person, actor=ACTOR)


def test_thirty_two_at_one_moment_read_a_file_once(committed_db):
    account = bank_account(place_with_money())

    def one(_number: int) -> bool:
        try:
            return read_in(account, OWN).again
        finally:
            connection.close()

    with ThreadPoolExecutor(32) as pool:
        again = list(pool.map(one, range(32)))
    assert (again.count(False), BankLine.objects.count()) == (1, 3)


def test_thirty_two_at_one_moment_match_a_line_once(committed_db):
    account = bank_account(place_with_money())
    read_in(account, OWN)
    entry = Journal.objects.get(kind="fund.allocated")
    line = BankLine.objects.get(pence=1_000_000)
    people = [Person.objects.create_user(f"officer{n}@example.org") for n in range(32)]

    def one(number: int) -> str:
        kind, journal = ("arrival", entry) if number % 2 else ("mistake", None)
        try:
            match = account_for(
                line, kind=kind, journal=journal, reason="Not ours", by=people[number], actor=ACTOR
            )
            return str(match.pk)
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(32) as pool:
        said = list(pool.map(one, range(32)))
    assert Match.objects.count() == 1
    assert set(said) == {str(Match.objects.get().pk), "line-matched"}
