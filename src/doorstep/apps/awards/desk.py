"""What payments put on a desk: approve, release, call back, sign; and the way to their lists."""

from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
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
from doorstep.apps.people.models import Account, Role
from doorstep.apps.people.queries import roles_on
from doorstep.apps.people.spells import holding

MOST = 10


@desk.register
def payments(account: Account) -> list[desk.DeskItem]:
    """Payments that this account may approve or release, at its places."""
    roles = roles_on(account, timezone.localdate())
    approve = _places(roles, rules.MAY_APPROVE)
    release = _places(roles, rules.MAY_RELEASE)
    if approve is None and release is None:
        return []
    said = Approval.objects.filter(payment=OuterRef("pk"), account=account)
    wanted = Q(pk__in=[])
    if approve is not None:
        wanted |= approve & Q(~Q(raised_by=account), ~Exists(said), state=PaymentState.RAISED)
    if release is not None:
        wanted |= release & Q(state=PaymentState.APPROVED)
    found = Payment.objects.filter(wanted).select_related("award__title", "mandate__hold")
    return [_item(payment) for payment in found.order_by("pk")[:MOST]]


@desk.leads
def worklists(account: Account) -> list[desk.Way]:
    """The way to the payments of each place where this account has a part in them. Whoever holds
    a role everywhere finds the places that have awards which are not at their end."""
    kinds = rules.MAY_RAISE | rules.MAY_APPROVE
    roles = [role for role in roles_on(account, timezone.localdate()) if role.kind in kinds]
    places = {role.place.slug: role.place.name for role in roles if role.place}
    if any(role.place_id is None for role in roles):
        live = Award.objects.filter(is_example=False).exclude(
            state__in=[Award.State.CLOSED, Award.State.CANCELLED]
        )
        found = live.order_by("place__name").values_list("place__slug", "place__name").distinct()
        places.update(found[:MOST])
    return [
        desk.Way(
            _("Payments of %(place)s") % {"place": name}, reverse("place-payments", args=[slug])
        )
        for slug, name in places.items()
    ]


@desk.register
def to_sign(account: Account) -> list[desk.DeskItem]:
    """Agreements that wait for this account's signature as whoever is paid."""
    today = timezone.localdate()
    signed = Signature.objects.filter(agreement=OuterRef("pk"), side=Side.THEIRS)
    mine = Q(payee_account=account) | (
        Q(payee_organisation__officers__account=account)
        & holding(today, "payee_organisation__officers__")
    )
    waiting = (
        Agreement.objects.filter(mine, ~Exists(signed), award__state=Award.State.COMMITTED)
        .exclude(award__kind=AwardKind.QUICK)
        .select_related("award__title")
        .distinct()
    )
    return [
        desk.DeskItem(
            title=_("Sign the agreement on “%(name)s”") % {"name": _name(agreement.award)},
            url=reverse("agreement-theirs", args=[agreement.award.slug]),
            text=_("%(sum)s is promised. It is paid once both sides have signed.")
            % {"sum": pounds(agreement.award.pence)},
        )
        for agreement in waiting[:MOST]
    ]


@desk.register
def to_call(account: Account) -> list[desk.DeskItem]:
    """New bank details of payees at this account's places, which somebody else typed in."""
    places = _places(roles_on(account, timezone.localdate()), rules.MAY_RAISE)
    if places is None:
        return []
    called = MandateCheck.objects.filter(mandate=OuterRef("mandate"))
    waiting = (
        Payment.objects.filter(
            places, ~Exists(called), state__in=[PaymentState.RAISED, PaymentState.APPROVED]
        )
        .exclude(mandate__hold__entered_by=account)
        .select_related("award__title")
    )
    seen = {payment.award_id: payment for payment in waiting[:MOST]}
    return [
        desk.DeskItem(
            title=_("Call back about the bank details for “%(name)s”")
            % {"name": _name(payment.award)},
            url=reverse("award-bank", args=[payment.award.slug]),
            text=_("On a number that was held before, never one that came with them."),
        )
        for payment in seen.values()
    ]


def _places(roles: Iterable[Role], kinds: Collection[str]) -> Q | None:
    """Where one of these roles is held: None nowhere, and everything for one held everywhere."""
    held = [role for role in roles if role.kind in kinds]
    if not held:
        return None
    if any(role.place_id is None for role in held):
        return Q()
    return Q(award__place__in=[role.place_id for role in held])


def _item(payment: Payment) -> desk.DeskItem:
    hold = getattr(payment.mandate, "hold", None)
    approve = payment.state == PaymentState.RAISED
    words = (
        _("Approve %(sum)s for “%(name)s”, or stay out")
        if approve
        else _("Release %(sum)s for “%(name)s”")
    )
    return desk.DeskItem(
        title=words % {"sum": pounds(payment.pence), "name": _name(payment.award)},
        url=reverse("payment", args=[payment.slug]),
        text=_("Somebody else asked for it.") if approve else _("It is approved."),
        due=None if approve or hold is None else hold.clear_from,
    )


def _name(award: Award) -> str:
    return award.title.text or award.slug
