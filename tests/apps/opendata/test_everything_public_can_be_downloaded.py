"""The read API: whatever is public can be taken away, in order, and nothing else can."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from jsonschema import Draft202012Validator, FormatChecker

from bench.torture.api import ask
from doorstep.apps.opendata.api import document, operations
from doorstep.apps.opendata.listing import MOST, PIECE
from doorstep.apps.people.models import Account
from doorstep.apps.record.actions import write_leaf
from tests.apps.opendata import house as houses
from tests.apps.opendata.house import SECRET, addresses, body_of, lists, rows
from tests.apps.people.signing_in import sign_in
from tests.pages import PageClient

ROOT = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("house")
    with django_db_blocker.unblock(), houses.furnished(folder) as told:
        yield told


@pytest.fixture(autouse=True)
def _furnished(house) -> None:
    """Every test here looks into the same house."""


def shape_of(operation: dict[str, Any], status: str) -> dict[str, Any]:
    (content,) = operation["responses"][status]["content"].values()
    return {**content["schema"], "components": document()["components"]}


def fits(value: object, schema: dict[str, Any]) -> None:
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(value)


def test_every_address_answers_what_its_description_says(client):
    for path, operation in operations():
        address = path.format(**houses.IDS)
        answer = client.get(address)
        assert answer.status_code == 200, address
        (kind,) = operation["responses"]["200" if "200" in operation["responses"] else 200][
            "content"
        ]
        assert answer["Content-Type"].startswith(kind), address
        if kind == "application/json":
            fits(json.loads(answer.content), shape_of(json.loads(json.dumps(operation)), "200"))


def test_every_list_has_something_in_it_here(client):
    assert {address for address in lists() if not list(rows(client, address))} == set()


def test_the_whole_list_comes_in_pages_of_any_size_each_row_once_and_in_order(client):
    for address in lists():
        whole = list(rows(client, f"{address}?limit={MOST}"))
        assert list(rows(client, f"{address}?limit=1")) == whole, address
        places = [row["sequence"] for row in whole]
        assert places == sorted(set(places)), address


def test_whoever_goes_on_where_they_ended_gets_what_came_since_and_nothing_twice(client):
    before = json.loads(client.get("/api/v1/leaves?limit=3").content)
    write_leaf("test.happened", {})
    after = json.loads(client.get(before["next"]).content)
    assert after["items"][0]["sequence"] == before["items"][-1]["sequence"] + 1


def test_the_next_page_stands_in_the_link_header_too(client):
    answer = client.get("/api/v1/leaves?limit=3")
    onward = json.loads(answer.content)["next"]
    assert answer["Link"] == f'<{onward}>; rel="next"'
    assert "Link" not in client.get(f"/api/v1/leaves?limit={MOST}")


def test_csv_holds_the_same_rows_as_json(client):
    for address in lists():
        read = list(csv.reader(io.StringIO(body_of(client, f"{address}.csv").decode())))
        told = list(rows(client, address))
        assert read[0] == list(told[0]), address
        assert [line[0] for line in read[1:]] == [str(row["sequence"]) for row in told], address
        assert len({len(line) for line in read}) == 1, address


def test_a_long_list_is_sent_in_pieces_and_whole(client, monkeypatch):
    whole = body_of(client, "/api/v1/leaves.csv")
    monkeypatch.setattr("doorstep.apps.opendata.listing.PIECE", 7)
    answer = client.get("/api/v1/leaves.csv?start=0")
    assert answer.streaming
    assert b"".join(answer) == whole
    assert client.head("/api/v1/leaves.csv?start=0").status_code == 200
    assert PIECE > MOST


def test_no_cell_is_a_formula_and_no_amount_is_negative(client):
    for address in lists():
        for line in csv.reader(io.StringIO(body_of(client, f"{address}.csv").decode())):
            assert not [cell for cell in line if cell.startswith(("=", "+", "-", "@"))]
        for row in rows(client, address):
            sums = [value for name, value in row.items() if name.endswith("pence")]
            assert all(type(pence) is int and pence >= 0 for pence in sums), row


def test_a_title_that_would_run_in_a_spreadsheet_is_only_text(client, house):
    houses.awarded(house, 1_000, "runs")
    from doorstep.apps.awards.models import Award

    award = Award.objects.get(slug="runs")
    award.place.name = "=1+1"
    award.place.save()
    text = body_of(client, "/api/v1/places.csv").decode()
    assert ",'=1+1," in text


def test_balances_add_up_to_nothing_and_entries_to_balances(client):
    accounts = list(rows(client, "/api/v1/accounts"))
    held = {
        row["account"]: row["balance_pence"] * (1 if row["direction"] == "credit" else -1)
        for row in accounts
    }
    assert sum(held.values()) == 0
    for row in rows(client, "/api/v1/entries"):
        held[row["to_account"]] -= row["pence"]
        held[row["from_account"]] += row["pence"]
    assert set(held.values()) == {0}


def test_money_by_place_is_what_each_place_says(client):
    for row in rows(client, "/api/v1/money"):
        told = json.loads(client.get(f"/api/v1/places/{row['place']}").content)
        assert told["money"] == {name: row[name] for name in told["money"]}


def test_a_filter_leaves_out_the_others_and_only_them(client):
    for address in ("entries", "accounts", "awards", "rounds", "results", "payments", "need"):
        whole = list(rows(client, f"/api/v1/{address}"))
        mine = list(rows(client, f"/api/v1/{address}?place=millbrook-east"))
        assert 0 < len(mine) <= len(whole), address
        assert not list(rows(client, f"/api/v1/{address}?place=nowhere")), address
    assert {row["award"] for row in rows(client, "/api/v1/receipts?award=kitchen")} == {"kitchen"}


def test_nothing_says_who_anybody_is(client):
    """Whatever the house keeps of people stands nowhere: not in a row, a file, or a proof."""
    kept = [SECRET, *Account.objects.values_list("email", flat=True)]
    kept += [email.split("@")[0] + "@" for email in kept[1:]]
    kept += ["12345678", "010203", "01-02-03", "N Neighbour", "St Anne's Hall"]
    every = set(addresses())
    for award in rows(client, "/api/v1/awards"):
        every |= set(addresses(award=award["award"]))
    for round_ in rows(client, "/api/v1/rounds"):
        every |= set(addresses(round=round_["round"]))
    for leaf in rows(client, "/api/v1/leaves"):
        every.add(f"/api/v1/leaves/{leaf['leaf']}")
    for address in every:
        if client.get(address).status_code == 404:  # a round without a result
            continue
        text = body_of(client, address).decode().lower()
        assert [one for one in kept if one.lower() in text] == [], address
    assert len(every) > 100


def test_erased_and_hidden_words_are_null(client):
    (shed,) = (row for row in rows(client, "/api/v1/awards") if row["award"] == "shed")
    assert shed["title"] is None
    shown = []
    for row in rows(client, "/api/v1/leaves?about=idea"):
        leaf = json.loads(client.get(f"/api/v1/leaves/{row['leaf']}").content)
        shown += [(row["kind"], words["text"]) for words in leaf["words"]]
    assert ("idea.proposed", "A new kitchen") in shown
    assert {text for kind, text in shown if kind == "idea.hidden"} == {"Rude."}


def test_a_person_who_is_paid_back_is_a_payee_without_a_name(client):
    told = json.loads(client.get("/api/v1/awards/paint").content)
    assert told["payee"] is None
    assert [payment["payee"] for payment in told["payments"]] == [None]


def test_ballots_are_only_where_every_ballot_is_public(client):
    assert client.get("/api/v1/rounds/round-one/ballots.pb").content.startswith(b"META")
    assert client.get("/api/v1/rounds/room-done/ballots.pb").status_code == 404
    told = json.loads(client.get("/api/v1/rounds/room-done/result").content)
    assert (told["published"], told["ballots"], told["command"]) == ("totals", None, None)


def test_a_page_costs_the_same_statements_however_long_it_is(client, uncounted):
    for address in lists():
        longest, taken = len(list(rows(client, address))), []
        for limit in (max(longest - 1, 1), MOST):
            client.get("/healthz")  # the connection's own first statements are no part of a page
            with CaptureQueriesContext(connection) as statements:
                client.get(f"{address}?limit={limit}&start=0")
            taken.append(len(statements))
        assert taken[0] == taken[1] <= 16, address


def test_an_unchanged_answer_is_kept_and_costs_one_statement(client):
    first = client.get("/api/v1/awards?limit=2")
    with CaptureQueriesContext(connection) as statements:
        again = client.get("/api/v1/awards?limit=2")
    assert len(statements) == 1
    names = ["ETag", "Link", "Access-Control-Allow-Origin", "Cross-Origin-Resource-Policy"]
    assert [first[name] for name in names] == [again[name] for name in names]
    same = client.get("/api/v1/awards?limit=2", headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert same["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("address", ["/api/v1/places", "/api/v1/places.csv", "/api/v1/nowhere"])
def test_any_site_may_read_and_nobody_may_write(client, address):
    assert client.get(address)["Access-Control-Allow-Origin"] == "*"
    may = client.options(address)
    assert (may.status_code, may["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")
    assert client.head(address).status_code == client.get(address).status_code
    for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE"):
        answer = Client(enforce_csrf_checks=True).generic(method, address)
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
        assert json.loads(answer.content)["status"] == 405
    assert "Access-Control-Allow-Origin" not in client.get("/places/")


@pytest.mark.parametrize(
    ("question", "parameter", "said"),
    [
        ("limit=0", "limit", "Write a number of at least 1."),
        ("limit=501", "limit", "Write a number of at most 500."),
        ("limit=x", "limit", "Write a whole number."),
        ("start=-1", "start", "Write a number of at least 0."),
        ("start=9999999999999999999999", "start", "Write a number of at most 999999999999999."),
        ("limit=1.5", "limit", "Write a whole number."),
        ("offset=3", "offset", "There is no such parameter here. There are: limit, start."),
        ("start=1&start=2", "start", "Say it once."),
    ],
)
def test_a_question_that_cannot_be_read_is_answered_in_plain_words(
    client, question, parameter, said
):
    answer = client.get(f"/api/v1/places?{question}")
    told = json.loads(answer.content)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert told["errors"] == [{"parameter": parameter, "detail": said}]
    fits(told, document()["components"]["schemas"]["Problem"])


@pytest.mark.parametrize(
    "address",
    ["places/nowhere", "nowhere", "leaves/99999", "", "rounds/taking", "places/%0A", "%0D%0A"],
)
def test_what_is_not_there_is_said_to_be_so(client, address):
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == 404
    fits(json.loads(answer.content), document()["components"]["schemas"]["Problem"])


def test_problems_and_sentences_come_in_welsh(client):
    welsh = {"Accept-Language": "cy"}
    told = json.loads(client.get("/api/v1/places?limit=0", headers=welsh).content)
    assert told["title"] == "Ni ellid darllen y cwestiwn"
    assert (
        json.loads(client.get("/api/v1/awards/kitchen", headers=welsh).content)["state_in_words"]
        == "Ar y gweill"
    )


def test_somebody_signed_in_reads_the_same(client, house):
    as_stranger = client.get("/api/v1/awards").content
    sign_in(client, house.chair)
    answer = client.get("/api/v1/awards")
    assert answer.content == as_stranger
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests keep the test's own connection: what it wrote is not committed."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
def test_no_made_up_question_breaks_it_and_every_answer_is_as_described():
    """`./doorstep torture api --full` asks fifty thousand."""
    asked = ask(300, seed=1)
    assert asked.questions > 250
    assert asked.server_errors == 0
    assert dict(asked.breaches) == {}
    assert {200, 404, 422} == set(asked.statuses)


def test_every_operation_says_what_it_answers_and_when_it_cannot():
    told = json.loads(json.dumps(document()))
    assert told["openapi"].startswith("3.1")
    for path, methods in told["paths"].items():
        for operation in methods.values():
            assert {"200", "404", "422", "429"} == set(operation["responses"]), path
            assert operation["description"], path
            assert operation["summary"], path


def examples_in(text: str) -> list[str]:
    """The addresses of every curl command in a text."""
    return re.findall(r"curl '?http://127.0.0.1:8000(/[^'\s]*)", text)


def test_the_commands_in_the_document_work_and_every_list_stands_in_it(client):
    text = (ROOT / "docs" / "api.md").read_text()
    asked = examples_in(text)
    assert len(asked) >= 5
    assert [one for one in asked if client.get(one).status_code != 200] == []
    named = re.findall(r"`(/[^`]+)`", text)
    paths = {path.removeprefix("/api/v1") for path, _operation in operations()}
    assert {path for path in paths if not path.endswith(".csv")} <= set(named)


def test_the_page_explains_every_address_and_its_examples_work(client):
    read = PageClient(client).get("/api/")
    assert read.heading == "Open data"
    for path, _operation in operations():
        assert path.removesuffix(".csv") in read.text
    asked = examples_in(read.text)
    assert len(asked) >= 4
    assert [one for one in asked if client.get(one).status_code != 200] == []
    assert reverse("opendata:openapi") in read.links.values()


def test_the_page_and_the_description_are_kept(client):
    assert json.loads(client.get("/api/v1/openapi.json").content)["info"]["version"] == "1"
    assert client.get("/api/v1/openapi.json")["Access-Control-Allow-Origin"] == "*"
