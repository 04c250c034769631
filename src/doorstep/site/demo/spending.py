"""What Millbrook East spends: each kind of award walked as far as it has come, by several hands."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from django.utils import timezone
from django.utils.text import slugify
from PIL import Image, ImageDraw, ImageFont

from doorstep.apps.awards.actions import host_moves, hosting
from doorstep.apps.awards.actions.agreements import draft_agreement, sign
from doorstep.apps.awards.actions.decisions import (
    award_by_decision,
    delegate,
    record_decision,
)
from doorstep.apps.awards.actions.matching import confirm_payment
from doorstep.apps.awards.actions.payees import give_details, record_call_back
from doorstep.apps.awards.actions.payments import decide_payment, raise_payment, release_payment
from doorstep.apps.awards.actions.quick import give_quick_grant
from doorstep.apps.awards.actions.reports import (
    hand_in_receipt,
    show_receipt,
    show_result,
    tell_result,
)
from doorstep.apps.awards.models import (
    Award,
    AwardKind,
    DecisionKind,
    Declared,
    Outcome,
    PayeeKind,
    Payment,
    Side,
)
from doorstep.apps.fund.models import Fund
from doorstep.apps.ledger.actions import import_statement, open_bank_account
from doorstep.apps.ledger.models import BankLine
from doorstep.apps.ledger.statements.commas import OWN_LAYOUT
from doorstep.apps.organisations.actions import begin_office, open_organisation
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.partnerships.models import HostAgreement
from doorstep.apps.people.actions import give_role, open_account
from doorstep.apps.people.models import Account
from doorstep.apps.places.models import Place
from doorstep.apps.record.actors import Actor
from doorstep.apps.typeface import typeface

DEMO = Actor("system", "demo")
SINCE = date(2026, 1, 12)


@dataclass(frozen=True)
class Hands:
    """Who does what: nobody does two things that must be done by two."""

    worker: Actor
    finance: Actor
    secretary: Actor
    chair: Actor
    funder: Actor


@dataclass(frozen=True)
class Paid:
    payment: Payment
    who: str
    invoice: str


def spend(told: dict[str, Any], place: Place, fund: Fund, hands: Hands) -> None:
    """Four awards and their payments, then the bank's statement, then receipts and a result."""
    host = Organisation.objects.get(slug=told["host"])
    office = Account.objects.get(pk=hands.finance.id)
    begin_office(host, office, "finance_officer", since=SINCE, actor=DEMO)
    _hold_the_money(told["hosting"], host, place, hands)
    officers = {payee["slug"]: _payee(payee, hands) for payee in told["payees"]}
    kitchen = _pay_kitchen(told["kitchen"], place, officers, hands)
    quick = _pay_quickly(told["quick"], place, officers, hands)
    paid = [
        kitchen,
        quick,
        _pay_unrestricted(told["unrestricted"], place, officers, hands),
        _pay_worker(told["worker"], place, officers, hands),
    ]
    _read_the_bank(told, place, fund, paid, hands)
    for one, about in ((kitchen, told["kitchen"]), (quick, told["quick"])):
        _show_receipt(one.payment, about["receipt"], hands)
    note = tell_result(
        kitchen.payment.award,
        outcome=Outcome.HAPPENED,
        words=told["kitchen"]["result"],
        actor=hands.worker,
    )
    show_result(note, with_photo=False, actor=hands.secretary)


def _hold_the_money(told: dict[str, Any], host: Organisation, place: Place, hands: Hands) -> None:
    """An agreement with the host; its first part is paid, and accounted for since."""
    agreed = HostAgreement.objects.get(partnership__place=place, organisation=host)
    parts = [(pounds * 100, _ago(days)) for pounds, days in told["parts"]]
    funding = hosting.draft_funding(agreed, parts, on=_ago(70), actor=hands.funder)
    hosting.accept_funding(funding, on=_ago(68), actor=hands.finance)
    move = host_moves.ask_part(funding.parts.get(number=1), on=_ago(60), actor=hands.finance)
    host_moves.confirm(move, on=_ago(58), actor=hands.funder)
    hosting.report_spend(
        funding, at_bank_pence=told["at_bank"] * 100, words=told["report"], on=_ago(30),
        actor=hands.finance,
    )  # fmt: skip


def _payee(told: dict[str, Any], hands: Hands) -> tuple[Organisation, Actor]:
    """A payee with an officer, and bank details that waited and were called back."""
    found = Organisation.objects.filter(slug=told["slug"]).first()
    payee = found or open_organisation(told["slug"], told["name"], told["kind"], actor=DEMO)
    known = Account.objects.filter(email=told["officer"]).first()
    officer = known or open_account(told["officer"], actor=DEMO)
    begin_office(payee, officer, "treasurer", since=SINCE, actor=DEMO)
    hold = give_details(
        payee,
        account_name=told["account_name"],
        sort_code=told["sort_code"],
        account_number=told["number"],
        on=_ago(40),
        actor=hands.finance,
    )
    record_call_back(
        hold.mandate,
        held_from="register",
        confirmation="match",
        confirmed=True,
        on=_ago(38),
        actor=hands.secretary,
    )
    return payee, Actor("resident", officer.pk)


def _pay_kitchen(
    told: dict[str, Any], place: Place, payees: dict[str, tuple[Organisation, Actor]], hands: Hands
) -> Paid:
    """A vote, an agreement, an invoice; the chair knows the fitter, so stays out."""
    award = Award.objects.get(project__code=told["project"], project__round__place=place)
    payee, officer = payees[told["payee"]]
    agreement = draft_agreement(
        award,
        payee_kind=PayeeKind.ORGANISATION,
        payee=payee,
        purpose=told["purpose"],
        actor=hands.finance,
    )
    _sign(agreement, officer, hands)
    payment = raise_payment(
        award, invoice=told["invoice"], pence=award.pence, on=_ago(12), actor=hands.worker
    )
    decide_payment(payment, declared=Declared.LOYALTY, on=_ago(12), actor=hands.chair)
    return _approved(payment, payee, told, [hands.secretary], hands)


def _pay_quickly(
    told: dict[str, Any], place: Place, payees: dict[str, tuple[Organisation, Actor]], hands: Hands
) -> Paid:
    """£120 within a limit that the partnership gave to its worker."""
    limit = delegate(
        place,
        title="Quick grants by the community worker",
        holder_role="worker",
        pence=50_000,
        month_pence=200_000,
        since=_ago(60),
        until=_ago(-300),
        decided_on=_ago(61),
        voted={"partnership_member": 9},
        recused={},
        actor=hands.secretary,
    )
    payee, _officer = payees[told["payee"]]
    payment = give_quick_grant(
        limit,
        key="0123456789abcdef",
        title=told["title"],
        purpose=told["purpose"],
        pence=told["pounds"] * 100,
        payee_kind=PayeeKind.ORGANISATION,
        payee=payee,
        invoice=told["invoice"],
        on=_ago(10),
        actor=hands.worker,
    )
    return _approved(payment, payee, told, [hands.chair], hands)


def _pay_unrestricted(
    told: dict[str, Any], place: Place, payees: dict[str, tuple[Organisation, Actor]], hands: Hands
) -> Paid:
    """Three years without vouchers; the first year's part is paid."""
    award = _decided_before(
        place,
        DecisionKind.MEETING,
        key="1123456789abcdef",
        title=told["title"],
        pence=told["pounds"] * 100,
        kind_of_award=AwardKind.UNRESTRICTED,
        decided_on=_ago(50),
        voted={"partnership_member": 8},
        recused={"partnership_member": 1},
        on=_ago(48),
        actor=hands.secretary,
    )
    part = told["yearly"] * 100
    payee, officer = payees[told["payee"]]
    agreement = draft_agreement(
        award,
        payee_kind=PayeeKind.ORGANISATION,
        payee=payee,
        purpose=told["purpose"],
        instalments=[(part, _ago(20)), (part, _ago(-345)), (part, _ago(-710))],
        actor=hands.finance,
    )
    _sign(agreement, officer, hands)
    payment = raise_payment(
        award,
        invoice=told["invoice"],
        pence=part,
        instalment=agreement.instalments.get(number=1),
        on=_ago(12),
        actor=hands.worker,
    )
    return _approved(payment, payee, told, [hands.secretary, hands.funder], hands)


def _pay_worker(
    told: dict[str, Any], place: Place, payees: dict[str, tuple[Organisation, Actor]], hands: Hands
) -> Paid:
    """A line of the plan; its first months are paid."""
    award = _decided_before(
        place,
        DecisionKind.PLAN_LINE,
        key="2123456789abcdef",
        title=told["title"],
        pence=told["pounds"] * 100,
        kind_of_award=AwardKind.PROJECT,
        decided_on=_ago(90),
        voted={"partnership_member": 10},
        recused={},
        on=_ago(85),
        actor=hands.secretary,
    )
    first = told["first"] * 100
    payee, officer = payees[told["payee"]]
    agreement = draft_agreement(
        award,
        payee_kind=PayeeKind.HOST,
        payee=payee,
        purpose=told["purpose"],
        instalments=[(first, _ago(20)), (award.pence - first, _ago(-160))],
        actor=hands.secretary,
    )
    _sign(agreement, officer, hands)
    payment = raise_payment(
        award,
        invoice=told["invoice"],
        pence=first,
        instalment=agreement.instalments.get(number=1),
        on=_ago(9),
        actor=hands.worker,
    )
    # The host is paid, so nobody of the host sends it.
    hands = replace(hands, finance=_finance_of_the_fund(told["released_by"]))
    return _approved(payment, payee, told, [hands.secretary], hands)


def _decided_before(
    place: Place, kind: str, *, key: str, title: str, pence: int, kind_of_award: str,
    decided_on: date, voted: dict[str, int], recused: dict[str, int], on: date, actor: Actor,
) -> Award:  # fmt: skip
    """An award of what was decided before the place kept its meetings here."""
    decision = record_decision(
        place, kind, title=title, pence=pence, decided_on=decided_on, voted=voted, recused=recused,
        actor=actor,
    )  # fmt: skip
    slug = f"{slugify(title)[:30].strip('-')}-{key[:12]}"
    return award_by_decision(
        decision, slug, title=title, pence=pence, kind=kind_of_award, on=on, actor=actor
    )


def _finance_of_the_fund(address: str) -> Actor:
    officer = open_account(address, actor=DEMO)
    give_role(officer, "finance_officer", since=SINCE, actor=DEMO)
    return Actor("finance_officer", officer.pk)


def _sign(agreement: Any, officer: Actor, hands: Hands) -> None:
    sign(agreement, Side.OURS, on=_ago(30), actor=hands.secretary)
    sign(agreement, Side.THEIRS, on=_ago(29), actor=officer)


def _approved(
    payment: Payment, payee: Organisation, told: dict[str, Any], by: list[Actor], hands: Hands
) -> Paid:
    for approver in by:
        decide_payment(payment, declared=Declared.NONE, on=_ago(8), actor=approver)
    payment = release_payment(payment, on=_ago(7), actor=hands.finance)
    return Paid(payment, payee.name, told["invoice"])


def _read_the_bank(
    told: dict[str, Any], place: Place, fund: Fund, paid: list[Paid], hands: Hands
) -> None:
    """The bank's statement has a line for each payment but the last, and one that nobody knows."""
    account = open_bank_account(
        told["bank_account"],
        label=told["bank_label"],
        fund=fund.slug,
        place=place,
        last_three=told["bank_digits"],
        actor=DEMO,
    )
    rows = [OWN_LAYOUT]
    rows += [
        f"{_ago(5):%d/%m/%Y},-{one.payment.pence / 100:.2f},{one.who},{one.invoice},MB{number},"
        for number, one in enumerate(paid[:-1], start=1)
    ]
    rows.append(f"{_ago(4):%d/%m/%Y},-6.50,BANK,CHARGES,MB9,")
    statement = import_statement(account, "\n".join(rows).encode(), actor=hands.finance).statement
    lines = BankLine.objects.filter(statement=statement)
    for one in paid[:-1]:
        line = lines.get(pence=-one.payment.pence)
        confirm_payment(line, one.payment, actor=hands.secretary)


def _show_receipt(payment: Payment, lines: list[str], hands: Hands) -> None:
    receipt = hand_in_receipt(payment, picture_of(lines), pence=payment.pence, actor=hands.worker)
    show_receipt(receipt, actor=hands.secretary)


def picture_of(lines: list[str]) -> BytesIO:
    """A photo of a till receipt or of another paper, as near as a demo comes to one."""
    paper = Image.new("RGB", (720, 150 + 58 * len(lines)), "#e9e4d8")
    draw = ImageDraw.Draw(paper)
    draw.rectangle((28, 24, 692, paper.height - 24), fill="#fdfcf8")
    font = ImageFont.truetype(typeface()[""], size=27)
    for number, line in enumerate(lines):
        name, gap, sum_ = line.rpartition("  ")
        top = 62 + 58 * number
        draw.text((60, top), (name if gap else line).strip(), "#222222", font)
        if gap:
            draw.text((660, top), sum_.strip(), "#222222", font, anchor="ra")
    taken = BytesIO()
    paper.rotate(1.2, expand=True, fillcolor="#b9b2a2").save(taken, "JPEG", quality=80)
    taken.seek(0)
    return taken


def _ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)
