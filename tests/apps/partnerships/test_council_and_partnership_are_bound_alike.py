"""An agreement with the council binds both sides; each duty is a promise of a body with a clock."""

from datetime import date, datetime

import pytest
import time_machine
from django.urls import reverse

from doorstep.apps.organisations.actions import open_organisation
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.partnerships.actions.council import (
    add_duty,
    begin_agreement,
    drop_duty,
    end_agreement,
    offer_agreement,
    renew_duties,
    sign_agreement,
)
from doorstep.apps.partnerships.models import CouncilAgreement
from doorstep.apps.partnerships.queries.council import sides
from doorstep.apps.partnerships.rules.council import DraftDuty, due_on
from doorstep.apps.people.actions import give_role, open_account
from doorstep.apps.people.models import Account
from doorstep.apps.promises.actions import keep
from doorstep.apps.promises.models import Promise
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.telling import tell
from doorstep.apps.refused import Refused
from tests.apps.partnerships.meeting import LONDON, MAY, PLAN, SECRETARY, called, decided, group
from tests.apps.partnerships.planning import agreed_at_a_meeting, member
from tests.apps.people.signing_in import sign_in
from tests.apps.promises.conftest import promised
from tests.millbrook import place_with_money

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 18)
FIGURES = DraftDuty("council", "Bring figures about the area", 3, "2026-07-31")
ROOM = DraftDuty("council", "Lend a room for open meetings", 0, "2026-06-30")
ASK = DraftDuty("partnership", "Tell the council what neighbours ask for", 3, "2026-07-15")


@pytest.fixture(autouse=True)
def in_june():
    with time_machine.travel(datetime(2026, 6, 18, 12, tzinfo=LONDON), tick=False):
        yield


@pytest.fixture
def us():
    return group(place_with_money(5_000_000))


@pytest.fixture
def officer(db) -> Actor:
    return Actor("council_officer", open_account("officer@alderdale.example", actor=SECRETARY).pk)


def council():
    return open_organisation("alderdale", "Alderdale Council", "council", actor=SECRETARY)


def offered(us, *duties: DraftDuty) -> CouncilAgreement:
    made = begin_agreement(us.partnership, council(), actor=member(us))
    for duty in duties or (FIGURES, ROOM, ASK):
        made = add_duty(made, duty, on=JUNE, actor=member(us))
    return offer_agreement(made, decision=agreed_at_a_meeting(us), on=JUNE, actor=member(us))


def signed(us, officer: Actor) -> CouncilAgreement:
    made = offered(us)
    sign_agreement(made, on=JUNE, actor=member(us))
    sign_agreement(made, on=JUNE, actor=officer)
    return CouncilAgreement.objects.select_related("partnership__place", "council").get()


def test_an_agreement_that_binds_one_side_alone_is_refused(us):
    with pytest.raises(Refused, match="Nothing is owed by the partnership yet") as no:
        offered(us, FIGURES, ROOM)
    assert no.value.code == "one_sided"
    made = CouncilAgreement.objects.get()
    for _duty in (FIGURES, ROOM):
        made = drop_duty(made, 1, actor=member(us))
    made = add_duty(made, ASK, on=JUNE, actor=member(us))
    with pytest.raises(Refused, match="Nothing is owed by the council yet"):
        offer_agreement(made, why="x", on=JUNE, actor=member(us))


def test_nothing_is_owed_until_both_sides_signed(us, officer):
    made = offered(us)
    first = sign_agreement(made, on=JUNE, actor=member(us))
    assert sign_agreement(made, on=JUNE, actor=member(us, "ann")) == first
    assert not Promise.objects.filter(kind="council.duty").exists()
    with pytest.raises(Refused) as no:
        sign_agreement(made, on=JUNE, actor=Actor("council_officer", us.bob.account_id))
    assert no.value.code == "alone"
    sign_agreement(made, on=JUNE, actor=officer)
    owed = Promise.objects.filter(kind="council.duty").order_by("due_on")
    assert [
        (one.due_on.isoformat(), getattr(one.owed_by_organisation, "slug", one.owed_by_role))
        for one in owed
    ] == [
        ("2026-06-30", "alderdale"),
        ("2026-07-15", "partnership_member"),
        ("2026-07-31", "alderdale"),
    ]


@pytest.mark.parametrize("everywhere", [True, False])
def test_a_council_officer_finds_what_to_sign_on_their_desk(us, client, everywhere):
    made, held_at = offered(us), None if everywhere else us.place
    account = open_account("officer@alderdale.example", actor=SECRETARY)
    give_role(account, "council_officer", since=JUNE, place=held_at, actor=SECRETARY)
    sign_in(client, account)
    address = reverse("partnerships:council-answer", args=[us.place.slug])
    desk = client.get("/desk/").content.decode()
    assert "It waits for the council’s signature." in desk
    assert address in desk
    sign_agreement(made, on=JUNE, actor=Actor("council_officer", account.pk))
    assert address not in client.get("/desk/").content.decode()
    sign_agreement(made, on=JUNE, actor=member(us))
    desk = client.get("/desk/").content.decode()
    assert "It waits for the council’s signature." not in desk
    assert address in desk


def test_a_missed_council_duty_shows_as_late_with_body_not_person(us, officer, page, client):
    made = signed(us, officer)
    with time_machine.travel(datetime(2026, 7, 2, 12, tzinfo=LONDON), tick=False):
        council_side = sides(made, date(2026, 7, 2))[1]
        assert (council_side.name, council_side.late) == ("Alderdale Council", 1)
        text = page.get(reverse("partnerships:council", args=[us.place.slug])).text
        assert "30 June 2026 late Alderdale Council" in text
        assert "officer@" not in text
        assert "Bob Jones" not in text


def test_the_street_reads_the_partnerships_own_name_and_no_role(us, officer, page):
    signed(us, officer)
    public = page.get(reverse("partnerships:council", args=[us.place.slug])).text
    owed = page.get(reverse("promises:place", args=[us.place.slug])).text
    assert "15 July 2026 open Millbrook East Together" in public
    for text in (public, owed):
        assert "Millbrook East Together" in text
        assert "partnership member" not in text
    promised(us.place, role="partnership_member", on=JUNE)
    told = page.get(reverse("record:list")).text
    assert "The partnership of Millbrook East promised by" in told


def test_a_duty_comes_round_again_whether_it_was_kept_or_not(us, officer):
    made = signed(us, officer)
    assert renew_duties(date(2026, 7, 15), actor=SECRETARY) == 0
    assert renew_duties(date(2026, 8, 1), actor=SECRETARY) == 2
    told = tell([Leaf.objects.filter(kind="promise.made").latest("idx")])[0].sentence
    assert ": A duty of the agreement with the council (promise " in told
    assert renew_duties(date(2026, 8, 1), actor=SECRETARY) == 0
    figures = Promise.objects.filter(subject__startswith=f"{made.duties.get(number=1).pk}-")
    first, second = figures.order_by("due_on")
    assert second.due_on == date(2026, 10, 31)
    assert first.state == "open"
    keep(first, on=date(2026, 8, 3), actor=SECRETARY)
    words = [one.word.said for one in sides(made, date(2026, 8, 3))[1].duties[0].times]
    assert words == ["done late", "open"]
    assert due_on(date(2026, 8, 31), 6, 2) == date(2027, 2, 28)


def test_either_side_ends_it_in_public_and_what_was_missed_stays_told(us, officer):
    made = signed(us, officer)
    with pytest.raises(Refused):
        end_agreement(made, " ", on=JUNE, actor=officer)
    with pytest.raises(Refused):
        end_agreement(made, "No.", on=JUNE, actor=Actor("worker", 5))
    keep(Promise.objects.filter(kind="council.duty").earliest("due_on"), on=JUNE, actor=officer)
    made = end_agreement(made, "A new council was elected.", on=JUNE, actor=officer)
    assert made.reason.text == "A new council was elected."
    states = Promise.objects.filter(kind="council.duty").order_by("due_on")
    assert list(states.values_list("state", flat=True)) == ["met", "withdrawn", "withdrawn"]
    assert renew_duties(date(2027, 1, 1), actor=SECRETARY) == 0
    assert begin_agreement(us.partnership, made.council, actor=member(us)).number == 2


def test_it_is_decided_by_a_quorate_meeting_or_explains(us):
    made = begin_agreement(us.partnership, council(), actor=member(us))
    for duty in (FIGURES, ASK):
        made = add_duty(made, duty, on=JUNE, actor=member(us))
    thin = decided(us, called(us, PLAN), here="ann eve fay", votes=(0, 0, 0))
    with pytest.raises(Refused) as no:
        offer_agreement(made, decision=thin, on=JUNE, actor=member(us))
    assert no.value.code == "not_carried"
    with pytest.raises(Refused):
        offer_agreement(made, on=JUNE, actor=member(us))
    made = offer_agreement(made, why="We were ill.", on=JUNE, actor=member(us))
    assert made.why.text == "We were ill."


def test_a_duty_that_cannot_be_says_why(us):
    made = begin_agreement(us.partnership, council(), actor=member(us))
    for duty, code in (
        (DraftDuty("nobody", "x", 0, "2026-07-01"), "side"),
        (DraftDuty("council", "x", 5, "2026-07-01"), "every"),
        (DraftDuty("council", "x", 0, "2026-06-01"), "day"),
        (DraftDuty("council", "", 0, "2026-07-01"), "text"),
    ):
        with pytest.raises(Refused) as no:
            add_duty(made, duty, on=JUNE, actor=member(us))
        assert no.value.code == code
    with pytest.raises(Refused):
        drop_duty(made, 1, actor=member(us))
    with pytest.raises(Refused) as no:
        begin_agreement(us.partnership, us.hall, actor=member(us))
    assert no.value.code == "council"


def test_both_sides_write_and_sign_on_their_pages(us, officer, page, client):
    council()
    give_role(us.bob.account, "partnership_member", place=us.place, since=MAY, actor=SECRETARY)
    work = reverse("partnerships:council-work", args=[us.place.slug])
    public = reverse("partnerships:council", args=[us.place.slug])
    assert "There is no agreement with the council yet." in page.get(public).text
    sign_in(client, us.bob.account)
    page.post(work, {"do": "begin", "council": council_pk()})
    for duty in (FIGURES, ROOM, ASK):
        page.post(
            work,
            {
                "do": "duty", "side": duty.side, "words": duty.words, "every": duty.every,
                "first_on": duty.first_on,
            },
        )  # fmt: skip
    page.post(work, {"do": "drop", "which": "2"})
    page.post(work, {"do": "offer", "why": "We were ill."})
    page.post(work, {"do": "sign"})
    text = page.get(public).text
    assert "waits for both signatures" in text
    assert "Lend a room" not in text
    account = Account.objects.get(pk=officer.id)
    give_role(account, "council_officer", since=MAY, actor=SECRETARY)
    sign_in(client, account)
    answer = reverse("partnerships:council-answer", args=[us.place.slug])
    assert "Bring figures" in page.get(answer).text
    page.post(answer, {"do": "sign"})
    assert "signed by both sides" in page.get(public).text
    page.post(answer, {"do": "end", "reason": "A new council."})
    assert "A new council." in page.get(public).text


def council_pk() -> int:
    return Organisation.objects.get(slug="alderdale").pk
