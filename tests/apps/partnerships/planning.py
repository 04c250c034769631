"""A plan of Millbrook East, whose share is £50,000, and the people who carry it on."""

from datetime import date

from doorstep.apps.partnerships.actions.plans import (
    add_line,
    begin_plan,
    endorse,
    put_forward,
    write_draft,
)
from doorstep.apps.partnerships.models import ItemDecision, Plan
from doorstep.apps.partnerships.rules.plans import DraftLine
from doorstep.apps.people.actions import open_account
from doorstep.apps.people.models import Account
from doorstep.apps.record.actors import Actor
from tests.apps.partnerships.meeting import MET, PLAN, SECRETARY, Group, called, decided, group

BEGINS, ENDS, PUT = date(2026, 7, 1), date(2029, 6, 30), date(2026, 6, 18)
LINES = (
    DraftLine("project", "The hall’s kitchen", 1_800_000, 1_800_000, "Two prices", "2027-06-30"),
    DraftLine("worker", "A worker, two days a week", 1_200_000, 400_000, "£4,000 a year"),
    DraftLine("childcare", "Care at home during meetings", 60_000, 20_000),
    DraftLine("later", "For the years after", 1_940_000),
)


def funder() -> Actor:
    email = "funder@fund.example"
    known = Account.objects.filter(email=email).first()
    return Actor("funder", (known or open_account(email, actor=SECRETARY)).pk)


def member(told: Group, name: str = "bob") -> Actor:
    return Actor("partnership_member", told.seats[name].account_id)


def written(told: Group, lines: tuple[DraftLine, ...] = LINES, **years: date) -> Plan:
    plan = begin_plan(told.partnership, actor=member(told))
    plan = write_draft(
        plan, vision="A place to meet.", legacy="The kitchen, and those who know how.",
        begins_on=years.get("begins", BEGINS), ends_on=years.get("ends", ENDS),
        actor=member(told),
    )  # fmt: skip
    for line in lines:
        plan = add_line(plan, line, actor=member(told))
    return plan


def agreed_at_a_meeting(told: Group) -> ItemDecision:
    return decided(told, called(told, PLAN))


def put(told: Group, plan: Plan | None = None, **more: object) -> Plan:
    decision = None if "why" in more else agreed_at_a_meeting(told)
    return put_forward(
        plan or written(told), decision=decision, why=str(more.get("why", "")), on=PUT,
        actor=member(told),
    )  # fmt: skip


def endorsed(told: Group | None = None) -> Plan:
    told = told or group()
    return endorse(put(told), on=date(2026, 6, 25), actor=funder())


__all__ = ["BEGINS", "ENDS", "LINES", "MET", "PUT", "endorsed", "funder", "member", "put"]
