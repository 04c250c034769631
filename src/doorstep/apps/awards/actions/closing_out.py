"""How a place's funding ends: from so much left on it is wound up, and it closes with less."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.apps.awards import promised_hosting
from doorstep.apps.awards.actions.common import person
from doorstep.apps.awards.actions.hosting import refuse_closed
from doorstep.apps.awards.due import years_on
from doorstep.apps.awards.models import CloseOut, Payment
from doorstep.apps.awards.queries.hosting import held, share_of
from doorstep.apps.awards.queries.payments import OPEN
from doorstep.apps.ledger.queries import place_money
from doorstep.apps.ledger.rules import pounds
from doorstep.apps.places.models import Place
from doorstep.apps.record.actions import lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule


def left_of(place: Place) -> int:
    """What of a place's money is not paid yet, drawn or not, in pence."""
    money = place_money(place.slug)
    return share_of(place) - (money.paid if money else 0)


@transaction.atomic
def begin_closing(place: Place, *, on: date, actor: Actor) -> CloseOut:
    """Begin to wind up, once little enough is left. Each duty of it is a promise of whoever holds
    the money."""
    account = person(actor)
    lock_head()
    earlier = CloseOut.objects.filter(place=place).first()
    if earlier is not None:
        return earlier
    left, most = left_of(place), int(rule("hosting.closing_from", on, place.slug).value)
    if left >= most:
        raise Refused(
            _("%(left)s is left. Closing begins under %(most)s.")
            % {"left": pounds(left), "most": pounds(most)},
            code="closing_early",
        )
    holders = [one.funding.host.organisation for one in held(place).values() if one.stands]
    if not holders:
        raise Refused(
            _("No organisation holds this place’s money by an agreement, so nothing is wound up."),
            code="nobody_holds",
        )
    leaf = write_leaf(
        "hosting.closing_begun",
        {"place": place.slug, "left": left, "actor": actor.as_leaf()},
    )
    begun = CloseOut.objects.create(place=place, begun_by_id=account, begun_on=on, begun=leaf)
    for body in holders:
        promised_hosting.to_close(place, body, on=on, actor=actor, leaf=leaf)
    return begun


@transaction.atomic
def close_funding(place: Place, *, on: date, actor: Actor) -> CloseOut:
    """Close it: duties kept, a final report, nothing on its way, and no more left than the rule
    says. Whoever holds the money keeps the records for the years of the rule."""
    account = person(actor)
    lock_head()
    refuse_closed(place)
    closing = CloseOut.objects.filter(place=place).first()
    if closing is None:
        raise Refused(_("Begin to close first."), code="closing_not_begun")
    if actor.kind != "funder" or closing.begun_by_id == account:
        raise Refused(
            _("A funder closes it, and not the person who began it."), code="closing_by_two"
        )
    left, most = left_of(place), int(rule("hosting.closing_most", on, place.slug).value)
    missing = _missing(place, closing)
    if left > most:
        missing.append(
            _("%(left)s is left; it closes with %(most)s at most. Send the rest back.")
            % {"left": pounds(left), "most": pounds(most)}
        )
    if missing:
        raise Refused(
            _("It cannot close yet. %(missing)s") % {"missing": " ".join(missing)},
            code="closing_missing",
        )
    years = int(rule("hosting.records_kept", on, place.slug).value)
    until = years_on(on, years)
    closing.closed = write_leaf(
        "hosting.closed",
        {
            "place": place.slug, "left": left, "records_until": until.isoformat(),
            "begun": closing.begun.idx, "actor": actor.as_leaf(),
        },
    )  # fmt: skip
    closing.closed_by_id, closing.closed_on = account, on
    closing.left_pence, closing.records_until = left, until
    closing.save(
        update_fields=["closed", "closed_by", "closed_on", "left_pence", "records_until"]
    )  # fmt: skip
    for one in held(place).values():
        if one.stands:
            promised_hosting.to_keep_records(
                place, one.funding.host.organisation, until, on=on, actor=actor,
                leaf=closing.closed,
            )  # fmt: skip
    return closing


def _missing(place: Place, closing: CloseOut) -> list[str]:
    found = []
    if waiting := promised_hosting.closing_open(place):
        found.append(_("Duties still open: %(what)s.") % {"what": "; ".join(waiting)})
    for one in held(place).values():
        body = one.funding.host.organisation.name
        if one.stands and not any(report.until >= closing.begun_on for report in one.reports):
            found.append(_("%(body)s writes a final report.") % {"body": body})
        if one.waiting or one.in_flight:
            found.append(_("Money of %(body)s is still on its way.") % {"body": body})
        if one.replaced and one.free > 0:
            found.append(
                _("%(body)s still holds %(sum)s, to be passed on.")
                % {"body": body, "sum": pounds(one.free)}
            )
    if Payment.objects.filter(award__place=place, state__in=OPEN).exists():
        found.append(_("A payment is asked for and not answered."))
    return found
