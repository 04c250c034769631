"""Of a line that nothing accounts for the public sees its day, its sum and its age; nobody else's
name, in no page, file, leaf or log. Those who match see all of it."""

import logging
import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from doorstep.apps.ledger.models import BankLine, Journal, Match
from doorstep.apps.ledger.reconciling import arrivals_open
from doorstep.apps.people.actions import give_role, open_account
from doorstep.apps.record.models import Leaf
from tests.apps.ledger.statements import CAMT, OFX, OWN, bank_account
from tests.apps.people.signing_in import sign_in
from tests.millbrook import ACTOR, DAY, place_with_money

pytestmark = pytest.mark.django_db
SECRETS = ["JAMES", "KITCHENS", "INV 204", "ALDERDALE FUND", "SHARE 1", "BANK FEE", "12345678"]
PUBLIC = ["bank/", "bank.csv", "bank.json"]


@pytest.fixture
def officer(client):
    account = open_account("officer@example.org", actor=ACTOR)
    give_role(account, "finance_officer", since=DAY, actor=ACTOR)
    sign_in(client, account)
    return account


@pytest.fixture
def bank():
    return bank_account(place_with_money())


def upload(client, account, text: str):
    file = SimpleUploadedFile("statement.csv", text.encode(), content_type="text/csv")
    return client.post(f"/bank/{account.slug}/", {"file": file})


def test_the_public_sees_day_sum_and_age_and_nothing_else(client, officer, bank, caplog):
    caplog.set_level(logging.DEBUG)
    for name, text in {"own": OWN}.items():
        assert upload(client, bank, text).status_code == 302, name
    client.logout()
    with time_machine.travel("2026-06-21 12:00:00+01:00"):
        shown = [client.get(f"/places/millbrook-east/money/{end}") for end in PUBLIC]
    told = [answer.content.decode() for answer in shown]
    assert "10 June 2026" in told[0]
    assert "11 days" in told[0]
    assert "2026-06-10,out,180000,11" in told[1]
    assert shown[2].json()["open_lines"][1] == {
        "booked_on": "2026-06-10",
        "pence": -180_000,
        "age_in_days": 11,
    }
    told += [bytes(leaf.body).decode() for leaf in Leaf.objects.all()]
    told += [client.get(f"/record/{leaf.idx}/").content.decode() for leaf in Leaf.objects.all()]
    told.append(caplog.text)
    for page in told:
        assert [secret for secret in SECRETS if secret in page] == []


@pytest.mark.parametrize("broken", [OWN.replace("-12.50", "JAMES"), OFX[:-20], CAMT[:900]])
def test_a_refused_file_says_why_on_its_page_and_nothing_in_the_log(
    client, officer, bank, broken, caplog
):
    caplog.set_level(logging.INFO)
    answer = upload(client, bank, broken)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert not BankLine.objects.exists()
    assert "JAMES" not in caplog.text


def test_the_age_is_of_the_day_it_is_read(client, officer, bank):
    upload(client, bank, OWN)
    client.logout()
    for day, age in (("2026-06-12", "2 days"), ("2026-06-13", "3 days")):
        with time_machine.travel(f"{day} 12:00:00+01:00"):
            assert age in client.get("/places/millbrook-east/money/bank/").content.decode()


def test_whoever_matches_sees_it_all_and_matches(client, officer, bank):
    upload(client, bank, OWN)
    shown = client.get(f"/bank/{bank.slug}/").content.decode()
    assert "JAMES KITCHENS" in shown
    assert re.search(r"from \d+ \w+ 2026 to \d+ \w+ 2026\.", shown), "days as people write them"
    assert "Out £12.50" in shown
    line = BankLine.objects.get(pence=-1_250)
    address = f"/bank/{bank.slug}/lines/{line.pk}/"
    assert client.post(address, {"as": "charge", "reason": ""}).status_code == 409
    for _twice in range(2):
        answer = client.post(address, {"as": "charge", "reason": "The bank’s fee for June"})
        assert answer.status_code == 302
    assert Match.objects.count() == 1
    match = Match.objects.get()
    undo = f"/bank/{bank.slug}/matches/{match.pk}/undo/"
    assert client.post(undo, {"reason": "It is not"}).status_code == 302
    told = client.get("/places/millbrook-east/money/bank/").content.decode()
    assert "accounted for wrongly" in told


@pytest.mark.parametrize("what", ["payment-1", "arrival-1x", "", "gift", "arrival-9"])
def test_nonsense_is_answered_plainly(client, officer, bank, what):
    upload(client, bank, OWN)
    line = BankLine.objects.get(pence=1_000_000)
    answer = client.post(f"/bank/{bank.slug}/lines/{line.pk}/", {"as": what, "reason": "x"})
    assert answer.status_code in {302, 404, 409, 422}
    assert not Match.objects.exists()


def test_a_line_meets_no_entry_of_another_place_and_none_inside_one(client, officer, bank):
    upload(client, bank, OWN)
    place_with_money(slug="elsewhere")
    line = BankLine.objects.get(pence=1_000_000)
    mine = {journal.pk for journal, _pence in arrivals_open(bank)}
    for journal in Journal.objects.exclude(pk__in=mine):
        answer = client.post(f"/bank/{bank.slug}/lines/{line.pk}/", {"as": f"arrival-{journal.pk}"})
        assert answer.status_code == 409
    assert not Match.objects.exists()
    (entry,) = mine
    client.post(f"/bank/{bank.slug}/lines/{line.pk}/", {"as": f"arrival-{entry}"})
    assert Match.objects.get().journal_id == entry


def test_a_finance_officer_of_another_place_is_shown_nothing(client, bank):
    other = place_with_money(slug="elsewhere")
    account = open_account("other@example.org", actor=ACTOR)
    give_role(account, "finance_officer", place=other, since=DAY, actor=ACTOR)
    sign_in(client, account)
    assert client.get(f"/bank/{bank.slug}/").status_code == 403
    assert bank.slug not in client.get("/bank/").content.decode()


def test_an_account_is_added_on_the_desk(client, officer):
    place_with_money()
    answer = client.post(
        "/bank/",
        {"slug": "host", "label": "Host", "place": "millbrook-east", "last_three": "678"},
    )
    assert answer["Location"] == "/bank/host/"
    assert client.get("/bank/host/").status_code == 200


def test_the_pages_are_good_pages(client, bank, page):
    page.get("/places/millbrook-east/money/bank/")
    account = open_account("officer@example.org", actor=ACTOR)
    give_role(account, "finance_officer", since=DAY, actor=ACTOR)
    sign_in(client, account)
    page.get("/bank/")
    page.get(f"/bank/{bank.slug}/")
    upload(client, bank, OWN)
    page.get(f"/bank/{bank.slug}/")
    page.get("/places/millbrook-east/money/bank/")
