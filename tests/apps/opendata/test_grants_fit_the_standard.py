"""Awards in the 360Giving data standard: checked in our own words wherever this runs, and against
the standard's own schema where that lies beside the clone."""

import copy
import csv
import io
import json
from collections.abc import Callable, Iterator
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
from tests.apps.opendata.grants_standard import package_faults
from tests.millbrook import ACTOR, DAY

PREFIX = "360G-millbrook"
SCHEMAS = Path(__file__).resolve().parents[4] / "shared/data/grants/360giving_schema"

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(settings) -> Scene:
    settings.GRANTS_PREFIX = PREFIX
    told = scene()
    identify(told.payee, "GB-CHC", "1034567", actor=ACTOR)
    return told


def served(client) -> dict[str, Any]:
    return json.loads(client.get("/api/v1/grants.json").content)


def faults(package: dict[str, Any]) -> list[str]:
    return list(package_faults(package, PREFIX))


def schema_faults(package: dict[str, Any]) -> Iterator[str]:
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


@pytest.fixture
def of_every_kind(told, client) -> dict[str, Any]:
    """A file with a grant to an organisation, which was paid, and one to somebody paid back."""
    paid(told)
    agreed(told, awarded(told, 12_345, "paint"), told.neighbour, payee_kind="reimbursement")
    return served(client)


def test_every_kind_of_grant_has_what_the_standard_asks_for(of_every_kind):
    assert faults(of_every_kind) == []
    assert [one["id"] for one in of_every_kind["grants"]] == [
        "360G-millbrook-kitchen",
        "360G-millbrook-paint",
    ]


def test_every_kind_of_grant_fits_the_schema(of_every_kind):
    assert list(schema_faults(of_every_kind)) == []


def put(*where: str | int) -> Callable[[dict[str, Any], Any], None]:
    """Puts a value somewhere in a package; takes what stands there away for `...`."""

    def change(package: dict[str, Any], value: Any) -> None:
        inside: Any = package
        for step in where[:-1]:
            inside = inside[step]
        if value is ...:
            del inside[where[-1]]
        else:
            inside[where[-1]] = value

    return change


REQUIRED = ("id", "title", "description", "currency", "amountAwarded", "awardDate")
PARTIES = ("fundingOrganization", "recipientOrganization")
WRONG: list[tuple[tuple[str | int, ...], Any]] = [
    *(((("grants", 0, name)), ...) for name in REQUIRED + PARTIES),
    *((("grants", 0, party), []) for party in PARTIES),
    *((("grants", 0, party, 0, name), ...) for party in PARTIES for name in ("id", "name")),
    *((("grants", 0, party, 0, "id"), "1034567") for party in PARTIES),
    *((("grants", 0, party, 0, "id"), "XX-YYY-1034567") for party in PARTIES),
    (("grants", 0, "recipientOrganization", 0, "charityNumber"), 1034567),
    (("grants", 0, "recipientIndividual"), {"id": "360G-millbrook-x", "name": "Ann"}),
    (("grants", 1, "recipientIndividual", "name"), "Ann Able"),
    (("grants", 1, "recipientIndividual", "id"), ...),
    (("grants", 1, "id"), "360G-millbrook-kitchen"),
    (("grants", 0, "id"), "kitchen"),
    (("grants", 0, "currency"), "pounds"),
    (("grants", 0, "amountAwarded"), "1800"),
    (("grants", 0, "amountAwarded"), -1),
    (("grants", 0, "amountAwarded"), 1800.005),
    (("grants", 0, "amountAwarded"), 1799),
    (("grants", 0, "amountDisbursed"), 1799),
    *((("grants", 0, "awardDate"), day) for day in ("1 June 2026", "2026-02-30", "20260601", None)),
    (("grants", 0, "dateModified"), "2026-06-01"),
    (("grants", 0, "dateModified"), "2026-06-01T12:00:00"),
    (("grants", 0, "url"), "awards/kitchen"),
    (("grants", 0, "awardedTo"), "St Anne’s Hall"),
    (("grants", 0, "fromOpenCall"), True),
    (("grants", 0, "beneficiaryLocation", 0, "countryCode"), "UK"),
    (("grants", 0, "disbursementTransaction", 0, "transactionDate"), "9/6/2026"),
    (("grants", 0, "disbursementTransaction", 0, "value"), 1),
    (("grants",), []),
    (("version",), "1.3"),
    (("publisher", "name"), ""),
    (("license",), "free"),
    (("modified",), "2020-01-01T00:00:00Z"),
]


def test_the_check_sees_each_thing_that_is_wrong(of_every_kind):
    unseen = []
    for where, value in WRONG:
        broken = copy.deepcopy(of_every_kind)
        put(*where)(broken, value)
        if not faults(broken):
            unseen.append((where, value))
    assert unseen == []


def test_the_check_sees_whatever_the_schema_sees(of_every_kind):
    blind = []
    for where, value in WRONG:
        broken = copy.deepcopy(of_every_kind)
        put(*where)(broken, value)
        if list(schema_faults(broken)) and not faults(broken):
            blind.append((where, value))
    assert blind == []
    put("grants", 0, "dateModified")(of_every_kind, "2026-06-01")
    assert list(schema_faults(of_every_kind)), "the schema does not look at dates"


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
    assert faults(package) == []


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
