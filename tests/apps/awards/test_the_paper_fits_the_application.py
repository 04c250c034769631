"""A form is published within its minutes or with a name and a reason; an application keeps the
rules of the day it began; earned trust lightens the reports."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from doorstep.apps.awards import asking
from doorstep.apps.awards.actions import applying
from doorstep.apps.awards.actions.agreements import draft_agreement
from doorstep.apps.awards.actions.endings import close_award
from doorstep.apps.awards.actions.from_meetings import award_from_meeting
from doorstep.apps.awards.actions.publishing import end_form
from doorstep.apps.awards.actions.reports import (
    hand_in_receipt,
    show_receipt,
    show_result,
    tell_result,
)
from doorstep.apps.awards.models import Application, Award, GrantForm
from doorstep.apps.awards.queries.applying import assessment_of, burdens, held_by
from doorstep.apps.awards.queries.trust import months_before, trust_of
from doorstep.apps.organisations.actions import give_document
from doorstep.apps.promises.models import Promise
from doorstep.apps.record.telling import tell
from doorstep.apps.refused import Refused
from doorstep.engine.proportion import schedule
from tests.apps.awards.applying import begun, key, met, published, sent_in, written
from tests.apps.awards.scene import LATER, Scene, scene
from tests.apps.awards.test_what_became_of_the_money_is_told import paid, picture
from tests.apps.organisations.groups import paper
from tests.apps.people.signing_in import sign_in

pytestmark = pytest.mark.django_db
REASON = "The insurer of the hall asks for it."


def test_a_form_at_2_h_01_of_a_2_h_budget_is_refused():
    told = scene()
    with pytest.raises(Refused) as refused:
        published(told, extras=[("A letter from the landlord", 1)])
    assert refused.value.reason == (
        "This form takes 2 hours 1 minute, and its budget is 2 hours. Take something out, or let "
        "a named officer say in public why."
    )
    assert not GrantForm.objects.exists()
    assert published(told).minutes == 120, "at 2 h of 2 h it is published"


def test_two_years_audited_accounts_for_900_pounds_hear_what_covers_the_fear():
    with pytest.raises(Refused) as refused:
        published(scene(), extras=[("audited_accounts_two_years", 140)])
    assert "4 hours 20 minutes, and its budget is 2 hours" in refused.value.reason
    assert "Two people who are not related" in refused.value.reason


@pytest.mark.parametrize(("officer", "why"), [("", REASON), ("Jo Bloggs", ""), (" ", " ")])
def test_over_budget_both_a_name_and_a_reason_are_needed(officer, why):
    with pytest.raises(Refused):
        published(scene(), extras=[("A letter", 1)], officer=officer, explanation=why)


def test_with_a_name_and_a_reason_it_is_published_and_everybody_reads_both(page):
    told = scene()
    one = published(told, extras=[("A letter", 1)], officer="Jo Bloggs", explanation=REASON)
    assert one.over == 1
    [leaf] = tell([one.published])
    assert "Jo Bloggs stands for the rest" in leaf.sentence
    assert REASON in leaf.sentence
    assert b"Jo Bloggs" not in bytes(one.published.body), "a name enters by its commitment alone"
    text = page.get(f"/forms/{one.slug}/").text
    assert "This form takes 1 minute more than its budget" in text
    assert "Jo Bloggs stands for it" in text
    assert REASON in text
    assert "over its budget, and says why" in page.get(f"/places/{told.place.slug}/forms/").text


def test_the_database_takes_no_form_over_budget_without_a_reason():
    one = published(scene())
    with pytest.raises(DatabaseError), transaction.atomic():
        GrantForm.objects.bulk_create([_copy(one, minutes=121)])


def _copy(one: GrantForm, **changed: object) -> GrantForm:
    fields = {f.attname: getattr(one, f.attname) for f in one._meta.concrete_fields}
    return GrantForm(**fields | {"id": None, "slug": "other"} | changed)


def test_a_form_that_reaches_down_fits_its_smallest_size_too():
    told = scene()
    # £500 has 30 minutes in all, so what fits a larger sum is too much there.
    with pytest.raises(Refused):
        published(told, least=40_000, most=900_000, extras=[("A plan", 60)])
    assert published(told, least=250_001, most=900_000, extras=[("A plan", 60)]).over == 0


def test_what_is_asked_already_is_not_asked_twice():
    with pytest.raises(Refused, match="asked for already"):
        published(scene(), extras=[("simple_budget", 30)])


@pytest.mark.parametrize(
    "odd",
    [
        {"least": 90_000, "most": 60_000}, {"least": 0}, {"title": " "}, {"kind": "quick"},
        {"extras": [("", 5)]}, {"extras": [("A letter", -1)]}, {"key": "../x"},
        {"extras": [("A letter", 1), ("A letter", 1)]},
    ],
)  # fmt: skip
def test_a_form_that_makes_no_sense_is_refused(odd):
    with pytest.raises(Refused):
        published(scene(), **odd)


def test_a_form_sent_twice_is_published_once():
    told, once = scene(), key()
    assert published(told, key=once) == published(told, key=once)


def test_each_risk_adds_only_its_own_safeguard():
    told = scene()
    plain = begun(told, published(told))
    trip = begun(told, plain.form, risks={"people_at_risk": 1})
    assert (plain.minutes, trip.minutes) == (120, 165)
    assert trip.budget == 165
    added = {one.because for one in assessment_of(trip).asked} - {"amount"}
    assert added == {"people_at_risk"}


def test_an_application_keeps_the_rules_of_the_day_it_began(monkeypatch):
    told = scene()
    one = begun(told, published(told))
    before = [asked.key for asked in assessment_of(one).asked]
    ends = LATER + timedelta(days=1)
    old = schedule(LATER)
    harder = {
        **{name: getattr(old, name) for name in old.__dataclass_fields__},
        "in_force_from": ends,
        "tiers": tuple(
            type(tier)(tier.key, tier.most, 9_999, tier.decide_within, old.tiers[-1].asks)
            for tier in old.tiers
        ),
    }
    new = type(old)(**harder)
    monkeypatch.setattr(
        "doorstep.apps.awards.asking.schedule",
        lambda on: new if on >= ends else schedule(on),
    )
    with time_machine.travel(ends):
        again = Application.objects.get(pk=one.pk)
        assert [asked.key for asked in assessment_of(again).asked] == before
        late = begun(told, one.form, on=ends)
        assert len(assessment_of(late).asked) > len(before), "who begins now has the new rules"
        written(again, told)
        assert applying.send(again, on=ends, actor=told.acting("officer")).state == "sent"


def test_an_ended_form_still_serves_whoever_began(page):
    told = scene()
    one = begun(told, published(told))
    end_form(one.form, actor=told.acting("funder"))
    with pytest.raises(Refused, match="not used any more"):
        begun(told, one.form)
    applying.send(written(one, told), on=LATER, actor=told.acting("officer"))
    assert "goes on by its rules" in page.get(f"/forms/{one.form.slug}/").text


def test_what_applicants_saw_and_began_by_cannot_be_changed_behind_them():
    told = scene()
    one = begun(told, published(told))
    for model, change in (
        (GrantForm, {"minutes": 5}), (GrantForm, {"extras": [["A letter", 1]]}),
        (Application, {"minutes": 5}), (Application, {"begun_on": date(2020, 1, 1)}),
        (Application, {"risks": {"cash": 1}}), (Application, {"state": "sent", "award_id": 1}),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Application.objects.filter(pk=one.pk)._raw_delete("default")


def test_what_is_not_written_keeps_it_from_being_sent():
    told = scene()
    one = begun(told, published(told))
    with pytest.raises(Refused, match="Still to write: Two people who are not related"):
        applying.send(one, on=LATER, actor=told.acting("officer"))


def test_only_an_officer_applies_for_an_organisation_and_nobody_writes_in_anothers():
    told = scene()
    form = published(told)
    with pytest.raises(Refused, match="speaks for"):
        begun(told, form, actor=told.acting("neighbour"))
    with pytest.raises(Refused, match="Only whoever began"):
        applying.write(begun(told, form), {}, actor=told.acting("neighbour"))


def test_sent_in_the_place_owes_an_answer_by_the_days_of_its_size():
    told = scene()
    one = sent_in(told, published(told))
    promise = Promise.objects.get(kind="application.decide", subject=str(one.pk))
    assert (promise.days, promise.due_on) == (10, date(2026, 6, 22))
    applying.decline(one, reason="Not here.", on=LATER, actor=told.acting("secretary"))
    promise.refresh_from_db()
    assert promise.state == "met"


def test_an_agreed_application_is_an_award_and_says_what_was_asked(page):
    told = scene()
    one = sent_in(told, published(told), risks={"people_at_risk": 1})
    award = award_from_meeting(
        met(told, one.title, 80_000), application=one, on=LATER, actor=told.acting("secretary")
    )
    one.refresh_from_db()
    assert (one.state, one.award) == ("agreed", award)
    text = page.get(f"/awards/{award.slug}/").text
    assert "What was asked takes about 2 hours 45 minutes" in text
    [burden] = burdens(Award.objects.select_related("application__form", "commitment"))
    assert (burden.tier, burden.minutes, burden.pence) == ("seed", 165, 80_000)
    assert burden.cost == assessment_of(one).assurance_pence


def test_a_new_agreement_on_a_childrens_trip_waits_for_a_policy_in_date():
    told, today = scene(), timezone.localdate()
    for title, risks in (("A trip", {"people_at_risk": 1}), ("A shed", {})):
        one = sent_in(told, published(told), title=title, risks=risks)
        assert one.risks == risks
        award = award_from_meeting(
            met(told, one.title, 80_000), application=one, on=LATER, actor=told.acting("secretary")
        )
        give_document(
            told.payee, "safeguarding", paper(str(risks)), issued=today - timedelta(days=400),
            expires=today - timedelta(days=1), on=today, actor=told.acting("officer"),
        )  # fmt: skip
        terms = {
            "payee_kind": "organisation", "payee": told.payee, "purpose": "A trip to the sea.",
            "actor": told.acting("secretary"),
        }  # fmt: skip
        if risks:
            with pytest.raises(Refused, match="safeguarding policy ended on"):
                draft_agreement(award, **terms)
        else:
            assert draft_agreement(award, **terms).award == award


def test_a_decision_on_more_than_was_asked_makes_no_award():
    told = scene()
    one = sent_in(told, published(told))
    with pytest.raises(Refused, match="asks for"):
        award_from_meeting(
            met(told, "More", 80_001), application=one, on=LATER, actor=told.acting("secretary")
        )
    assert not Award.objects.exists()


def test_a_meeting_that_gave_to_another_organisation_gave_nothing_to_the_applicant():
    told = scene()
    one = sent_in(told, published(told))
    with pytest.raises(Refused, match="another organisation"):
        award_from_meeting(
            met(told, "A trip", 80_000, told.host), application=one, on=LATER,
            actor=told.acting("secretary"),
        )  # fmt: skip
    assert not Award.objects.exists()


def test_what_the_passport_shows_is_not_asked_for_again():
    told = scene()
    form = published(told, least=60_000, most=900_000)
    one = begun(told, form, pence=800_000, risks={"people_at_risk": 1})
    asked = set(asking.to_answer(assessment_of(one)))
    assert {"governing_document", "safeguarding_policy"} <= asked
    for kind in ("constitution", "safeguarding"):
        give_document(
            told.payee, kind, paper(kind), issued=date(2026, 1, 5), expires=None, on=LATER,
            actor=told.acting("officer"),
        )  # fmt: skip
    held = held_by(one, LATER)
    left = asking.to_answer(assessment_of(one), held)
    assert asked - set(left) >= {"governing_document", "safeguarding_policy"}
    answers = dict.fromkeys(left, "Yes.")
    applying.write(one, answers, actor=told.acting("officer"))
    assert applying.send(one, on=LATER, actor=told.acting("officer")).state == "sent"


def test_whoever_speaks_for_the_applicant_does_not_decide():
    told = scene()
    one = sent_in(told, published(told))
    with pytest.raises(Refused, match="You speak for"):
        applying.decline(one, reason="No", on=LATER, actor=told.acting("officer"))


def accounted_for(told: Scene) -> Award:
    """A grant that was paid, shown by a receipt, told and closed, all in time."""
    payment = paid(told)
    award = Award.objects.get(pk=payment.award_id)
    chair = told.acting("chair")
    receipt = hand_in_receipt(payment, picture(), pence=payment.pence, actor=told.acting("worker"))
    show_receipt(receipt, actor=chair)
    note = tell_result(award, outcome="happened", words="Done.", actor=told.acting("worker"))
    show_result(note, with_photo=False, actor=chair)
    return close_award(award, on=LATER, actor=told.acting("finance"))


def test_a_grant_accounted_for_in_time_earns_trust_and_a_late_one_does_not():
    told = scene()
    today = date(2026, 6, 12)
    with time_machine.travel(today):
        award = accounted_for(told)
        found = trust_of(told.payee, today)
        assert (found.accounted, found.of, found.late) == (1, (award.slug,), False)
        assert trust_of(told.host, today).accounted == 0
        assert trust_of(told.payee, date(2028, 7, 1)).accounted == 0, "24 months have gone by"
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)


def test_a_report_that_is_overdue_adds_a_talk_and_cannot_be_left_unticked():
    told = scene()
    with time_machine.travel(date(2026, 6, 12)):
        paid(told)
    after = date(2026, 9, 1)
    assert trust_of(told.payee, after).late
    with time_machine.travel(after):
        one = begun(told, published(told), on=after)
    assert one.risks == {"late_account": 1}
    assert "talk_first" in {asked.key for asked in assessment_of(one).asked}


def test_two_trusted_grants_lighten_the_report_by_one_size_and_no_law():
    found = asking.asked_on(LATER, 80_000, {}, accounted=2)
    keys = {one.key for one in found.asked}
    assert "photo_or_three_lines" in keys
    assert "half_page_report" not in keys
    big = asking.asked_on(LATER, 6_000_000, {}, accounted=2)
    assert "independent_scrutiny" in {one.key for one in big.asked}, "the law asks for it"


def test_the_pages_lead_from_the_form_to_the_award(client: Client):
    told = scene()
    with time_machine.travel(LATER):
        funder = Client()
        sign_in(funder, told.funder)
        given = {
            "once": key(), "title": "Summer", "kind": "project", "least": "600", "most": "900",
            "own_1": "A letter", "own_minutes_1": "1",
        }  # fmt: skip
        address = f"/places/{told.place.slug}/forms/new/"
        refused = funder.post(address, given)
        assert "its budget is 2 hours" in refused.content.decode()
        named = {"officer": "Jo Bloggs", "explanation": REASON}
        assert funder.post(address, given | named).status_code == 302
        form = GrantForm.objects.get()
        asker = Client()
        sign_in(asker, told.officer)
        begin = {
            "once": key(), "title": "A trip", "purpose": "To the sea", "pence": "800",
            "organisation": told.payee.pk, "risks": ["people_at_risk"],
        }  # fmt: skip
        assert asker.get(f"/forms/{form.slug}/begin/").status_code == 200
        answer = asker.post(f"/forms/{form.slug}/begin/", begin)
        one = Application.objects.get()
        assert answer.url == f"/desk/applications/{one.pk}/"
        html = asker.get(answer.url).content.decode()
        assert "A letter" in html
        count_ = len(asking.to_answer(assessment_of(one)))
        answers = {f"answer_{n}": "Yes." for n in range(count_)}
        asker.post(answer.url, answers | {"do": "send"})
        assert Application.objects.get().state == "sent"
        member = Client()
        sign_in(member, told.secretary)
        assert "A trip" in member.get(f"/places/{told.place.slug}/applications/").content.decode()
        assert "Yes." in member.get(f"/applications/{one.pk}/").content.decode()
        decide = f"/places/{told.place.slug}/decide/"
        made = met(told, "A trip", 80_000, told.payee)
        shown = member.get(f"{decide}?application={one.pk}").content.decode()
        assert "£800: A trip" in shown
        assert "£800 for “A trip”" in shown
        done = member.post(decide, {"application": one.pk, "decision": made.pk})
        assert done.status_code == 302
        assert Application.objects.get().state == "agreed"
        assert Award.objects.get().decision == made.leaf
        assert "It was agreed." in asker.get(answer.url).content.decode()
        assert member.get(answer.url).status_code == 404, "an application is its applicant’s own"
