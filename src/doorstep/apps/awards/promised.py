"""What awards and payments owe, as promises: to decide, to send, to show what became of it."""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.awards.models import Award, Payment, PaymentState
from doorstep.apps.awards.queries.reports import owed
from doorstep.apps.ledger.rules import pounds
from doorstep.apps.people.models import Role
from doorstep.apps.promises.actions import Due, Owed, kept, owe, withdraw
from doorstep.apps.promises.kinds import About, about
from doorstep.apps.promises.queries import due_after
from doorstep.apps.promises.rules import PAYEE
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf
from doorstep.apps.rows import Row, row

DECIDE, RELEASE = "payment.decide", "payment.release"
AFTERWARDS = {
    "receipts": ("award.receipts", gettext_lazy("Show receipts")),
    "result": ("award.result", gettext_lazy("Tell what happened")),
    "year": ("award.year", gettext_lazy("Close a year with accounts and story")),
}


def to_decide(payment: Payment, *, on: date, actor: Actor, leaf: Leaf) -> None:
    """Somebody asked for money, so the partnership owes a yes or a no."""
    _payment(
        payment, DECIDE, Role.Kind.PARTNERSHIP_MEMBER, "payment.decided_within", on, actor, leaf
    )


def to_release(payment: Payment, *, on: date, actor: Actor, leaf: Leaf) -> None:
    """It is decided, so whoever holds the money owes the transfer."""
    kept(DECIDE, payment.slug, on=on, actor=actor, leaf=leaf)
    _payment(payment, RELEASE, Role.Kind.FINANCE_OFFICER, "payment.sent_within", on, actor, leaf)


def released(payment: Payment, *, on: date, actor: Actor, leaf: Leaf) -> None:
    kept(RELEASE, payment.slug, on=on, actor=actor, leaf=leaf)


def called_off(payment: Payment, *, on: date, actor: Actor, leaf: Leaf) -> None:
    for kind in (DECIDE, RELEASE):
        withdraw(kind, payment.slug, on=on, actor=actor, leaf=leaf)


def _payment(
    payment: Payment, kind: str, role: str, key: str, on: date, actor: Actor, leaf: Leaf
) -> None:
    place = payment.award.place
    # Who asked for how much is not public before it is paid.
    owe(
        Owed(
            kind, payment.slug, Due.by(due_after(key, on, place.slug), key), place=place,
            role=role, to=payment.payee_organisation, public=False,
        ),
        on=on, actor=actor, leaf=leaf,
    )  # fmt: skip


def follow(award: Award, *, on: date, actor: Actor, leaf: Leaf) -> None:
    """What is owed after a payment becomes a promise once it is, and is kept once it is not."""
    rows = Award.objects.select_related(
        "place", "title", "agreement__payee_organisation", "agreement__payee_account"
    ).prefetch_related("agreement__instalments", "agreement__signatures")
    award = rows.get(pk=award.pk)
    if not award.payments.filter(state=PaymentState.CLEARED).exists():
        for kind, _heading in AFTERWARDS.values():
            withdraw(kind, award.slug, on=on, actor=actor, leaf=leaf)
        return
    steps = {step.kind: step for _award, step in owed([award], on) if step.due is not None}
    for name, (kind, _heading) in AFTERWARDS.items():
        if name not in steps:
            kept(kind, award.slug, on=on, actor=actor, leaf=leaf)
            continue
        due = Due(steps[name].due or on)
        payee = award.agreement.payee_organisation
        owe(
            Owed(
                kind, award.slug, due, place=award.place, organisation=payee,
                role="" if payee else PAYEE, held_by=award.agreement.payee_account,
            ),
            on=on, actor=actor, leaf=leaf, again=True,
        )  # fmt: skip


def payments_owed(keys: Collection[str]) -> QuerySet[Payment]:
    found = Payment.objects.filter(slug__in=keys)
    return row(found, key="slug", pence="pence", award="award__slug", title="award__title__text")


def awards_owed(keys: Collection[str]) -> QuerySet[Award]:
    found = Award.objects.filter(slug__in=keys)
    return row(found, key="slug", pence="pence", title="title__text")


@about(DECIDE, gettext_lazy("Decide about a payment"), payments_owed)
def _decide(payment: Row) -> About:
    return _of_payment(payment, _("Decide about %(sum)s for “%(name)s”"))


@about(RELEASE, gettext_lazy("Send a payment"), payments_owed)
def _release(payment: Row) -> About:
    return _of_payment(payment, _("Send %(sum)s for “%(name)s”"))


def _of_payment(payment: Row, words: str) -> About:
    name = payment["title"] or payment["award"]
    return About(
        words % {"sum": pounds(payment["pence"]), "name": name},
        work=reverse("payment", args=[payment["key"]]),
    )


@about(*AFTERWARDS["receipts"], awards_owed)
def _receipts(award: Row) -> About:
    return _afterwards(award, _("Receipts for “%(name)s”"))


@about(*AFTERWARDS["result"], awards_owed)
def _result(award: Row) -> About:
    return _afterwards(award, _("What happened with “%(name)s”"))


@about(*AFTERWARDS["year"], awards_owed)
def _year(award: Row) -> About:
    return _afterwards(award, _("Accounts and story of “%(name)s”"))


def _afterwards(award: Row, words: str) -> About:
    return About(
        words % {"name": award["title"] or award["key"]},
        url=reverse("award", args=[award["key"]]),
        work=reverse("award-receipts", args=[award["key"]]),
    )
