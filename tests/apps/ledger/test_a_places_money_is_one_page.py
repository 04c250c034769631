"""A place's money, its entries, one entry with its thread, and the same as a file."""

import csv
import gzip
import io
from datetime import date

import pytest

from doorstep.apps.ledger.actions import Line, open_account, post, reverse
from doorstep.apps.ledger.export import safe
from doorstep.apps.ledger.models import Transfer
from doorstep.apps.ledger.queries import balances, entries_of_fund, place_money
from doorstep.apps.places.models import Place
from doorstep.apps.record.actors import Actor

pytestmark = pytest.mark.django_db
CLERK, DAY = Actor("system", "test"), date(2026, 11, 22)
WORLD, AVAILABLE = "world:fund:match", "place:mill:available"


def move(debit, credit, pence, key, kind="fund.allocated", **more):
    return post(
        kind, [Line(debit, credit, pence)], idem_key=key, actor=CLERK, effective_on=DAY, **more
    )


def promise(award, pence):
    open_account(f"place:mill:committed:{award}", fund="fund", guard="credit_nonneg")
    return move(
        AVAILABLE, f"place:mill:committed:{award}", pence, f"award {award}", "award.committed"
    )


@pytest.fixture
def mill():
    place = Place.objects.create(
        slug="mill", name="Mill <End>", council="Alder", population=6000, population_year=2024,
        population_source="Census", boundary_year=2021,
    )  # fmt: skip
    open_account(WORLD, fund="fund", guard="none")
    open_account(AVAILABLE, fund="fund", guard="credit_nonneg")
    return place


def test_a_place_without_money_says_so(page, mill):
    assert "No entry yet" in page.get("/ledger/place/mill/").text
    page.get("/ledger/place/nowhere/", status=404)
    assert place_money("nowhere") is None


def test_the_picture_and_the_entries_agree(page, mill):
    move(WORLD, AVAILABLE, 500_000, "in")
    promise("kitchen", 180_050)
    wrong = promise("shed", 20_000)
    reverse(wrong, idem_key="back", actor=CLERK, reason="Counted twice")
    read = page.get("/ledger/place/mill/")
    assert {row[0].split()[0]: row[1] for row in read.table(0)[1:]} == {
        "Paid": "£0",
        "Promised": "£1,800.50",
        "Left": "£3,199.50",
        "Came": "£5,000",
    }
    assert [row[2] for row in read.table(1)[1:]] == ["£200", "£200", "£1,800.50", "£5,000 in"]
    assert "taken back by entry 4" in read.text
    assert "takes back entry 3" in read.text


def test_one_entry_shows_its_thread_and_its_leaf(page, mill):
    move(WORLD, AVAILABLE, 500_000, "in", memo="From the <match>")
    wrong = promise("shed", 20_000)
    reverse(wrong, idem_key="back", actor=CLERK, reason="Counted twice")
    read = page.get("/ledger/2/")
    assert "taken back by entry 3" in read.text
    assert read.table(0)[1] == [
        "Mill <End>: not yet decided",
        "Mill <End>: promised to shed",
        "£200",
    ]
    assert [row[0][:1] for row in read.table(1)[1:]] == ["3"]
    page.get("/ledger/" + read.links["See it"].removeprefix("/ledger/"))
    leaf = page.get(next(to for words, to in read.links.items() if words.startswith("Line ")))
    assert "Promised to an idea that was chosen: £200." in leaf.text
    assert "“From the <match>”" in page.get("/ledger/1/").text
    page.get("/ledger/99/", status=404)


def test_the_thread_follows_the_money_through_a_round(page, mill):
    round_pot = "place:mill:round:spring"
    open_account(round_pot, fund="fund", guard="credit_nonneg")
    move(WORLD, AVAILABLE, 500_000, "in")
    move(AVAILABLE, round_pot, 60_000, "aside", "round.set_aside")
    for award in ("kitchen", "shed"):
        code = f"place:mill:committed:{award}"
        open_account(code, fund="fund", guard="credit_nonneg")
        move(round_pot, code, 20_000, award, "award.committed")
    move(round_pot, AVAILABLE, 20_000, "rest", "round.returned")

    def thread(seq):
        return [row[0].split()[0] for row in page.get(f"/ledger/{seq}/").table(1)[1:]]

    assert thread(2) == ["3", "4", "5"]  # what the round's pot became
    assert thread(3) == ["2"]  # where the kitchen's money came from, not the shed's story
    assert "No other entry" in page.get("/ledger/1/").text


def test_example_money_stands_apart(page, mill):
    open_account("world:example", fund="example", guard="none")
    open_account("example:mill:available", fund="example", guard="credit_nonneg")
    move("world:example", "example:mill:available", 7_000, "try", "example.budget")
    assert "No money has reached this place" not in page.get("/ledger/place/mill/").text
    assert "£70" not in page.get("/ledger/place/mill/").text
    pretend = page.get("/ledger/place/mill/?money=example")
    assert "£70 in" in pretend.text
    assert "Pretend money" in pretend.text
    assert place_money("mill").came_in == 0
    assert balances([AVAILABLE, "example:mill:available", "x:y"]) == {
        AVAILABLE: 0,
        "example:mill:available": 7_000,
    }


@pytest.fixture
def many(mill):
    move(WORLD, AVAILABLE, 500_000, "in")
    for award in range(3):
        promise(f"a{award}", 1_000)
        lines = [Line(AVAILABLE, f"place:mill:committed:a{award}", 1)] * 90
        post("award.committed", lines, idem_key=f"many {award}", actor=CLERK, effective_on=DAY)
    return Transfer.objects.count()


def test_pages_cost_the_same_however_many_entries(page, many, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        first = page.get("/ledger/place/mill/")
    assert len(first.table(1)) == 201
    assert len(gzip.compress(first.html.encode())) < 30_000
    older = page.get("/ledger/place/mill/" + first.links["Older"])
    assert len(first.table(1)) + len(older.table(0)) - 2 == many
    with django_assert_max_num_queries(8):
        page.get("/ledger/2/")
    assert len(entries_of_fund("fund", limit=500)) == many


def test_the_file_holds_every_entry_and_runs_nothing(page, many):
    answer = page.client.get("/ledger/place/mill/entries.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert [int(row["transfer"]) for row in rows] == list(range(1, many + 1))
    assert rows[0]["direction"] == "in"
    assert {row["direction"] for row in rows[1:]} == {"within"}
    assert sum(int(row["pence"]) for row in rows if row["direction"] == "in") == 500_000
    assert all(int(row["pence"]) > 0 for row in rows)
    assert not any(cell[:1] in {"=", "+", "-", "@"} for row in rows for cell in row.values())
    assert page.client.get("/ledger/place/nowhere/entries.csv").status_code == 404


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_would_run_is_made_text(cell):
    assert safe(cell) == "'" + cell
