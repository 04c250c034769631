"""One row of everything that payments are made of, for tests that try to break it."""

from dataclasses import dataclass
from datetime import date
from itertools import count

from django.db import models

from doorstep.apps.awards.actions.agreements import draft_agreement
from doorstep.apps.awards.actions.decisions import delegate
from doorstep.apps.awards.actions.files import make_payment_file
from doorstep.apps.awards.actions.payees import give_details
from doorstep.apps.awards.actions.payments import decide_payment, raise_payment, release_payment
from doorstep.apps.awards.actions.taking_back import cancel_payment
from doorstep.apps.awards.models import Award, Payment
from doorstep.apps.organisations.actions import begin_office, give_mandate, open_organisation
from doorstep.apps.organisations.models import BankMandate
from doorstep.apps.partnerships.actions import declare_interest
from doorstep.apps.people.actions import give_role, open_account
from doorstep.apps.record.actions import keep_words, write_leaf
from doorstep.apps.record.models import Leaf, Wording
from tests.apps.awards.scene import (
    BEGAN,
    LATER,
    Scene,
    agreed,
    approved,
    asked,
    awarded,
    called,
    details,
    scene,
    seat_of,
)
from tests.millbrook import ACTOR, DAY

_numbers = count(1)


@dataclass
class Street:
    told: Scene
    kitchen: Award  # in progress, with a payment in each state
    idle: Award  # promised, with an agreement that nobody signed
    raised: Payment
    approved: Payment
    released: Payment
    other_mandate: BankMandate
    tied: int  # a partnership member with an interest in the payee
    inside: int  # a finance officer who is an officer of the payee
    stayed_out: int  # a funder who declared an interest in the kitchen


def street() -> Street:
    told = scene()
    kitchen = awarded(told, 900_000)
    agreed(told, kitchen)
    called(told, details(told))
    raised, second, third = (asked(told, kitchen, 1_000 * n, f"{n}") for n in (1, 2, 3))
    second = approved(told, second)
    third = release_payment(approved(told, third), on=LATER, actor=told.acting("finance"))
    make_payment_file(told.place, on=LATER, actor=told.acting("finance"))
    cancel_payment(third, reason="Twice", on=LATER, actor=told.acting("clerk"))
    idle = awarded(told, 50_000, "idle")
    draft_agreement(
        idle, payee_kind="organisation", payee=told.payee, purpose="A bench",
        instalments=[(20_000, DAY), (30_000, DAY)], actor=told.acting("secretary"),
    )  # fmt: skip
    declare_interest(seat_of(told.chair), told.payee, "direct", since=BEGAN, actor=ACTOR)
    inside = open_account("inside@millbrook.example", actor=ACTOR)
    give_role(inside, "finance_officer", since=BEGAN, actor=ACTOR)
    begin_office(told.payee, inside, "trustee", since=BEGAN, actor=ACTOR)
    decide_payment(
        asked(told, kitchen, 4_000, "4"), declared="loyalty", on=LATER, actor=told.acting("funder")
    )
    bare = open_organisation("baths", "The Baths", "charity", actor=ACTOR)
    other = give_mandate(
        bare, account_name="Baths", sort_code="010203", account_number="87654321", since=DAY,
        actor=ACTOR,
    )  # fmt: skip
    give_details(
        told.neighbour, account_name="N Neighbour", sort_code="010203", account_number="11111111",
        on=DAY, actor=told.acting("finance"),
    )  # fmt: skip
    delegate(
        told.place, title="Quick grants", holder_role="worker", pence=50_000, month_pence=100_000,
        since=DAY, until=date(2027, 6, 1), decided_on=DAY, voted={"partnership_member": 9},
        actor=told.acting("secretary"),
    )  # fmt: skip
    return Street(
        told, Award.objects.get(pk=kitchen.pk), idle, raised, second, third, other,
        told.chair.pk, inside.pk, told.funder.pk,
    )  # fmt: skip


def leaf() -> Leaf:
    return write_leaf("test.made", {"number": next(_numbers)})


def words() -> Wording:
    return keep_words("Some words")


def again(row: models.Model, **changed: object) -> models.Model:
    """Another row like this one, with what must differ made anew."""
    number = next(_numbers)
    fresh: dict[str, object] = {}
    for field in row._meta.concrete_fields:
        if field.primary_key:
            continue
        fresh[field.attname] = getattr(row, field.attname)
        if field.one_to_one and field.related_model is Leaf and fresh[field.attname] is not None:
            fresh[field.attname] = leaf().pk
    if "slug" in fresh:
        fresh["slug"] = f"{fresh['slug']}-{number}"[-50:]
    if isinstance(row, Payment):
        fresh["invoice_key"] = f"FRESH{number}"
    return type(row)(**fresh | changed)


def another_payment(told: Street, **changed: object) -> None:
    again(told.raised, **{"pence": 5, **changed}).save(force_insert=True)


def more_of(told: Street) -> Payment:
    return raise_payment(
        told.kitchen, invoice="more", pence=7_000, on=LATER, actor=told.told.acting("secretary")
    )
