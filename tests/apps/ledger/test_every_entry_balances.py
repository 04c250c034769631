"""An entry moves whole pence from one account to another: all its lines or none, and once."""

import json
from datetime import date, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from doorstep.apps.ledger.actions import Line, open_account, post, reverse
from doorstep.apps.ledger.models import AccountBalance, Journal, Transfer
from doorstep.apps.ledger.queries import entry_lines
from doorstep.apps.record.actions import erase_words
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf, Wording
from doorstep.apps.refused import Refused

CLERK, DAY = Actor("system", "test"), date(2026, 11, 22)
WORLD, POT, MILL = "world:fund:dormant:bank", "fund:pot", "place:mill:available"


def accounts():
    for code in (WORLD, POT, MILL):
        open_account(code, fund="fund", guard="none" if code == WORLD else "credit_nonneg")


@pytest.fixture
def ledger(db):
    accounts()


def move(debit, credit, pence, key, **more):
    given = {"actor": CLERK, "effective_on": DAY} | more
    return post("fund.test", [Line(debit, credit, pence)], idem_key=key, **given)


def held(code):
    return AccountBalance.objects.get(account__code=code).held


def nothing_happened():
    return not (Journal.objects.exists() or Transfer.objects.exists())


def test_money_moves_and_the_leaf_says_every_line(ledger):
    entry = move(WORLD, POT, 1_000, "in", memo="Forgotten accounts")
    assert (entry.seq, held(POT), held(WORLD)) == (1, 1_000, -1_000)
    body = json.loads(bytes(Leaf.objects.get(journal_seq=1).body))
    assert body["lines"] == [[WORLD, POT, 1_000]]
    assert (body["seq"], body["entry"], body["effective_on"]) == (1, "fund.test", "2026-11-22")
    assert body["memo"] == Wording.objects.get(text="Forgotten accounts").commitment
    assert "Forgotten" not in str(body)


def test_overspend_is_refused_with_a_sentence(ledger):
    move(WORLD, POT, 1_000, "in")
    with pytest.raises(
        Refused, match=r"£10\.01 was asked of “The fund’s pot”, but only £10 is left"
    ) as no:
        move(POT, MILL, 1_001, "out")
    assert no.value.code == "overspend"
    assert (held(POT), Journal.objects.count()) == (1_000, 1)


def test_lines_happen_in_order_all_or_none(ledger):
    through = [Line(WORLD, POT, 500), Line(POT, MILL, 500)]
    post("fund.test", through, idem_key="a", actor=CLERK, effective_on=DAY)
    assert (held(POT), held(MILL)) == (0, 500)
    with pytest.raises(Refused, match="only £0 is left"):
        post("fund.test", through[::-1], idem_key="b", actor=CLERK, effective_on=DAY)
    assert (held(POT), held(MILL), Transfer.objects.count()) == (0, 500, 2)


@pytest.mark.parametrize("pence", [0.6, 1.0, True, "100", None, float("nan"), 1 + 0j])
def test_anything_but_a_whole_number_of_pence_is_refused_before_sql(
    ledger, pence, django_assert_num_queries
):
    with django_assert_num_queries(0), pytest.raises(Refused, match="whole number of pence"):
        move(WORLD, POT, pence, "in")


@pytest.mark.parametrize("pence", [0, -1, 10**13 + 1])
def test_an_amount_out_of_range_is_refused(ledger, pence):
    with pytest.raises(Refused, match="between 1p and £100,000,000,000"):
        move(WORLD, POT, pence, "in")
    assert nothing_happened()


def test_the_largest_amount_is_kept_exactly(ledger):
    move(WORLD, POT, 10**13, "in")
    assert held(POT) == 10**13


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"debit": POT, "credit": POT}, "to itself"),
        ({"credit": "fund:nowhere"}, "no account fund:nowhere"),
        ({"key": ""}, "1 to 200 characters"),
        ({"key": "x" * 201}, "1 to 200 characters"),
        ({"effective_on": datetime(2026, 11, 22)}, "give a date"),  # noqa: DTZ001
        ({"effective_on": "2026-11-22"}, "give a date"),
    ],
)
def test_an_entry_that_makes_no_sense_is_refused(ledger, changed, said):
    asked = {"debit": WORLD, "credit": POT, "pence": 100, "key": "in"} | changed
    with pytest.raises(Refused, match=said):
        move(**asked)
    assert nothing_happened()


def test_an_entry_has_one_to_five_hundred_lines(ledger):
    for lines in ([], [Line(WORLD, POT, 1)] * 501):
        with pytest.raises(Refused, match="1 to 500 lines"):
            post("fund.test", lines, idem_key="in", actor=CLERK, effective_on=DAY)
    entry = post(
        "fund.test", [Line(WORLD, POT, 1)] * 500, idem_key="in", actor=CLERK, effective_on=DAY
    )
    assert (held(POT), len(entry_lines(entry))) == (500, 500)


@pytest.mark.parametrize(
    ("code", "fund", "guard", "said"),
    [
        (POT, "fund", "credit_nonneg", "open already"),
        ("Fund:Pot", "fund", "credit_nonneg", "cannot name an account"),
        ("pot", "fund", "credit_nonneg", "cannot name an account"),
        ("fund:" + "x" * 120, "fund", "credit_nonneg", "cannot name an account"),
        ("fund:new", "The Fund", "credit_nonneg", "cannot name a fund"),
        ("fund:new", "fund", "maybe", "is no guard"),
        ("fund:new", "fund", "none", "below nothing"),
        ("world:new", "fund", "credit_nonneg", "outside world"),
    ],
)
@pytest.mark.usefixtures("ledger")
def test_an_account_that_makes_no_sense_is_refused(code, fund, guard, said):
    before = Leaf.objects.count()
    with pytest.raises(Refused, match=said):
        open_account(code, fund=fund, guard=guard)
    assert Leaf.objects.count() == before


def test_money_never_moves_between_funds(ledger):
    open_account("example:mill:available", fund="example", guard="credit_nonneg")
    move(WORLD, POT, 1_000, "in")
    with pytest.raises(Refused, match="never moves between two funds"):
        move(POT, "example:mill:available", 1, "out")


def test_the_same_request_gives_the_first_entry_back(ledger):
    first = move(WORLD, POT, 1_000, "in", memo="Once")
    leaves = Leaf.objects.count()
    assert move(WORLD, POT, 1_000, "in", memo="Once", actor=Actor("person", 7)) == first
    assert (held(POT), Leaf.objects.count()) == (1_000, leaves)
    erase_words(first.memo, actor=CLERK, reason="Asked for")
    assert move(WORLD, POT, 1_000, "in", memo="Once") == first


@pytest.mark.parametrize(
    "changed",
    [{"pence": 999}, {"credit": MILL}, {"memo": "Other"}, {"effective_on": date(2026, 11, 23)}],
)
def test_the_same_key_for_another_request_is_refused(ledger, changed):
    asked = {"debit": WORLD, "credit": POT, "pence": 1_000, "key": "in", "memo": "Once"}
    move(**asked)
    with pytest.raises(Refused, match="already for another entry") as no:
        move(**asked | changed)
    assert no.value.code == "key-reused"
    assert held(POT) == 1_000


def test_a_reversal_stands_beside_its_original_once(ledger):
    lines = [Line(WORLD, POT, 500), Line(POT, MILL, 500)]
    entry = post("fund.test", lines, idem_key="in", actor=CLERK, effective_on=DAY)
    back = reverse(entry, idem_key="back", actor=CLERK, reason="Sent twice")
    assert entry_lines(back) == [(MILL, POT, 500), (POT, WORLD, 500)]
    assert reverse(entry, idem_key="back", actor=CLERK, reason="Sent twice") == back
    assert (held(POT), held(MILL)) == (0, 0)
    with pytest.raises(Refused, match="reversed already, by entry 2"):
        reverse(entry, idem_key="again", actor=CLERK, reason="Sent twice")
    with pytest.raises(Refused, match="itself a reversal"):
        reverse(back, idem_key="again", actor=CLERK, reason="Sent twice")


def test_what_was_spent_since_cannot_be_taken_back(ledger):
    entry = move(WORLD, POT, 1_000, "in")
    move(POT, MILL, 1_000, "out")
    with pytest.raises(Refused, match="only £0 is left"):
        reverse(entry, idem_key="back", actor=CLERK, reason="Sent twice")


@pytest.mark.usefixtures("committed_db")
def test_an_action_stands_alone_or_within_a_larger_one():
    accounts()
    move(WORLD, POT, 1_000, "alone")
    with transaction.atomic():
        move(POT, MILL, 100, "within")
        with pytest.raises(Refused):
            move(POT, MILL, 10_000, "too much")
        move(POT, MILL, 200, "after a refusal")
    with transaction.atomic():
        move(POT, MILL, 300, "undone")
        transaction.set_rollback(True)
    connection.close()
    assert (held(POT), held(MILL), Journal.objects.count()) == (700, 300, 3)


@pytest.mark.usefixtures("committed_db")
@pytest.mark.parametrize(
    ("seal", "table"),
    [
        ("ledger_transfer_moves_balances", "ledger_transfer"),
        ("record_leaf_next", "record_leaf"),
    ],
)
def test_without_its_seals_the_ledger_writes_nothing(seal, table):
    accounts()
    with connection.cursor() as cursor:
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {seal}{on}")
    with pytest.raises(Refused, match="not in place"):
        move(WORLD, POT, 1_000, "in")
    assert nothing_happened()
    assert Leaf.objects.count() == 3


def test_posting_costs_the_same_however_long_the_history(ledger):
    move(WORLD, POT, 1, "first")
    with CaptureQueriesContext(connection) as early:
        move(WORLD, POT, 1, "second")
    for number in range(40):
        move(WORLD, POT, 1, f"between {number}")
    with CaptureQueriesContext(connection) as late:
        move(WORLD, POT, 1, "last")
    assert len(early) == len(late) <= 13
