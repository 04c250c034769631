"""Will a local community really waste the money? The questions are fixed before a figure is seen,
each figure counts rows that anybody can count again, and small numbers say how little they say."""

import csv
from datetime import date

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from doorstep.apps.awards.actions.endings import cancel_award, close_award
from doorstep.apps.awards.actions.evidence import fix_questions
from doorstep.apps.awards.actions.reports import hand_in_receipt, show_receipt
from doorstep.apps.awards.intervals import Share, difference, middle
from doorstep.apps.awards.models import Award, QuestionsFixed
from doorstep.apps.awards.queries import evidence
from tests.apps.awards.scene import LATER, Scene, awarded, scene
from tests.apps.awards.test_what_became_of_the_money_is_told import paid, picture
from tests.apps.people.signing_in import sign_in
from tests.millbrook import ACTOR

TODAY = date(2026, 9, 1)
database = pytest.mark.django_db


def a_street() -> Scene:
    """One award paid and shown in part of its time, one called off."""
    told = scene()
    with time_machine.travel(date(2026, 6, 12)):
        payment = paid(told)
        receipt = hand_in_receipt(
            payment, picture(), pence=payment.pence, actor=told.acting("worker")
        )
        show_receipt(receipt, actor=told.acting("chair"))
        close_award(Award.objects.get(), on=LATER, actor=told.acting("finance"))
    idle = awarded(told, 400_000, "idle")
    cancel_award(idle, reason="Nobody had time.", on=LATER, actor=told.acting("secretary"))
    return told


@database
def test_before_the_questions_are_fixed_no_figure_is_shown(page, client):
    a_street()
    text = page.get("/evidence/").text
    assert "not fixed yet, so no figure is shown" in text
    assert "100%" not in text
    assert "word for word" in text, "the questions themselves are there to be read"
    assert "not fixed yet" in page.get("/evidence/accounted/").text
    assert client.get("/evidence/accounted.csv").status_code == 404


@database
def test_fixed_they_stand_in_the_record_with_their_day_and_then_figures_follow(page):
    a_street()
    with time_machine.travel(TODAY):
        made = fix_questions(on=TODAY, actor=ACTOR)
        assert fix_questions(on=TODAY, actor=ACTOR) == made, "fixed twice the same is once"
        assert evidence.DEFINITIONS["stopped"].encode()[:40] in bytes(made.leaf.body)
        text = page.get("/evidence/").text
    assert "The questions were fixed on 1 September 2026" in text
    assert "1 of 1, 100%" in text
    assert "21% to 100%" in text, "one case says little, and the page says how little"
    assert "1 of 2, 50%" in text
    assert "3 days" in text
    assert "not both small and large ones yet" in text


@database
def test_the_page_reads_payments_once(client):
    a_street()
    with time_machine.travel(TODAY):
        fix_questions(on=TODAY, actor=ACTOR)
        with CaptureQueriesContext(connection) as taken:
            assert client.get("/evidence/").status_code == 200
    assert sum('FROM "awards_payment"' in one["sql"] for one in taken) == 1


@database
def test_other_words_take_the_figures_away_until_they_are_fixed_too(page, monkeypatch):
    fix_questions(on=TODAY, actor=ACTOR)
    assert evidence.fixed() is not None
    monkeypatch.setitem(evidence.DEFINITIONS, "days", "Something that flatters us more.")
    assert evidence.fixed() is None
    assert "not fixed yet" in page.get("/evidence/").text


@database
def test_what_was_fixed_is_never_changed():
    fix_questions(on=TODAY, actor=ACTOR)
    with pytest.raises(DatabaseError), transaction.atomic():
        QuestionsFixed.objects.update(fixed_on=date(2020, 1, 1))


@database
def test_every_figure_can_be_counted_again_from_its_rows(client):
    a_street()
    with time_machine.travel(TODAY):
        fix_questions(on=TODAY, actor=ACTOR)
        for key in evidence.DEFINITIONS:
            answer = client.get(f"/evidence/{key}.csv")
            rows = list(csv.DictReader(answer.content.decode().splitlines()))
            cases = evidence.rows_of(key, TODAY)
            named = evidence.headings_of(key)[0]
            assert named in ("award", "place")
            assert [row[named] for row in rows] == [getattr(case, named) for case in cases], key
            assert sum(int(row["value"]) for row in rows) == sum(case.value for case in cases)
            assert client.get(f"/evidence/{key}/").status_code == 200


@database
def test_a_payment_whose_time_for_receipts_is_not_over_is_no_case_yet():
    told = scene()
    with time_machine.travel(date(2026, 6, 12)):
        paid(told)
    assert evidence.cases_of("accounted", date(2026, 7, 6)) == []
    [case] = evidence.cases_of("accounted", date(2026, 7, 7))
    assert (case.value, case.pence) == (0, 180_000)


@database
def test_what_checking_costs_is_said_for_each_size():
    a_street()
    cases = {case.award: case for case in evidence.cases_of("burden", TODAY)}
    assert cases["kitchen"].group == "seed"
    assert cases["idle"].group == "grow"
    assert cases["kitchen"].value == cases["kitchen"].other_pence * 1000 // 180_000


@database
def test_only_a_funder_fixes_the_questions():
    told = scene()
    funder, member = Client(), Client()
    with time_machine.travel(LATER):
        sign_in(member, told.secretary)
        assert member.post("/evidence/fix/").status_code == 403
        sign_in(funder, told.funder)
        assert evidence.DEFINITIONS["days"][:30] in funder.get("/evidence/fix/").content.decode()
        funder.post("/evidence/fix/", {"words": "others"})
        assert evidence.fixed() is None, "only the words that were read are fixed"
        read = {"words": evidence.fingerprint()}
        assert funder.post("/evidence/fix/", read).status_code == 302
    assert evidence.fixed() is not None


def test_the_intervals_are_those_of_the_literature():
    # Newcombe 1998, table II: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for hits, of, low, high in (
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):  # fmt: skip
        assert Share(hits, of).bounds == pytest.approx((low, high), abs=5e-5)
    # The same author, paper on differences, method 10: 56 of 70 against 48 of 80.
    gap = difference(Share(56, 70), Share(48, 80))
    assert gap == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert difference(Share(0, 0), Share(1, 2)) is None


def test_a_median_has_bounds_from_six_values_on():
    assert middle([]) is None
    assert middle([3, 1, 2]) == (2.0, None)
    assert middle([1, 2, 3, 4, 5]) == (3.0, None)
    assert middle([6, 5, 4, 3, 2, 1]) == (3.5, (1, 6))
    # Of ten values the second and the ninth: 2 x 11 / 1024 lies outside, 2.1 %.
    assert middle(list(range(1, 11))) == (5.5, (2, 9))
