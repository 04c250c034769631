"""The mark on a receipt leads to the line of the record that holds it, and to nobody."""

import pytest
import time_machine

from doorstep.apps.record.models import Leaf
from doorstep.apps.voting.actions.polls import end_poll
from doorstep.apps.voting.models import Envelope
from tests.apps.voting.polling import AFTER, BEFORE, DURING, frozen, planned, running

pytestmark = pytest.mark.django_db
HERE = "/rounds/east-2026/mark/"


def test_a_receipt_leads_to_the_line_once_it_is_written(page):
    polling = running()
    with time_machine.travel(DURING, tick=True):
        ballot = page.post("/vote/", {"code": polling.codes[0].printed})
        choice = ballot.inputs("/vote/ballot/").get("choice", "")
        page.post("/vote/ballot/", {"choice": choice, "add": "0"})
        receipt = page.get("/vote/receipt/")
        mark = bytes(Envelope.objects.get().env_hash).hex()
        assert receipt.inputs(HERE)["mark"] == mark
        assert "not in the record yet" in page.post(HERE, {"mark": mark}).text
    with time_machine.travel(AFTER):
        end_poll(polling.poll)
        found = page.post(HERE, {"mark": f" {mark[:30].upper()} {mark[30:]}\n"})
        line = Leaf.objects.get(kind="voting.envelopes").idx
        assert f"This mark stands in line {line} of the record" in found.text
        assert found.links["Read that line"] == f"/record/{line}/"
        assert mark in page.get(f"/record/{line}/").text
        assert "No envelope of this vote has this mark" in page.post(HERE, {"mark": "0" * 64}).text


def test_a_mark_that_is_none_is_told_what_one_looks_like(page):
    running()
    with time_machine.travel(DURING, tick=True):
        for typed in ("my mark", "é" * 64, "0" * 65, '"' * 64, "٣" * 64):
            assert "A mark has 64 signs" in page.post(HERE, {"mark": typed}).text
        assert "no-store" in page.get(HERE).response["Cache-Control"]
        assert page.get("/rounds/east-2026/voting/").links["Find an envelope’s mark"] == HERE


def test_before_voting_opens_there_is_nothing_to_look_up(page):
    frozen(planned())
    with time_machine.travel(BEFORE):
        page.get(HERE, status=404)
