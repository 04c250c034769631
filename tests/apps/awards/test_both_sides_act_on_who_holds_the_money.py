"""Fund, partnership and organisation do it all by pages; the street reads what came of it."""

import time_machine
from django.test import Client
from django.urls import reverse

from doorstep.apps.awards.models import Funding, Move
from doorstep.apps.awards.verify_hosting import verify_hosting
from doorstep.apps.partnerships.models import HostAgreement
from tests.apps.awards.scene import Scene, scene
from tests.apps.people.signing_in import sign_in
from tests.pages import PageClient

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
        funder.post(WORK, form)
        funding = Funding.objects.get()
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
            with django_assert_max_num_queries(14):
                assert reader.get(WORK).status == 200
        with django_assert_max_num_queries(12):
            text = page.get(public).text
        for words in (
            "Alderdale CVS", "£10,000", "fee £500", "these differ", "A worker was found.",
            "not agreed", "It began to close",
        ):  # fmt: skip
            assert words in text, words
        assert list(verify_hosting()) == []
