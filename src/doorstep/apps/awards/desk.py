"""What payments put on a desk: approve, release, call back, sign; and the way to their lists."""

from collections.abc import Iterator
from datetime import date
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from doorstep.apps.awards import rules
from doorstep.apps.awards.models import (
    Agreement,
    Approval,
    Award,
    AwardKind,
    MandateCheck,
    Payment,
    PaymentState,
    Side,
    Signature,
)
from doorstep.apps.ledger.rules import pounds
from doorstep.apps.people import desk
from doorstep.apps.people.desk import Owner, Row, Told
from doorstep.apps.people.spells import holding
from doorstep.apps.places.models import Place

M = TypeVar("M", bound=Model)
MOST = 10
WORKS = rules.MAY_RAISE | rules.MAY_APPROVE


def _payments(owner: Owner) -> QuerySet[Payment] | None:
    approve = owner.where(rules.MAY_APPROVE, "award__place")
    release = owner.where(rules.MAY_RELEASE, "award__place")
    if approve is None and release is None:
        return None
    said = Approval.objects.filter(payment=OuterRef("pk"), account=owner.account)
    wanted = Q(pk__in=[])
    if approve is not None:
        raised = Q(~Q(raised_by=owner.account), ~Exists(said), state=PaymentState.RAISED)
        wanted |= approve & raised
    if release is not None:
        wanted |= release & Q(state=PaymentState.APPROVED)
    return desk.row(
        _first(Payment.objects.filter(wanted)), slug="slug", pence="pence", state="state",
        award="award__slug", title="award__title__text", clear_from="mandate__hold__clear_from",
    )  # fmt: skip


@desk.each(_payments)
def payments(row: Row, owner: Owner) -> Iterator[Told]:
    """Payments that this account may approve or release, at its places."""
    approve = row["state"] == PaymentState.RAISED
    words = (
        _("Approve %(sum)s for “%(name)s”, or stay out")
        if approve
        else _("Release %(sum)s for “%(name)s”")
    )
    waits_until = None if approve else row["clear_from"]
    yield desk.DeskItem(
        title=words % {"sum": pounds(row["pence"]), "name": _name(row)},
        url=reverse("payment", args=[row["slug"]]),
        text=_("Somebody else asked for it.") if approve else _("It is approved."),
        due=date.fromisoformat(waits_until) if waits_until else None,
    )


def _places(owner: Owner) -> QuerySet[Place] | None:
    """Whoever holds a role everywhere finds the places with awards that are not at their end."""
    mine = owner.where(WORKS, "pk")
    if mine is None:
        return None
    ended = [Award.State.CLOSED, Award.State.CANCELLED]
    live = Award.objects.filter(place=OuterRef("pk"), is_example=False).exclude(state__in=ended)
    own = Q(pk__in=[place.pk for place in owner.places(WORKS)])
    somewhere = Place.objects.filter(mine & Exists(live)).order_by("name")[:MOST]
    found = Place.objects.filter(own | Q(pk__in=somewhere.values("pk")))
    return desk.row(found, slug="slug", name="name")


@desk.each(_places)
def worklists(row: Row, owner: Owner) -> Iterator[Told]:
    """The way to the payments of each place where this account has a part in them."""
    yield desk.Way(
        _("Payments of %(place)s") % {"place": row["name"]},
        reverse("place-payments", args=[row["slug"]]),
    )


def _unsigned(owner: Owner) -> QuerySet[Agreement]:
    signed = Signature.objects.filter(agreement=OuterRef("pk"), side=Side.THEIRS)
    mine = Q(payee_account=owner.account) | (
        Q(payee_organisation__officers__account=owner.account)
        & holding(owner.today, "payee_organisation__officers__")
    )
    waiting = Agreement.objects.filter(
        mine, ~Exists(signed), award__state=Award.State.COMMITTED
    ).exclude(award__kind=AwardKind.QUICK)
    return desk.row(
        _first(waiting), award="award__slug", title="award__title__text", pence="award__pence"
    )


@desk.each(_unsigned)
def to_sign(row: Row, owner: Owner) -> Iterator[Told]:
    """Agreements that wait for this account's signature as whoever is paid."""
    yield desk.DeskItem(
        title=_("Sign the agreement on “%(name)s”") % {"name": _name(row)},
        url=reverse("agreement-theirs", args=[row["award"]]),
        text=_("%(sum)s is promised. It is paid once both sides have signed.")
        % {"sum": pounds(row["pence"])},
    )


def _uncalled(owner: Owner) -> QuerySet[Award] | None:
    mine = owner.where(rules.MAY_RAISE, "award__place")
    if mine is None:
        return None
    called = MandateCheck.objects.filter(mandate=OuterRef("mandate"))
    waiting = Payment.objects.filter(
        mine, ~Exists(called), state__in=[PaymentState.RAISED, PaymentState.APPROVED]
    ).exclude(mandate__hold__entered_by=owner.account)
    return desk.row(
        _first(Award.objects.filter(pk__in=waiting.values("award"))),
        award="slug", title="title__text",
    )  # fmt: skip


@desk.each(_uncalled)
def to_call(row: Row, owner: Owner) -> Iterator[Told]:
    """New bank details of payees at this account's places, which somebody else typed in."""
    yield desk.DeskItem(
        title=_("Call back about the bank details for “%(name)s”") % {"name": _name(row)},
        url=reverse("award-bank", args=[row["award"]]),
        text=_("On a number that was held before, never one that came with them."),
    )


def _first(found: QuerySet[M]) -> QuerySet[M]:
    """The first few; of a great many, the lists tell the rest."""
    few = found.order_by("pk").values("pk")[:MOST]
    return found.model._default_manager.filter(pk__in=few)


def _name(row: Row) -> str:
    return row["title"] or row["award"]
