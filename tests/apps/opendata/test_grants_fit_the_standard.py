"""Awards in the 360Giving data standard: checked against its own schema, with dates looked at."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator, FormatChecker

from doorstep.apps.awards.actions.agreements import draft_agreement, sign
from doorstep.apps.opendata.grants import COLUMNS, all_grants
from doorstep.apps.organisations.actions import identify
from doorstep.apps.record.actions import erase_words
from tests.apps.awards.scene import Scene, agreed, awarded, scene
from tests.apps.awards.test_what_became_of_the_money_is_told import paid
from tests.millbrook import ACTOR, DAY

SCHEMAS = Path(__file__).resolve().parents[4] / "shared/data/grants/360giving_schema"

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(settings) -> Scene:
    settings.GRANTS_PREFIX = "360G-millbrook"
    told = scene()
    identify(told.payee, "GB-CHC", "1034567", actor=ACTOR)
    return told


def served(client) -> dict[str, Any]:
    return json.loads(client.get("/api/v1/grants.json").content)


def faults(package: dict[str, Any]) -> Iterator[str]:
    """What the standard's own schemas say against a package."""
    if not SCHEMAS.exists():
        pytest.skip(f"the schema of the standard is not at {SCHEMAS}")
    whole = json.loads((SCHEMAS / "360-giving-package-schema.json").read_text())
    # Its reference to the schema of a grant leads to the web, and each grant is checked below.
    whole["properties"]["grants"]["items"] = {"type": "object"}
    grant = json.loads((SCHEMAS / "360-giving-schema.json").read_text())
    looking = {"format_checker": FormatChecker()}
    yield from (f.message for f in Draft202012Validator(whole, **looking).iter_errors(package))
    for one in package["grants"]:
        yield from (f.message for f in Draft202012Validator(grant, **looking).iter_errors(one))


def test_every_kind_of_grant_fits_the_schema(told, client):
    paid(told)
    agreed(told, awarded(told, 12_345, "paint"), told.neighbour, payee_kind="reimbursement")
    package = served(client)
    assert list(faults(package)) == []
    assert [one["id"] for one in package["grants"]] == [
        "360G-millbrook-kitchen",
        "360G-millbrook-paint",
    ]


def test_the_checker_looks_at_dates(told, client):
    paid(told)
    package = served(client)
    package["grants"][0]["awardDate"] = "1 June 2026"
    assert list(faults(package))
    package["grants"][0]["awardDate"] = "2026-06-01"
    package["grants"][0]["dateModified"] = "2026-06-01"
    assert list(faults(package))


def test_a_grant_says_who_what_and_when(told, client):
    paid(told)
    (grant,) = served(client)["grants"]
    assert grant["recipientOrganization"] == [
        {"id": "GB-CHC-1034567", "name": "St Anne’s Hall", "charityNumber": "1034567"}
    ]
    assert grant["fundingOrganization"] == [
        {"id": "360G-millbrook-org-alderdale-cvs", "name": "Alderdale CVS"}
    ]
    assert (grant["amountAwarded"], grant["amountDisbursed"]) == (1800, 1800)
    assert grant["awardDate"] == DAY.isoformat()
    assert grant["description"] == "Units, a cooker and a fridge for the hall."
    assert grant["disbursementTransaction"][0]["transactionDate"] == "2026-06-09"


def test_odd_pence_stay_whole(told, client):
    agreed(told, awarded(told, 12_345, "paint"))
    (grant,) = served(client)["grants"]
    assert grant["amountAwarded"] == 123.45
    assert b"123.45" in client.get("/api/v1/grants.json").content


def test_a_person_who_is_paid_back_has_no_name(told, client):
    agreed(told, awarded(told, 20_000, "paint"), told.neighbour, payee_kind="reimbursement")
    (grant,) = served(client)["grants"]
    assert grant["recipientIndividual"]["name"] == "Individual, not named"
    assert told.neighbour.email not in client.get("/api/v1/grants.json").content.decode()


def test_what_is_not_given_to_anybody_is_no_grant(told, client):
    awarded(told, 1_000, "unsigned")
    bills = awarded(told, 1_000, "bills")
    draft_agreement(
        bills, payee_kind="host", payee=told.host, purpose="Rent", actor=told.acting("secretary")
    )
    sign(bills.agreement, "ours", on=DAY, actor=told.acting("secretary"))
    sign(bills.agreement, "theirs", on=DAY, actor=told.acting("clerk"))
    assert list(all_grants()) == []
    assert client.get("/api/v1/grants.json").status_code == 404


def test_erased_words_leave_a_grant_that_still_fits(told, client):
    award = paid(told).award
    erase_words(award.title, actor=ACTOR, reason="It named somebody.")
    erase_words(award.agreement.purpose, actor=ACTOR, reason="It named somebody.")
    package = served(client)
    assert package["grants"][0]["description"] == "(title removed)"
    assert list(faults(package)) == []


def test_the_spreadsheet_holds_the_same_under_the_headings_of_the_standard(told, client):
    paid(told)
    agreed(told, awarded(told, 20_000, "paint"), told.neighbour, payee_kind="reimbursement")
    text = client.get("/api/v1/grants.csv").content.decode()
    read = list(csv.DictReader(io.StringIO(text)))
    assert list(read[0]) == [heading for heading, _where in COLUMNS]
    assert [one["Identifier"] for one in read] == [one["id"] for one in served(client)["grants"]]
    assert read[0]["Recipient Org:0:Charity Number"] == "1034567"
    assert read[1]["Recipient Org:0:Name"] == ""


def test_a_file_costs_the_same_statements_however_many_grants(told, client, uncounted):
    taken = []
    for number in range(3):
        agreed(told, awarded(told, 1_000, f"award-{number}"))
        with CaptureQueriesContext(connection) as statements:
            assert len(served(client)["grants"]) == number + 1
        taken.append(len(statements))
    assert taken[1] == taken[2] <= 16
