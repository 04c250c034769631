"""Millbrook East with everybody whom a payment needs: who asks, who approves, who is paid."""

from dataclasses import dataclass
from datetime import date

from doorstep.apps.awards.actions.agreements import draft_agreement, sign
from doorstep.apps.awards.actions.decisions import award_by_decision, record_decision
from doorstep.apps.awards.actions.payees import give_details, record_call_back
from doorstep.apps.awards.actions.payments import decide_payment, raise_payment
from doorstep.apps.awards.models import Agreement, Award, MandateHold, Payment
from doorstep.apps.organisations.actions import begin_office, open_organisation
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.partnerships.actions import agree_host, form_partnership, join
from doorstep.apps.partnerships.models import Membership
from doorstep.apps.people.actions import give_role, open_account
from doorstep.apps.people.models import Account
from doorstep.apps.places.models import Place
from doorstep.apps.record.actors import Actor
from tests.millbrook import ACTOR, DAY, place_with_money

BEGAN = date(2026, 1, 1)
# Two working days and a weekend after DAY, a Monday: the hold of new bank details is over.
LATER = date(2026, 6, 8)


@dataclass
class Scene:
    """`secretary` and `chair` sit in the partnership, `finance` and `clerk` work at the host."""

    place: Place
    host: Organisation
    payee: Organisation
    secretary: Account
    chair: Account
    finance: Account
    clerk: Account
    worker: Account
    funder: Account
    officer: Account
    neighbour: Account

    def acting(self, who: str, role: str = "") -> Actor:
        roles = {
            "secretary": "partnership_member",
            "chair": "partnership_member",
            "finance": "finance_officer",
            "clerk": "finance_officer",
            "worker": "worker",
            "funder": "funder",
        }
        return Actor(role or roles.get(who, "person"), getattr(self, who).pk)


def scene() -> Scene:
    place = place_with_money(5_000_000)
    group = form_partnership(place, "Millbrook East partnership", actor=ACTOR)
    host = open_organisation("alderdale-cvs", "Alderdale CVS", "charity", actor=ACTOR)
    payee = open_organisation("st-annes-hall", "St Anne’s Hall", "cio", actor=ACTOR)
    agree_host(group, host, since=BEGAN, actor=ACTOR)
    people = {
        name: open_account(f"{name}@millbrook.example", actor=ACTOR)
        for name in (
            "secretary", "chair", "finance", "clerk", "worker", "funder", "officer", "neighbour",
        )
    }  # fmt: skip
    for name in ("secretary", "chair"):
        give_role(people[name], "partnership_member", place=place, since=BEGAN, actor=ACTOR)
        join(group, people[name], lives_here=True, since=BEGAN, actor=ACTOR)
    for name in ("finance", "clerk"):
        give_role(people[name], "finance_officer", since=BEGAN, actor=ACTOR)
        begin_office(host, people[name], "finance_officer", since=BEGAN, actor=ACTOR)
    give_role(people["worker"], "worker", place=place, since=BEGAN, actor=ACTOR)
    give_role(people["funder"], "funder", since=BEGAN, actor=ACTOR)
    begin_office(payee, people["officer"], "treasurer", since=BEGAN, actor=ACTOR)
    return Scene(place=place, host=host, payee=payee, **people)


def seat_of(account: Account) -> Membership:
    return Membership.objects.get(account=account)


def awarded(
    told: Scene, pence: int = 180_000, slug: str = "kitchen", kind: str = "project"
) -> Award:
    """An award of a meeting: nine voted, one stayed out."""
    decision = record_decision(
        told.place,
        "meeting.decided",
        title="A new kitchen",
        pence=pence,
        decided_on=DAY,
        voted={"partnership_member": 9},
        recused={"partnership_member": 1},
        actor=told.acting("secretary"),
    )
    return award_by_decision(
        decision, slug, title="A new kitchen", pence=pence, kind=kind, on=DAY,
        actor=told.acting("secretary"),
    )  # fmt: skip


def agreed(told: Scene, award: Award, payee: object = None, **more: object) -> Agreement:
    """Signed by the secretary and by the payee's treasurer."""
    agreement = draft_agreement(
        award,
        **{
            "payee_kind": "organisation",
            "payee": payee or told.payee,
            "purpose": "Units, a cooker and a fridge for the hall.",
            "actor": told.acting("secretary"),
        }
        | more,
    )
    sign(agreement, "ours", on=DAY, actor=told.acting("secretary"))
    theirs = told.acting("neighbour" if payee == told.neighbour else "officer")
    sign(agreement, "theirs", on=DAY, actor=theirs)
    return agreement


def details(told: Scene, payee: object = None, on: date = DAY) -> MandateHold:
    return give_details(
        payee or told.payee,
        account_name="St Anne's Hall",
        sort_code="01-02-03",
        account_number="12345678",
        on=on,
        actor=told.acting("finance"),
    )


def called(told: Scene, hold: MandateHold, who: str = "clerk") -> None:
    record_call_back(
        hold.mandate,
        held_from="our_records",
        confirmation="match",
        confirmed=True,
        on=hold.entered_on,
        actor=told.acting(who),
    )


def asked(told: Scene, award: Award, pence: int = 180_000, invoice: str = "INV-1") -> Payment:
    """The secretary asks for it, on a day when the hold is over."""
    return raise_payment(
        award, invoice=invoice, pence=pence, on=LATER, actor=told.acting("secretary")
    )


def ready(told: Scene, pence: int = 180_000) -> tuple[Award, Payment]:
    """An award with its agreement, checked bank details and a payment that was asked for."""
    award = awarded(told, pence)
    agreed(told, award)
    called(told, details(told))
    return award, asked(told, award, pence)


def approved(told: Scene, payment: Payment, *who: str) -> Payment:
    for name in who or ("finance",):
        decide_payment(payment, declared="none", on=LATER, actor=told.acting(name))
    return Payment.objects.get(pk=payment.pk)
