"""Money between the fund and an organisation, or between two of them: said by one person, confirmed
by another on the other side. The fee goes on top of a release, and back with a return.
"""

from datetime import date

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from doorstep.apps.awards import promised_hosting
from doorstep.apps.awards.actions.common import person
from doorstep.apps.awards.actions.hosting import (
    held_funding,
    refuse_outsider,
    speaks_for,
    standing_funding,
)
from doorstep.apps.awards.models import (
    Funding,
    Move,
    MoveKind,
    MoveState,
    PaidFrom,
    Part,
    Payment,
    SpendReport,
)
from doorstep.apps.awards.queries.hosting import Held, held, is_funded, net_of, payer_of
from doorstep.apps.fund import accounts
from doorstep.apps.ledger.actions import Line, open_account, post
from doorstep.apps.ledger.models import Account as LedgerAccount
from doorstep.apps.ledger.models import Journal
from doorstep.apps.ledger.queries import place_money
from doorstep.apps.ledger.rules import check_pence, pounds
from doorstep.apps.people.spells import said_day
from doorstep.apps.places.rules import refuse_blank
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule


def fee_of(pence: int, percent: int) -> int:
    """The fee on a sum, in whole pence, rounded down."""
    return pence * percent // 100


@transaction.atomic
def ask_part(part: Part, *, report: SpendReport | None = None, on: date, actor: Actor) -> Move:
    """An organisation asks for a part that is due, by a spend report since the part before."""
    account = person(actor)
    one = standing_funding(part.funding)
    refuse_outsider(one.funding.host.organisation, account, on)
    part = next((each for each in one.open_parts if each.pk == part.pk), None) or _gone()
    if on < part.due_on:
        raise Refused(
            _("This part is due on %(day)s. Ask for it from that day.")
            % {"day": said_day(part.due_on)},
            code="part_early",
        )
    if not part.bridging:
        _refuse_without_report(one, report)
    percent = int(rule("partnership.host_fee", on, one.funding.host.partnership.place.slug).value)
    return _say(
        one, MoveKind.RELEASED, part.pence, fee_of(part.pence, percent), account, on, actor,
        reason=_("Part %(number)s") % {"number": part.number}, part=part,
        report=None if part.bridging else report,
    )  # fmt: skip


@transaction.atomic
def send_back(release: Move, pence: int, *, reason: str, on: date, actor: Actor) -> Move:
    """An organisation sends back what it was paid, or a part of it; its fee goes back too. Said
    again in the same words while it waits for the other side, it is the same."""
    account = person(actor)
    one = held_funding(release.funding)
    release = Move.objects.get(pk=release.pk)
    refuse_outsider(one.funding.host.organisation, account, on)
    check_pence(pence)
    if release.kind != MoveKind.RELEASED or release.state != MoveState.CONFIRMED:
        raise Refused(_("Only what was paid to you is sent back."), code="not_paid")
    if earlier := _waiting(one, pence, account, on, reason, back_of=release):
        return earlier
    live = release.returns.exclude(state=MoveState.DECLINED)
    sums = live.aggregate(pence=Sum("pence"), fee=Sum("fee_pence"))
    before, fee_before = int(sums["pence"] or 0), int(sums["fee"] or 0)
    left = release.pence - before
    if pence > left or pence > one.free:
        raise Refused(
            _("At most %(sum)s can be sent back of this part: so much of it is there.")
            % {"sum": pounds(max(min(left, one.free), 0))},
            code="return_much",
        )
    # By what stays, so that several returns of one part bring back exactly its fee.
    stays = (release.pence - before - pence) * release.fee_pence // release.pence
    return _say(
        one, MoveKind.RETURNED, pence, release.fee_pence - fee_before - stays, account, on, actor,
        reason=reason, back_of=release,
    )  # fmt: skip


@transaction.atomic
def pass_on(
    funding: Funding, to: Funding, pence: int, *, reason: str, on: date, actor: Actor
) -> Move:
    """An organisation that was taken over passes on what it holds; payments on their way stay its
    own. No fee moves: it was paid once, with the release. Said again, it is as with `send_back`."""
    account = person(actor)
    one = held_funding(funding)
    refuse_outsider(one.funding.host.organisation, account, on)
    check_pence(pence)
    other = held(one.funding.host.partnership.place).get(to.pk)
    if not one.replaced or other is None or not other.stands:
        raise Refused(
            _("Money is passed on by an organisation that another took over from, and to one whose "
              "agreement stands."),
            code="pass_on",
        )  # fmt: skip
    if earlier := _waiting(one, pence, account, on, reason, to=to):
        return earlier
    if pence > one.free:
        raise Refused(
            _("%(sum)s can be passed on. What is on its way to somebody stays until it is paid or "
              "comes back.") % {"sum": pounds(max(one.free, 0))},
            code="pass_on_much",
        )  # fmt: skip
    return _say(one, MoveKind.PASSED_ON, pence, 0, account, on, actor, reason=reason, to=to)


@transaction.atomic
def confirm(move: Move, *, on: date, actor: Actor) -> Move:
    """The other side says that it is so: the fund for a part or a return, the next organisation
    for what was passed on."""
    account, move = person(actor), _held(move)
    if move.state == MoveState.CONFIRMED:
        return move
    _refuse_ended(move)
    if move.said_by_id == account:
        raise Refused(_("You asked for this, so somebody else agrees."), code="said_it")
    _refuse_other_side(move, account, on, actor)
    entry = None
    if move.kind == MoveKind.RELEASED:
        _refuse_over_given(move)
        entry = _fee(move, back=False, on=on, actor=actor)
    elif move.kind == MoveKind.RETURNED:
        entry = _fee(move, back=True, on=on, actor=actor)
    return _end(move, MoveState.CONFIRMED, account, on, actor, entry)


@transaction.atomic
def decline(move: Move, *, reason: str, on: date, actor: Actor) -> Move:
    """The other side says no, or whoever asked takes it back. Nothing was moved."""
    account, move = person(actor), _held(move)
    _refuse_ended(move)
    refuse_blank({_("reason"): reason}, {_("reason"): 500})
    if move.said_by_id != account:
        _refuse_other_side(move, account, on, actor)
    return _end(move, MoveState.DECLINED, account, on, actor, None, reason)


def pay_from(payment: Payment, on: date) -> PaidFrom | None:
    """Fix from whose account a payment leaves, at its release. None where no organisation holds
    this place's money by an agreement."""
    place = payment.award.place
    if not is_funded(place):
        return None
    payer = payer_of(place, payment.pence, on)
    if payer is None:
        raise Refused(
            _("No locally trusted organisation of %(place)s holds %(sum)s. Ask the fund for the "
              "next part, or for a bridging part.")
            % {"place": place.name, "sum": pounds(payment.pence)},
            code="host_holds_too_little",
        )  # fmt: skip
    return PaidFrom.objects.create(payment=payment, funding=payer)


def _waiting(
    one: Held, pence: int, account: int, on: date, reason: str, **where: Move | Funding
) -> Move | None:
    """What the same person said today in the same words, and nobody answered yet."""
    return Move.objects.filter(
        funding=one.funding, pence=pence, said_by=account, said_on=on, reason__text=reason,
        state=MoveState.WAITING, **where,
    ).first()  # fmt: skip


def _say(
    one: Held, kind: MoveKind, pence: int, fee: int, account: int, on: date, actor: Actor, *,
    reason: str, part: Part | None = None, report: SpendReport | None = None,
    back_of: Move | None = None, to: Funding | None = None,
) -> Move:  # fmt: skip
    refuse_blank({_("reason"): reason}, {_("reason"): 500})
    words = keep_words(reason)
    said = write_leaf(
        "hosting.move_said",
        {
            "place": one.funding.host.partnership.place.slug,
            "organisation": one.funding.host.organisation.slug,
            "move": str(kind), "pence": pence, "fee": fee,
            "part": part.number if part else None,
            "report": report.number if report else None,
            "back_of": back_of.said.idx if back_of else None,
            "to": to.host.organisation.slug if to else None,
            "agreement": one.funding.drafted.idx, "reason": words.commitment,
            "said_on": on.isoformat(), "actor": actor.as_leaf(),
        },
    )  # fmt: skip
    return Move.objects.create(
        kind=kind, funding=one.funding, part=part, report=report, back_of=back_of, to=to,
        pence=pence, fee_pence=fee, reason=words, said_by_id=account, said_on=on, said=said,
    )  # fmt: skip


def _end(
    move: Move, state: MoveState, account: int, on: date, actor: Actor, entry: Journal | None,
    reason: str = "",
) -> Move:  # fmt: skip
    move.ended = write_leaf(
        f"hosting.move_{state}",
        {
            "place": move.funding.host.partnership.place.slug,
            "organisation": move.funding.host.organisation.slug,
            "move": move.kind, "pence": move.pence, "fee": move.fee_pence, "said": move.said.idx,
            "entry": entry.seq if entry else None,
            "reason": keep_words(reason).commitment if reason else None,
            "actor": actor.as_leaf(),
        },
    )  # fmt: skip
    move.state, move.ended_by_id, move.ended_on, move.entry = state, account, on, entry
    move.save(update_fields=["state", "ended_by", "ended_on", "ended", "entry"])
    if move.kind == MoveKind.RELEASED and state == MoveState.CONFIRMED:
        promised_hosting.to_report(move, on=on, actor=actor, leaf=move.ended)
    return move


def _fee(move: Move, *, back: bool, on: date, actor: Actor) -> Journal | None:
    """The entry of the fee, on top of the place's share: from the fund's pot, or back to it."""
    if not move.fee_pence:
        return None
    fund, place = move.funding.fund.slug, move.funding.host.partnership.place.slug
    pot, outside = accounts.pot(fund), accounts.host_fees_world(fund, place)
    if not LedgerAccount.objects.filter(code=outside).exists():
        open_account(outside, fund=fund, guard="none")
    line = Line(outside, pot, move.fee_pence) if back else Line(pot, outside, move.fee_pence)
    return post(
        "fund.host_fee_returned" if back else "fund.host_fee_paid", [line],
        idem_key=f"hosting:{move.said.idx}:fee", actor=actor, effective_on=on,
    )  # fmt: skip


def _refuse_without_report(one: Held, report: SpendReport | None) -> None:
    """The first part opens an agreement; each later one follows a report since the part before."""
    paid = [move for move in one.moves if move.part_id and move.state != MoveState.DECLINED]
    paid = [move for move in paid if move.part is not None and not move.part.bridging]
    if not paid and one.funding.takes_over_id is None:
        return
    used = {move.report_id for move in paid}
    if report is None or report.funding_id != one.funding.pk or report.pk in used:
        raise Refused(
            _("Write a spend report first: each part follows a report of its own."),
            code="report_missing",
        )


def _refuse_over_given(move: Move) -> None:
    place = move.funding.host.partnership.place
    money = place_money(place.slug)
    if net_of(place) + move.pence > (money.came_in if money else 0):
        raise Refused(
            _("That is more than %(place)s was given so far. Let it draw its share first.")
            % {"place": place.name},
            code="over_share",
        )


def _refuse_other_side(move: Move, account: int, on: date, actor: Actor) -> None:
    if move.kind == MoveKind.PASSED_ON:
        assert move.to is not None  # the constraint move_says_where_from_and_to keeps it
        refuse_outsider(move.to.host.organisation, account, on)
        return
    if actor.kind != "funder":
        raise Refused(_("A funder answers this."), code="role")
    if speaks_for(move.funding.host.organisation, account, on):
        raise Refused(_("You are paid by this, so somebody else answers."), code="own_body")


def _refuse_ended(move: Move) -> None:
    if move.state != MoveState.WAITING:
        raise Refused(
            _("This is “%(state)s” already. Nothing was changed.")
            % {"state": move.get_state_display()},
            code="move_ended",
        )


def _held(move: Move) -> Move:
    lock_head()
    rows = Move.objects.select_related(
        "funding__host__partnership__place", "funding__host__organisation", "funding__fund",
        "to__host__organisation", "said", "part",
    )  # fmt: skip
    return rows.get(pk=move.pk)


def _gone() -> Part:
    raise Refused(_("This part was asked for already, or is not to come any more."), code="part")
