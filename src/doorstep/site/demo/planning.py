"""How Millbrook East came to its plan, endorsed by the funder with a memorandum signed for both
sides, and to its agreement with the council; and how its neighbours get started."""

from typing import Any

from doorstep.apps.awards.actions.from_plan import award_from_line
from doorstep.apps.fund.queries import allocation_of
from doorstep.apps.organisations.actions import begin_office, open_organisation
from doorstep.apps.partnerships.actions.council import (
    add_duty,
    begin_agreement,
    offer_agreement,
    sign_agreement,
)
from doorstep.apps.partnerships.actions.memorandum import sign_memorandum
from doorstep.apps.partnerships.actions.plans import (
    add_line,
    begin_plan,
    endorse,
    put_forward,
    write_draft,
)
from doorstep.apps.partnerships.actions.starting import agree_start_money, listen, open_start
from doorstep.apps.partnerships.models import CouncilAgreement, ItemDecision, LineAgreed, Plan
from doorstep.apps.partnerships.rules.council import DraftDuty
from doorstep.apps.partnerships.rules.plans import DraftLine, total
from doorstep.apps.people.models import Account
from doorstep.apps.places.models import Place
from doorstep.apps.record.actors import Actor
from doorstep.site.demo.spending import DEMO, SINCE, Hands


def agree_a_plan(told: dict[str, Any], place: Place, hands: Hands) -> Plan:
    """A plan for all that the place was given; what no line takes is kept for later. Some lines
    have become money promised."""
    share = allocation_of(place.pk)
    assert share is not None
    plan = begin_plan(place.partnership, actor=hands.secretary)
    plan = write_draft(
        plan, vision=told["vision"], legacy=told["legacy"], begins_on=told["begins_on"],
        ends_on=told["ends_on"], actor=hands.secretary,
    )  # fmt: skip
    lines = [
        DraftLine(kind, title, pounds * 100, now * 100, how, by.isoformat())
        for kind, title, pounds, now, how, by in told["lines"]
    ]
    lines.append(DraftLine("later", told["rest"], share.pence - total(lines)))
    for line in lines:
        plan = add_line(plan, line, actor=hands.secretary)
    plan = put_forward(
        plan, decision=_decided(told, place), on=told["put_on"], actor=hands.secretary
    )
    plan = endorse(plan, on=told["endorsed_on"], actor=hands.funder)
    for signer in (hands.chair, hands.funder):
        sign_memorandum(plan, on=told["endorsed_on"], actor=signer)
    for key, (number, title, pounds, day) in enumerate(told["awards"]):
        award_from_line(
            LineAgreed.objects.get(line__plan=plan, line__number=number), key=f"{key:016x}",
            title=title, pence=pounds * 100, on=day, actor=hands.secretary,
        )  # fmt: skip
    return plan


def agree_with_council(
    told: dict[str, Any], place: Place, officer: Account, hands: Hands
) -> CouncilAgreement:
    """Duties of both sides, agreed by the meeting and signed by the secretary and an officer."""
    council = open_organisation(told["slug"], told["name"], "council", actor=DEMO)
    begin_office(council, officer, "contact", since=SINCE, actor=DEMO)
    made = begin_agreement(place.partnership, council, actor=hands.secretary)
    for side, words, every, day in told["duties"]:
        duty = DraftDuty(side, words, every, day.isoformat())
        made = add_duty(made, duty, on=told["offered_on"], actor=hands.secretary)
    made = offer_agreement(
        made, decision=_decided(told, place), on=told["offered_on"], actor=hands.secretary
    )
    for signer in (hands.secretary, Actor("council_officer", officer.pk)):
        sign_agreement(made, on=told["signed_on"], actor=signer)
    return made


def get_started(told: dict[str, Any], place: Place, hands: Hands) -> None:
    """A group that is open to everybody, what it heard, and start-up money by a show of hands."""
    start = open_start(place, told["where"], on=told["opened_on"], actor=hands.worker)
    for how, people, heard, day in told["heard"]:
        listen(start, how=how, people=people, heard=heard, on=day, actor=hands.worker)
    for kind, title, pence, yes, no, day in told["money"]:
        agree_start_money(
            start, kind=kind, title=title, pence=pence, in_favour=yes, against=no, on=day,
            actor=hands.worker,
        )  # fmt: skip


def _decided(told: dict[str, Any], place: Place) -> ItemDecision:
    """What the partnership's first meeting decided about the item that is told of."""
    rows = ItemDecision.objects.select_related("item__meeting", "leaf")
    return rows.get(
        item__meeting__partnership=place.partnership, item__meeting__number=1,
        item__number=told["item"],
    )  # fmt: skip
