"""Fund, partnership and organisation do it all by pages; the street reads what came of it."""

import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from doorstep.apps.awards.actions import host_moves, matching, payments
from doorstep.apps.awards.models import Award, Funding, Move
from doorstep.apps.awards.verify_hosting import verify_hosting
from doorstep.apps.ledger.actions import import_statement
from doorstep.apps.ledger.models import BankLine
from doorstep.apps.organisations.actions import open_organisation
from doorstep.apps.partnerships.models import HostAgreement
from tests.apps.awards.hosting import PARTS, WINTER, Hosted, hosted
from tests.apps.awards.scene import (
    LATER,
    Scene,
    agreed,
    approved,
    asked,
    awarded,
    ready,
    scene,
)
from tests.apps.ledger.statements import bank_account
from tests.apps.people.signing_in import sign_in
from tests.millbrook import ACTOR
from tests.pages import PageClient

BANK = "date,amount,who\n2026-06-09,-1800.00,ST ANNES HALL\n2026-06-10,1800.00,ST ANNES HALL\n"
WORK = "/places/millbrook-east/hosting/work/"
MORNING = "2026-06-09 09:00Z"


def as_(told: Scene, name: str) -> PageClient:
    client = Client()
    sign_in(client, getattr(told, name))
    return PageClient(client)


def test_an_agreement_is_drafted_accepted_and_paid_by_pages_alone(
    db, page, django_assert_max_num_queries
):
    with time_machine.travel(MORNING, tick=True):
        told = scene()
        public = reverse("hosting", args=["millbrook-east"])
        assert "No agreement about parts" in page.get(public).text
        funder, finance = as_(told, "funder"), as_(told, "finance")
        form = {
            "do": "draft", "draft-host": HostAgreement.objects.get().pk,
            "draft-pence": "20000.01", "draft-parts": "2",
            "draft-first_on": "2026-06-08", "draft-months": "6",
        }  # fmt: skip
        funder.post(WORK, form | {"draft-parts": "0"})
        assert not Funding.objects.exists()
        funder.post(WORK, form | {"draft-parts": "4"})
        wrong = Funding.objects.get().pk
        withdraw = {"do": "withdraw", "which": wrong, f"withdraw{wrong}-reason": "In two parts."}
        assert "Withdraw the draft" not in finance.get(WORK).text
        finance.post(WORK, withdraw)
        assert Funding.objects.get().withdrawn is None
        funder.post(WORK, withdraw)
        assert "Accept the agreement" not in finance.get(WORK).text
        assert "withdrawn" in page.get(public).text
        funder.post(WORK, form)
        funding = Funding.objects.latest("pk")
        parts = list(funding.parts.values_list("pence", "due_on"))
        assert [(pence, day.isoformat()) for pence, day in parts] == [
            (1_000_000, "2026-06-08"), (1_000_001, "2026-12-08"),
        ]  # fmt: skip
        finance.post(WORK, {"do": "accept", "which": funding.pk})
        part = funding.parts.get(number=1).pk
        finance.post(WORK, {"do": "ask", "which": part})
        move = Move.objects.get()
        refused = finance.post(WORK, {"do": "confirm", "which": move.pk})
        assert "You asked for this" in refused.text
        funder.post(WORK, {"do": "confirm", "which": move.pk})
        pk = funding.pk
        late = {"do": "bridge", "which": pk, f"bridge{pk}-pence": "50",
                f"bridge{pk}-due_on": "2026-06-20", f"bridge{pk}-why": "A worker"}  # fmt: skip
        assert "28 days ahead" in finance.post(WORK, late).text
        finance.post(
            WORK,
            {"do": "report", "which": pk, f"report{pk}-at_bank_pence": "9000",
             f"report{pk}-words": "A worker was found."},
        )  # fmt: skip
        finance.post(
            WORK,
            {"do": "back", "which": pk, f"back{pk}-release": move.pk, f"back{pk}-pence": "10",
             f"back{pk}-reason": "Not needed"},
        )  # fmt: skip
        back = Move.objects.get(kind="returned")
        funder.post(
            WORK, {"do": "decline", "which": back.pk, f"decline{back.pk}-reason": "Not here."}
        )
        member = as_(told, "chair")
        assert "Its agreement stands" in member.post(
            WORK, {"do": "stop", "which": HostAgreement.objects.get().pk}
        ).text  # fmt: skip
        member.post(WORK, {"do": "begin_closing"})
        assert "It cannot close yet" in funder.post(WORK, {"do": "close"}).text
        for reader in (funder, finance, member):
            with django_assert_max_num_queries(12):
                assert reader.get(WORK).status == 200
        with django_assert_max_num_queries(12):
            text = page.get(public).text
        for words in (
            "Alderdale CVS", "£10,000", "fee £500", "these differ", "A worker was found.",
            "not agreed", "It began to close",
        ):  # fmt: skip
            assert words in text, words
        assert list(verify_hosting()) == []


def test_the_working_page_asks_the_same_whether_little_or_much_was_done(db):
    with time_machine.travel("2026-12-02 09:00Z", tick=True):
        one = hosted()
        at_first = asked_by_all(one.told)
        assert max(at_first.values()) <= 12
        one.paid(1)
        came_back_and_others_left(one)
        funding = one.handed_over(PARTS[1][0] + PARTS[2][0])
        for pence in (5, 6, 7):
            host_moves.pass_on(
                one.funding, funding, pence, reason="Moved", on=WINTER,
                actor=one.told.acting("finance"),
            )  # fmt: skip
            one.report(WINTER)
            open_organisation(f"group-{pence}", f"Group {pence}", "charity", actor=ACTOR)
        assert asked_by_all(one.told) == at_first
        held = one.at(one.funding)
        assert (held.back, held.paid, held.in_flight) == (180_000, 180_000, 20_000)


def asked_by_all(told: Scene) -> dict[str, int]:
    """{who: SQL statements of the page}, signed in and once visited before."""
    found = {}
    for name in ("funder", "finance", "chair"):
        reader = as_(told, name)
        assert reader.get(WORK).status == 200
        with CaptureQueriesContext(connection) as statements:
            assert reader.get(WORK).status == 200
        found[name] = len(statements)
    return found


def came_back_and_others_left(one: Hosted) -> None:
    """A payment that the bank paid and that came back, and one on its way."""
    _award, payment = ready(one.told)
    others = asked(one.told, awarded_too(one.told), 20_000, "INV-2")
    for each in (payment, others):
        approved(one.told, each)
        payments.release_payment(each, on=LATER, actor=one.told.acting("finance"))
    import_statement(bank_account(one.told.place), BANK.encode(), actor=ACTOR)
    out, back = BankLine.objects.order_by("number")
    matching.confirm_payment(out, payment, actor=one.told.acting("clerk"))
    matching.came_back(back, payment, actor=one.told.acting("clerk"))


def awarded_too(told: Scene) -> Award:
    award = awarded(told, 20_000, slug="shed")
    agreed(told, award)
    return award
