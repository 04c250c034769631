"""Every act with money or ballots, in the order in which a fund does them, from arrival to seal.

A generator of (name, act): whoever runs it does the act, and sends back what it gave. So the acts
may be failed, repeated and measured one by one, and each still finds what the one before it left.
"""

from datetime import UTC, date, datetime, timedelta

from doorstep.apps.awards.actions import (
    agreements,
    decisions,
    endings,
    matching,
    payees,
    payments,
    quick_money,
)
from doorstep.apps.awards.actions.applying import begin, decline, send, write
from doorstep.apps.awards.actions.applying import take_back as take_back_application
from doorstep.apps.awards.actions.files import make_payment_file, write_payment_file
from doorstep.apps.awards.actions.from_meetings import award_from_meeting, limit_from_meeting
from doorstep.apps.awards.actions.publishing import end_form, publish_form
from doorstep.apps.awards.actions.quick import give_quick_grant
from doorstep.apps.awards.actions.reports import (
    close_year,
    hand_in_receipt,
    send_receipt_back,
    show_receipt,
    show_result,
    tell_result,
)
from doorstep.apps.awards.actions.taking_back import cancel_payment
from doorstep.apps.awards.asking import to_answer
from doorstep.apps.awards.models import Payment
from doorstep.apps.awards.queries.applying import assessment_of
from doorstep.apps.fund.actions import (
    agree_step,
    allocate,
    ask_step,
    open_example_budget,
    open_fund,
    pay_reclaim,
    receive_dormant,
    receive_match,
    refuse_step,
    take_back,
)
from doorstep.apps.fund.models import AssetClass
from doorstep.apps.ledger.actions import import_statement, reverse
from doorstep.apps.ledger.models import BankLine, Journal
from doorstep.apps.partnerships.actions import join
from doorstep.apps.partnerships.actions.deciding import decide_item
from doorstep.apps.partnerships.actions.meetings import NewItem, call_meeting, end_meeting
from doorstep.apps.people.actions import open_account
from doorstep.apps.record.actors import Actor
from tests.apps.awards.scene import LATER, scene
from tests.apps.awards.test_what_became_of_the_money_is_told import picture
from tests.apps.ledger.statements import bank_account
from tests.millbrook import ACTOR, DAY
from tests.site.agreeing import Acts, agreeing
from tests.site.balloting import ballots
from tests.site.drafting import drafting, one_room_and_none
from tests.site.giving import giving
from tests.site.holding import held_money
from tests.site.passports import bank_details
from tests.site.three_keys import three_keys

TERM = {"begins_on": date(2026, 4, 1), "ends_on": date(2036, 3, 31)}
BANK = (
    "date,amount,who\n2026-06-09,-1800.00,ST ANNES HALL\n2026-06-10,-200.00,ST ANNES HALL\n"
    "2026-06-11,200.00,ST ANNES HALL\n"
)


def every_act() -> Acts:
    yield from money_in()
    yield from giving()
    yield from money_out()
    yield from held_money()
    yield from bank_details()
    yield from drafting()
    yield from one_room_and_none()
    yield from ballots()
    yield from three_keys()


def money_in() -> Acts:
    booked = {"on": DAY, "actor": ACTOR}
    fund = yield "open a fund", lambda: open_fund("mill", "Mill fund", actor=ACTOR)
    yield (
        "forgotten money arrives",
        lambda: receive_dormant(
            fund, AssetClass.BANK, 900_000, giver="A bank", idem_key="a1", **booked
        ),
    )
    yield (
        "it is matched",
        lambda: receive_match(fund, 100_000, giver="A trust", idem_key="a2", **booked),
    )
    yield (
        "an owner is paid",
        lambda: pay_reclaim(fund, AssetClass.BANK, 1_000, idem_key="a3", **booked),
    )
    entry = Journal.objects.latest("pk")
    yield (
        "an entry is taken back",
        lambda: reverse(entry, idem_key="a4", actor=ACTOR, reason="Another owner"),
    )
    ann, bea = (
        Actor("funder", open_account(f"{name}@fund.example", actor=ACTOR).pk) for name in "ab"
    )
    said = {"pence": 1_000}
    step = yield (
        "a step is asked for",
        lambda: ask_step(fund, "costs", said, words="The office", reference="a5", actor=ann),
    )
    other = yield (
        "another step is asked for",
        lambda: ask_step(fund, "costs", said, words="A printer", reference="a6", actor=ann),
    )
    answer = yield "a second person agrees", lambda: agree_step(step, actor=bea)
    yield (
        "a second person does not agree",
        lambda: refuse_step(other, reason="Nobody here knows that bill.", actor=bea),
    )
    yield (
        "what was agreed is taken back",
        lambda: take_back(
            fund,
            answer.journal.seq,
            reason="It was paid two times.",
            idem_key="a7",
            actor=ACTOR,
        ),
    )


def money_out() -> Acts:
    told = scene()
    fund = open_fund("fund-of-millbrook-east", "A fund", actor=ACTOR)
    asker, finance, clerk = (told.acting(who) for who in ("secretary", "finance", "clerk"))
    day = {"on": LATER}
    yield (
        "a place gets a share",
        lambda: allocate(fund, told.place, 10_000, idem_key="b1", on=DAY, actor=ACTOR, **TERM),
    )
    yield (
        "pretend money",
        lambda: open_example_budget(told.place, 5_000, on=DAY, idem_key="b2", actor=ACTOR),
    )
    decision = yield "a decision", lambda: decisions.record_decision(
        told.place, "meeting.decided", title="A kitchen", pence=250_000, decided_on=DAY,
        voted={"partnership_member": 9}, recused={"partnership_member": 1}, actor=asker,
    )  # fmt: skip
    award = yield (
        "an award",
        lambda: decisions.award_by_decision(
            decision,
            "kitchen",
            title="A kitchen",
            pence=250_000,
            kind="project",
            on=DAY,
            actor=asker,
        ),
    )
    agreement = yield (
        "an agreement",
        lambda: agreements.draft_agreement(
            award, payee_kind="organisation", payee=told.payee, purpose="A cooker.", actor=asker
        ),
    )
    yield "our side signs", lambda: agreements.sign(agreement, "ours", on=DAY, actor=asker)
    yield (
        "their side signs",
        lambda: agreements.sign(agreement, "theirs", on=DAY, actor=told.acting("officer")),
    )
    hold = yield "bank details", lambda: payees.give_details(
        told.payee, account_name="St Anne's", sort_code="01-02-03", account_number="12345678",
        on=DAY, actor=finance,
    )  # fmt: skip
    yield "a call back", lambda: payees.record_call_back(
        hold.mandate, held_from="our_records", confirmation="match", confirmed=True,
        on=hold.entered_on, actor=clerk,
    )  # fmt: skip
    sent = []
    for invoice, pence in (("1", 180_000), ("2", 20_000), ("3", 10_000)):
        payment = yield (
            f"payment {invoice} is asked for",
            lambda invoice=invoice, pence=pence: payments.raise_payment(
                award, invoice=invoice, pence=pence, actor=asker, **day
            ),
        )
        yield (
            f"payment {invoice} is approved",
            lambda payment=payment: payments.decide_payment(
                payment, declared="none", actor=finance, **day
            ),
        )
        sent.append(payment)
    for payment in sent[:2]:
        yield (
            f"{payment.slug} is released",
            lambda payment=payment: payments.release_payment(payment, actor=finance, **day),
        )
    yield (
        "a payment is called off",
        lambda: cancel_payment(sent[2], reason="Not needed", actor=asker, **day),
    )
    file = yield "a payment file", lambda: make_payment_file(told.place, actor=finance, **day)
    yield "it is taken out", lambda: write_payment_file(file, actor=finance, **day)
    yield from at_the_bank(told, sent)
    yield from reports(told, sent[0])
    yield "an award is closed", lambda: endings.close_award(award, actor=asker, **day)
    yield from small_money(told)
    yield from a_meeting(told)
    yield from agreeing(told)


def at_the_bank(told, sent) -> Acts:
    clerk = told.acting("clerk")
    account = yield "a bank account is named", lambda: bank_account(told.place)
    yield "a statement is read", lambda: import_statement(account, BANK.encode(), actor=ACTOR)
    lines = list(BankLine.objects.order_by("number"))
    yield (
        "a payment meets its line",
        lambda: matching.confirm_payment(lines[0], sent[0], actor=clerk),
    )
    match = yield "a second one", lambda: matching.confirm_payment(lines[1], sent[1], actor=clerk)
    yield (
        "a match is taken back",
        lambda: matching.take_back_match(match, reason="Another line", actor=clerk),
    )
    yield "it is matched again", lambda: matching.confirm_payment(lines[1], sent[1], actor=clerk)
    yield "the money came back", lambda: matching.came_back(lines[2], sent[1], actor=clerk)


def reports(told, payment) -> Acts:
    worker, chair = told.acting("worker"), told.acting("chair")
    payment = Payment.objects.select_related("award__place", "award__title").get(pk=payment.pk)
    first = yield (
        "a receipt",
        lambda: hand_in_receipt(payment, picture("one"), pence=100_000, actor=worker),
    )
    yield "a receipt is shown", lambda: show_receipt(first, actor=chair)
    second = yield (
        "a second receipt",
        lambda: hand_in_receipt(payment, picture("two"), pence=80_000, actor=worker),
    )
    yield "it is sent back", lambda: send_receipt_back(second, reason="Too dark", actor=chair)
    note = yield (
        "a result",
        lambda: tell_result(payment.award, outcome="happened", words="It is there.", actor=worker),
    )
    yield "a result is shown", lambda: show_result(note, with_photo=False, actor=chair)


def small_money(told) -> Acts:
    asker = told.acting("secretary")
    delegation = yield "a delegation", lambda: decisions.delegate(
        told.place, title="Small things", holder_role="worker", pence=10_000, month_pence=20_000,
        since=DAY, until=DAY + timedelta(300), decided_on=DAY, voted={"partnership_member": 9},
        actor=asker,
    )  # fmt: skip
    yield "a quick grant", lambda: give_quick_grant(
        delegation, key="0" * 16, title="A kettle", purpose="For tea.", pence=5_000,
        payee_kind="organisation", payee=told.payee, invoice="Q1", on=LATER,
        actor=told.acting("worker"),
    )  # fmt: skip
    form = yield "a form is published", lambda: publish_form(
        told.place, key="1" * 16, title="Small grants", kind="project", least=60_000, most=90_000,
        on=LATER, actor=asker,
    )  # fmt: skip
    one = yield "somebody begins to apply", lambda: begin(
        form, key="2" * 16, title="A trip", purpose="To the sea.", pence=60_000, risks={},
        organisation=told.payee, on=LATER, actor=told.acting("officer"),
    )  # fmt: skip
    answers = dict.fromkeys(to_answer(assessment_of(one)), "Yes.")
    yield "answers are written", lambda: write(one, answers, actor=told.acting("officer"))
    yield "it is sent in", lambda: send(one, on=LATER, actor=told.acting("officer"))
    yield "it is declined", lambda: decline(one, reason="No.", on=LATER, actor=asker)
    other = yield "another one is begun", lambda: begin(
        form, key="5" * 16, title="A bus", purpose="To town.", pence=60_000, risks={},
        organisation=told.payee, on=LATER, actor=told.acting("officer"),
    )  # fmt: skip
    yield "it is not wanted", lambda: take_back_application(
        other, on=LATER, actor=told.acting("officer")
    )  # fmt: skip
    yield "a form ends", lambda: end_form(form, actor=asker)
    yield (
        "two say that they share a home",
        lambda: quick_money.share_home(told.clerk, told.neighbour, LATER),
    )
    yield "members get a limit", lambda: decisions.delegate(
        told.place, title="Quick money", holder_role="partnership_member", pence=10_000,
        month_pence=20_000, since=DAY, until=DAY + timedelta(300), decided_on=DAY,
        voted={"partnership_member": 9}, actor=asker,
    )  # fmt: skip
    quick = yield "quick money is asked for", lambda: quick_money.ask_quick(
        told.place, key="3" * 16, title="A kettle", purpose="It broke.", pence=5_000, invoice="Q2",
        organisation=told.payee, on=LATER, actor=told.acting("officer"),
    )  # fmt: skip
    yield "one member says yes", lambda: quick_money.say(quick, "yes", on=LATER, actor=asker)
    quick = yield (
        "a second one says yes",
        lambda: quick_money.say(quick, "yes", on=LATER, actor=told.acting("chair")),
    )
    yield "a meeting looks at it", lambda: quick_money.review(
        quick.award, met_on=LATER, found="fine", note="It boils.", on=LATER,
        actor=told.acting("funder"),
    )  # fmt: skip
    yield "a delegation ends", lambda: decisions.end_delegation(delegation, on=LATER, actor=asker)
    made = []
    for slug in ("garden", "shed"):
        decision = decisions.record_decision(
            told.place, "meeting.decided", title=slug, pence=4_000, decided_on=DAY,
            voted={"partnership_member": 9}, recused={}, actor=asker,
        )  # fmt: skip
        kind = "unrestricted" if slug == "garden" else "project"
        made.append(
            decisions.award_by_decision(
                decision, slug, title=slug, pence=4_000, kind=kind, on=DAY, actor=asker
            )
        )
    yield (
        "a year is closed",
        lambda: close_year(
            made[0],
            ends_on=DAY,
            accounts=picture(),
            story="A good year.",
            actor=told.acting("worker"),
        ),
    )
    yield (
        "an award is called off",
        lambda: endings.cancel_award(made[1], reason="No need", on=LATER, actor=asker),
    )


def a_meeting(told) -> Acts:
    who = told.acting("secretary")
    third = join(
        told.place.partnership, told.neighbour, lives_here=True, since=date(2026, 1, 1), actor=who
    )
    evening = datetime(2026, 6, 17, 19, tzinfo=UTC)
    days = {"since": "2027-05-01", "until": "2028-05-01"}
    limit = {"holder": "worker", "month_pence": 9_000, **days}
    agenda = [
        NewItem("money", "A gate", pence=3_000),
        NewItem("limit", "Small", pence=900, terms=limit),
    ]
    meeting = yield "a meeting is called", lambda: call_meeting(
        told.place.partnership, meets_at=evening, where="The hall", on=DAY, actor=who,
        items=agenda,
    )  # fmt: skip
    said = {seat.pk: "here" for seat in told.place.partnership.memberships.all()}
    made = []
    for item in meeting.items.order_by("number"):
        made.append((yield f"item {item.number} is decided", lambda item=item: decide_item(
            item, said=said, chair=third, method="consent", on=evening.date(), actor=who,
        )))  # fmt: skip
    yield "a meeting ends", lambda: end_meeting(meeting, on=evening.date(), actor=who)
    yield "its money is promised", lambda: award_from_meeting(made[0], on=LATER, actor=who)
    yield "its limit begins", lambda: limit_from_meeting(made[1], actor=who)
