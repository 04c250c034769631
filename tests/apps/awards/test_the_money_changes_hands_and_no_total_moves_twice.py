"""An organisation holds the money by an agreement of two; another takes it over mid-life, and no
total moves twice."""

from datetime import date, timedelta

import pytest
from django.db.models import Sum

from doorstep.apps.awards.actions import closing_out, host_moves, hosting, payments
from doorstep.apps.awards.actions.taking_back import cancel_payment
from doorstep.apps.awards.actions.withdrawing import withdraw_funding
from doorstep.apps.awards.due import years_on
from doorstep.apps.awards.models import Funding, Move, Payment
from doorstep.apps.awards.promised_hosting import DUTIES
from doorstep.apps.awards.queries.hosting import held, net_of
from doorstep.apps.awards.verify_hosting import verify_hosting
from doorstep.apps.fund.actions import allocate, receive_dormant
from doorstep.apps.fund.models import AssetClass, Fund
from doorstep.apps.ledger.queries import place_money
from doorstep.apps.organisations.actions import give_document
from doorstep.apps.promises.actions import keep
from doorstep.apps.promises.models import Promise, PromiseState
from doorstep.apps.record.telling import tell
from doorstep.apps.refused import Refused
from tests.apps.awards.hosting import PARTS, WINTER, Hosted, hosted
from tests.apps.awards.scene import LATER, agreed, approved, asked, awarded, ready
from tests.apps.organisations.groups import paper
from tests.apps.record.publishing import lift_seals
from tests.millbrook import ACTOR, DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def one() -> Hosted:
    return hosted()


def released(one: Hosted, pence: int = 180_000) -> Payment:
    _award, payment = ready(one.told, pence)
    payment = approved(one.told, payment)
    return payments.release_payment(payment, on=LATER, actor=one.told.acting("finance"))


def faults() -> list[str]:
    return [f"{one.where} {one.sentence}" for one in verify_hosting()]


def test_the_fee_is_five_in_a_hundred_on_top_of_the_share(one):
    before, share = one.pot(), place_money("millbrook-east")
    move = one.paid(1)
    assert move.fee_pence == 50_000
    assert one.fees() == 50_000
    assert one.pot() == before - 50_000
    assert place_money("millbrook-east") == share
    assert one.at().free == PARTS[0][0]
    assert faults() == []


def test_no_part_is_paid_by_one_person_early_or_twice(one):
    with pytest.raises(Refused, match="due on 1 December 2026"):
        one.ask(2)
    move = one.ask(1)
    with pytest.raises(Refused, match="A funder answers"):
        host_moves.confirm(move, on=DAY, actor=one.told.acting("clerk"))
    with pytest.raises(Refused, match="somebody else agrees"):
        host_moves.confirm(move, on=DAY, actor=one.told.acting("finance", "funder"))
    with pytest.raises(Refused, match="asked for already"):
        one.ask(1)
    done = host_moves.confirm(move, on=DAY, actor=one.told.acting("funder"))
    assert host_moves.confirm(move, on=DAY, actor=one.told.acting("funder")) == done
    assert one.fees() == 50_000
    with pytest.raises(Refused, match="asked for already"):
        one.ask(1)


def test_each_part_follows_a_spend_report_of_its_own(one):
    one.paid(1)
    owed = Promise.objects.get(kind="hosting.report")
    assert owed.due_on == DAY + timedelta(days=182)
    with pytest.raises(Refused, match="Write a spend report first"):
        one.ask(2, on=WINTER)
    released(one)
    report = one.report()
    assert (report.spent_pence, report.held_pence) == (0, PARTS[0][0])
    owed.refresh_from_db()
    assert owed.state == PromiseState.MET
    one.paid(2, report, on=WINTER)
    summer = date(2027, 6, 2)
    with pytest.raises(Refused, match="report of its own"):
        one.ask(3, report, on=summer)
    assert Promise.objects.filter(kind="hosting.report", state=PromiseState.OPEN).count() == 1
    assert faults() == []


def test_what_no_organisation_holds_is_not_paid(one):
    _award, payment = ready(one.told)
    payment = approved(one.told, payment)
    with pytest.raises(Refused, match="Ask the fund for the next part"):
        payments.release_payment(payment, on=LATER, actor=one.told.acting("finance"))
    one.paid(1)
    payments.release_payment(payment, on=LATER, actor=one.told.acting("finance"))
    assert (one.at().in_flight, one.at().free) == (180_000, PARTS[0][0] - 180_000)
    payments.clear_payment(payment, bank_line=1, actor=one.told.acting("clerk"))
    assert (one.at().in_flight, one.at().spent) == (0, 180_000)


def test_a_change_with_payments_in_flight_moves_nothing_twice(one):
    one.paid(1)
    payment = released(one)
    share, fees = place_money("millbrook-east"), one.fees()
    with pytest.raises(Refused, match="20,000 is still to come"):
        one.handed_over(2_000_001)
    later = one.handed_over(2_000_000)
    # The former gets no more parts, and holds what it holds until it passes that on.
    assert one.at().replaced
    assert one.at().open_parts == []
    with pytest.raises(Refused, match="another took it over"):
        one.ask(2, one.report())
    with pytest.raises(Refused, match="What is on its way"):
        one.pass_on(one.funding, later, PARTS[0][0], actor=one.told.acting("finance"))
    left = PARTS[0][0] - 180_000
    move = one.pass_on(one.funding, later, left, actor=one.told.acting("finance"))
    assert (one.at().free, one.at(later).free) == (0, 0)
    with pytest.raises(Refused, match="speaks for East Trust"):
        host_moves.confirm(move, on=WINTER, actor=one.told.acting("clerk"))
    host_moves.confirm(move, on=WINTER, actor=one.heirs)
    assert (one.at().free, one.at(later).free) == (0, left)
    # Nothing of the place moved, and no fee was paid again.
    assert place_money("millbrook-east") == share
    assert one.fees() == fees
    assert sum(each.free + each.in_flight for each in held(one.told.place).values()) == PARTS[0][0]
    assert net_of(one.told.place) == PARTS[0][0]
    # The payment on its way ends where it began, whatever happened since.
    payments.clear_payment(payment, bank_line=7, actor=one.told.acting("clerk"))
    assert (one.at().spent, one.at(later).spent) == (180_000, 0)
    planned = one.at(later).parts
    assert sum(part.pence for part in planned) + PARTS[0][0] == sum(p for p, _day in PARTS)
    assert faults() == []


def test_what_is_to_come_is_promised_to_one_organisation_only():
    one = hosted()
    one.paid(1)
    drafting = {"takes_over": one.funding, "actor": one.told.acting("funder")}
    first = hosting.draft_funding(one.next_host, [(2_000_000, DAY)], on=DAY, **drafting)
    again = hosting.draft_funding(one.next_host, [(2_000_000, DAY)], on=DAY, **drafting)
    assert again == first
    with pytest.raises(Refused, match="already, for East Trust"):
        hosting.draft_funding(one.next_host, [(2_000_000, DAY)], on=WINTER, **drafting)


def test_a_draft_is_withdrawn_until_it_is_accepted_and_the_next_takes_its_place():
    one = hosted()
    one.paid(1)
    funder, finance = one.told.acting("funder"), one.told.acting("finance")
    drafting = {"takes_over": one.funding, "on": DAY, "actor": funder}
    first = hosting.draft_funding(one.next_host, [(2_000_000, DAY)], **drafting)
    why = {"reason": "The day was wrong.", "on": DAY}
    for who, said in ((finance, "A funder withdraws"), (one.told.acting("chair"), "A funder")):
        with pytest.raises(Refused, match=said):
            withdraw_funding(first, actor=who, **why)
    with pytest.raises(Refused, match="reason"):
        withdraw_funding(first, actor=funder, reason=" ", on=DAY)
    gone = withdraw_funding(first, actor=funder, **why)
    assert withdraw_funding(first, actor=funder, **why).withdrawn == gone.withdrawn
    assert one.at().to_come  # what it was to take over is to come as before
    assert one.at(first).to_come == []
    with pytest.raises(Refused, match="The fund withdrew this draft"):
        hosting.accept_funding(first, on=DAY, actor=one.heirs)
    second = hosting.draft_funding(one.next_host, [(2_000_000, DAY)], **drafting)
    assert second != first
    hosting.accept_funding(second, on=DAY, actor=one.heirs)
    assert one.at().replaced
    with pytest.raises(Refused, match="East Trust has accepted it, so it stands"):
        withdraw_funding(second, actor=funder, **why)
    assert faults() == []
    (told,) = tell([gone.withdrawn])
    assert "withdrew the agreement with east-trust" in told.sentence
    assert told.sentence.endswith("The day was wrong.")


def test_verify_finds_a_withdrawal_of_another_draft():
    one = hosted()
    drafts = [
        hosting.draft_funding(
            one.next_host, [(500, DAY), (pence, WINTER)], on=DAY, actor=one.told.acting("funder")
        )
        for pence in (1, 2)
    ]
    gone = [
        withdraw_funding(draft, reason="No.", on=DAY, actor=one.told.acting("funder"))
        for draft in drafts
    ]
    lift_seals("awards_funding")
    Funding.objects.filter(pk=gone[1].pk).update(withdrawn=gone[1].drafted)
    Funding.objects.filter(pk=gone[0].pk).update(withdrawn=gone[1].withdrawn)
    assert [one.sentence for one in verify_hosting()] == [
        "the record says another agreement.", "the record says another kind, agreement.",
    ]  # fmt: skip


def test_a_payment_that_is_taken_back_after_the_change_comes_home_and_is_passed_on(one):
    one.paid(1)
    payment = released(one)
    later = one.handed_over(2_000_000)
    left = PARTS[0][0] - 180_000
    move = one.pass_on(one.funding, later, left, actor=one.told.acting("finance"))
    host_moves.confirm(move, on=WINTER, actor=one.heirs)
    with pytest.raises(Refused, match="still with it or on its way"):
        hosting.stop_hosting(one.funding.host, on=WINTER, actor=one.told.acting("chair"))
    cancel_payment(payment, reason="Twice", on=WINTER, actor=one.told.acting("clerk"))
    assert one.at().free == 180_000
    with pytest.raises(Refused, match="still with it or on its way"):
        hosting.stop_hosting(one.funding.host, on=WINTER, actor=one.told.acting("chair"))
    move = one.pass_on(one.funding, later, 180_000, actor=one.told.acting("finance"))
    host_moves.confirm(move, on=WINTER, actor=one.heirs)
    hosting.stop_hosting(one.funding.host, on=WINTER, actor=one.told.acting("chair"))
    assert one.at(later).free == PARTS[0][0]
    assert one.fees() == 50_000
    assert faults() == []


def test_the_money_of_two_organisations_is_one_share(one):
    with pytest.raises(Refused, match="agreed already"):
        hosting.draft_funding(
            one.next_host, [(2_000_000, DAY)], on=DAY, actor=one.told.acting("funder")
        )
    beside = hosting.draft_funding(
        one.next_host, [(1_999_999, DAY)], on=DAY, actor=one.told.acting("funder")
    )
    hosting.accept_funding(beside, on=DAY, actor=one.heirs)
    one.paid(1)
    move = host_moves.ask_part(beside.parts.get(), on=DAY, actor=one.heirs)
    host_moves.confirm(move, on=DAY, actor=one.told.acting("funder"))
    assert released(one).paid_from.funding == one.funding
    award = awarded(one.told, 900_000, "roof")
    agreed(one.told, award)
    payment = asked(one.told, award, 900_000, "ROOF-1")
    payment = approved(one.told, payment, "finance", "chair")
    payment = payments.release_payment(payment, on=LATER, actor=one.told.acting("finance"))
    # The first could not pay it, so it left the account of the second.
    assert payment.paid_from.funding == beside
    assert one.at().free == PARTS[0][0] - 180_000


def test_a_returned_part_takes_its_fee_back_to_the_penny(one):
    before = one.pot()
    release = one.paid(1)  # £10,000.01, of which the fee is £500.00
    back = []
    for pence in (1, 333_333, 666_667):
        move = host_moves.send_back(
            release, pence, reason="Not needed", on=LATER, actor=one.told.acting("finance")
        )
        with pytest.raises(Refused, match="A funder answers"):
            host_moves.confirm(move, on=LATER, actor=one.told.acting("clerk"))
        back.append(host_moves.confirm(move, on=LATER, actor=one.told.acting("funder")))
    assert sum(move.fee_pence for move in back) == 50_000
    assert (one.fees(), one.pot(), one.at().free) == (0, before, 0)
    with pytest.raises(Refused, match="At most £0 can"):
        host_moves.send_back(release, 1, reason="Again", on=LATER, actor=one.told.acting("finance"))
    assert faults() == []


def test_what_is_on_its_way_cannot_be_sent_back(one):
    release = one.paid(1)
    released(one)
    with pytest.raises(Refused, match=r"At most £8,200\.01"):
        host_moves.send_back(
            release, 900_000, reason="All", on=LATER, actor=one.told.acting("finance")
        )


def test_a_part_that_was_declined_may_be_asked_for_again(one):
    move = one.ask(1)
    host_moves.decline(move, reason="Not yet.", on=DAY, actor=one.told.acting("funder"))
    assert one.fees() == 0
    one.paid(1)
    assert one.at().released == PARTS[0][0]
    assert Move.objects.aggregate(all=Sum("fee_pence"))["all"] == 100_000
    assert one.fees() == 50_000


def test_bridging_is_asked_for_four_weeks_ahead_within_an_average_part_with_accounts(one):
    one.paid(1)
    who = {"on": LATER, "actor": one.told.acting("finance"), "why": "A worker starts in July."}
    soon, in_time = LATER + timedelta(days=27), LATER + timedelta(days=28)
    with pytest.raises(Refused, match="28 days ahead"):
        hosting.ask_bridging(one.funding, 500_000, due_on=soon, **who)
    with pytest.raises(Refused, match="At most £10,000, an average part"):
        hosting.ask_bridging(one.funding, 1_000_001, due_on=in_time, **who)
    with pytest.raises(Refused, match="latest signed accounts"):
        hosting.ask_bridging(one.funding, 1_000_000, due_on=in_time, **who)
    give_document(
        one.told.host, "accounts", paper("accounts"), issued=date(2026, 4, 1), expires=None,
        on=LATER, actor=one.told.acting("finance"),
    )  # fmt: skip
    part = hosting.ask_bridging(one.funding, 1_000_000, due_on=in_time, **who)
    move = host_moves.ask_part(part, on=in_time, actor=one.told.acting("finance"))
    host_moves.confirm(move, on=in_time, actor=one.told.acting("funder"))
    assert one.fees() == 100_000
    assert faults() == []


def test_an_expired_safeguarding_policy_stops_a_new_agreement_and_nothing_promised(one):
    one.paid(1)
    end = date(2026, 11, 30)
    for body, who in (
        (one.told.host, one.told.acting("finance")), (one.next_body, one.heirs)
    ):  # fmt: skip
        give_document(
            body, "safeguarding", paper(body.slug), issued=date(2025, 12, 1), expires=end, on=DAY,
            actor=who,
        )  # fmt: skip
    one.paid(2, one.report(), on=WINTER)
    with pytest.raises(Refused, match="safeguarding policy ended on 30 November 2026"):
        one.handed_over(1_000_000)
    give_document(
        one.next_body, "safeguarding", paper("new"), issued=WINTER, expires=date(2027, 12, 1),
        on=WINTER, actor=one.heirs,
    )  # fmt: skip
    assert one.handed_over(1_000_000).accepted


def spent(one: Hosted) -> None:
    one.paid(1)
    payments.clear_payment(released(one), bank_line=9, actor=one.told.acting("clerk"))


def test_closing_begins_under_the_rule_and_ends_with_every_duty_kept(one):
    spent(one)
    place = one.told.place
    begun = closing_out.begin_closing(place, on=LATER, actor=one.told.acting("chair"))
    assert closing_out.begin_closing(place, on=LATER, actor=one.told.acting("chair")) == begun
    end = {"on": LATER, "actor": one.told.acting("funder")}
    with pytest.raises(Refused, match="Duties still open: Wind down policies"):
        closing_out.close_funding(place, **end)
    duties = Promise.objects.filter(kind__in=DUTIES)
    assert duties.count() == len(DUTIES)
    for duty in duties:
        assert duty.owed_by_organisation == one.told.host
        keep(duty, on=LATER, actor=one.told.acting("finance"))
    with pytest.raises(Refused, match="Alderdale CVS writes a final report"):
        closing_out.close_funding(place, **end)
    one.report(on=LATER)
    with pytest.raises(Refused, match="not the person who began it"):
        closing_out.close_funding(place, on=LATER, actor=one.told.acting("chair", "funder"))
    closed = closing_out.close_funding(place, **end)
    assert closed.left_pence == 5_000_000 - 180_000
    assert closed.records_until == date(2033, 6, 8)
    kept = Promise.objects.get(kind="hosting.records")
    assert (kept.due_on, kept.owed_by_organisation) == (closed.records_until, one.told.host)
    with pytest.raises(Refused, match="is closed"):
        one.ask(2, one.report(), on=WINTER)


def test_closing_waits_for_the_money_to_be_little(one, monkeypatch):
    one.paid(1)
    place, rules = one.told.place, closing_out.rule

    def tighter(key, *more):
        found = rules(key, *more)
        lower = {"hosting.closing_from": 5_000_000, "hosting.closing_most": 4_999_999}
        return type("Rule", (), {"value": lower.get(key, found.value)})

    monkeypatch.setattr(closing_out, "rule", tighter)
    with pytest.raises(Refused, match="Closing begins under £50,000"):
        closing_out.begin_closing(place, on=LATER, actor=one.told.acting("chair"))
    monkeypatch.setattr(closing_out, "rule", rules)
    closing_out.begin_closing(place, on=LATER, actor=one.told.acting("chair"))
    monkeypatch.setattr(closing_out, "rule", tighter)
    with pytest.raises(Refused, match=r"it closes with £49,999\.99 at most"):
        closing_out.close_funding(place, on=LATER, actor=one.told.acting("funder"))


def test_a_share_that_is_not_drawn_yet_is_agreed_on_and_keeps_the_closing_away(one):
    one.paid(1)
    place, term = one.told.place, {"begins_on": DAY, "ends_on": date(2036, 3, 31)}
    fund = Fund.objects.get()
    receive_dormant(
        fund, AssetClass.BANK, 30_000_000, giver="A bank", on=DAY, idem_key="more", actor=ACTOR
    )
    allocate(
        fund, place, 11_000_000, over_term=True, on=DAY, idem_key="later", actor=ACTOR, **term
    )  # fmt: skip
    with pytest.raises(Refused, match="£160,000 is left"):
        closing_out.begin_closing(place, on=LATER, actor=one.told.acting("chair"))
    funding = hosting.draft_funding(
        one.next_host, [(12_000_000, DAY)], on=DAY, actor=one.told.acting("funder")
    )
    hosting.accept_funding(funding, on=DAY, actor=one.heirs)
    move = host_moves.ask_part(funding.parts.get(), on=DAY, actor=one.heirs)
    with pytest.raises(Refused, match="Let it draw its share first"):
        host_moves.confirm(move, on=DAY, actor=one.told.acting("funder"))


def test_records_of_a_leap_day_are_kept_seven_whole_years():
    assert years_on(date(2028, 2, 29), 7) == date(2035, 3, 1)
    assert years_on(date(2026, 2, 28), 7) == date(2033, 2, 28)
