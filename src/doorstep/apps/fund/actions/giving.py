"""Reserves are reviewed and released; programmes, waves and draw-downs carry the money to places.

Each action takes the record's pen before it reads, and each is one entry of the ledger. The same
reference sent again is the same request.
"""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.fund import accounts, flows, rules
from doorstep.apps.fund.models import (
    AssetClass,
    Decision,
    DrawDown,
    Fund,
    Programme,
    Release,
    Review,
    Wave,
    WaveShare,
)
from doorstep.apps.ledger.actions import Line, post
from doorstep.apps.ledger.models import Journal
from doorstep.apps.ledger.queries import balances
from doorstep.apps.ledger.rules import check_pence
from doorstep.apps.places.models import Area, Place
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule

from .money import allocate, day_of, open_once


@transaction.atomic
def review_reserve(
    fund: Fund,
    asset_class: AssetClass,
    expected_pence: int,
    *,
    reason: str,
    on: date | None = None,
    actor: Actor,
) -> Review:
    """Say what reclaims of a class are still expected, and why: releases follow the newest.

    Said twice the same on one day, it is said once.
    """
    rules.refuse_reason(reason)
    rules.refuse_negative(expected_pence)
    day = on or timezone.localdate()
    rules.refuse_future(day, timezone.localdate())
    lock_head()
    newest = Review.objects.filter(fund=fund, asset_class=asset_class).first()
    said = (expected_pence, day, reason)
    if newest and said == (newest.expected_pence, newest.reviewed_on, newest.reason.text):
        return newest
    kept = keep_words(reason)
    leaf = write_leaf(
        "fund.reserve_reviewed",
        {
            "fund": fund.slug,
            "asset_class": str(asset_class),
            "expected": expected_pence,
            "on": day.isoformat(),
            "reason": kept.commitment,
            "actor": actor.as_leaf(),
        },
    )
    return Review.objects.create(
        fund=fund,
        asset_class=asset_class,
        expected_pence=expected_pence,
        reviewed_on=day,
        reason=kept,
        leaf=leaf,
    )


@transaction.atomic
def release(
    fund: Fund, asset_class: AssetClass, pence: int, *, on: date | None, idem_key: str, actor: Actor
) -> Release:
    """Set free what a reserve holds above what its last review says it must keep."""
    check_pence(pence)
    lock_head()
    earlier = Release.objects.filter(journal__idem_key=idem_key).first()
    day = day_of(on, idem_key)
    lines = flows.release_lines(fund, asset_class, pence, day)
    review = Review.objects.filter(fund=fund, asset_class=asset_class).first()
    if review is None:
        raise Refused(
            _("Nobody has reviewed this reserve yet. Say first what reclaims are expected."),
            code="no_review",
        )
    code = accounts.reserve(fund.slug, asset_class)
    held = balances([code])[code]
    required = rules.required_reserve(
        review.expected_pence, int(rule("fund.reserve_margin", day).value)
    )
    if earlier is None:
        rules.refuse_release(pence, held, required)
    journal = post("fund.released", lines, idem_key=idem_key, actor=actor, effective_on=day)
    return earlier or Release.objects.create(
        fund=fund,
        asset_class=asset_class,
        review=review,
        pence=pence,
        required_pence=required,
        left_pence=held - pence,
        journal=journal,
    )


@transaction.atomic
def pay_costs(
    fund: Fund, pence: int, *, payee: str, on: date | None, idem_key: str, actor: Actor
) -> Journal:
    """Pay for running the fund, from the pot: never from what is kept for owners or promised."""
    rules.refuse_giver(payee)
    lock_head()
    outside = accounts.costs_world(fund.slug)
    open_once(outside, fund=fund.slug, guard="none")
    return post(
        "fund.costs_paid", [Line(accounts.pot(fund.slug), outside, pence)],
        idem_key=idem_key, actor=actor, effective_on=day_of(on, idem_key), memo=payee,
    )  # fmt: skip


@transaction.atomic
def set_aside(
    fund: Fund,
    slug: str,
    name: str,
    pence: int,
    *,
    on: date | None,
    idem_key: str,
    actor: Actor,
) -> Programme:
    """Set a part of the pot aside for a programme, which is opened with its first money."""
    lock_head()
    account = accounts.programme(fund.slug, slug)
    programme = Programme.objects.filter(fund=fund, slug=slug).first()
    if programme is None:
        leaf = write_leaf(
            "fund.programme_opened",
            {
                "fund": fund.slug,
                "programme": slug,
                "name": keep_words(name).commitment,
                "actor": actor.as_leaf(),
            },
        )
        programme = Programme.objects.create(fund=fund, slug=slug, name=name, leaf=leaf)
        open_once(account, fund=fund.slug, guard="credit_nonneg")
    post(
        "fund.programme_funded", [Line(accounts.pot(fund.slug), account, pence)],
        idem_key=idem_key, actor=actor, effective_on=day_of(on, idem_key),
    )  # fmt: skip
    return programme


@transaction.atomic
def promise_wave(
    programme: Programme,
    slug: str,
    shares: Mapping[Place, int],
    *,
    begins_on: date,
    ends_on: date,
    years: int,
    decision: Decision | None = None,
    on: date | None = None,
    actor: Actor,
) -> Wave:
    """Promise places their shares over a term, together and out of money that is there.

    `years` of 0 gives each place its whole share at once; otherwise a part falls due on the first
    day of each year. Promised again under the same id, it is the first wave.
    """
    rules.refuse_term(begins_on, ends_on)
    rules.refuse_no_shares(shares.values())
    lock_head()
    earlier = Wave.objects.filter(programme=programme, slug=slug).first()
    total = sum(shares.values())
    if earlier is not None:
        rules.refuse_other_wave(_standing(earlier), {one.slug: n for one, n in shares.items()})
        return earlier
    fund = programme.fund
    source = accounts.programme(fund.slug, programme.slug)
    rules.refuse_wave(total, balances([source])[source], programme.name)
    account = accounts.wave(fund.slug, f"{programme.slug}-{slug}")
    open_once(account, fund=fund.slug, guard="credit_nonneg")
    key = f"wave:{fund.slug}:{programme.slug}:{slug}"
    day = day_of(on, key)
    journal = post(
        "fund.wave_promised", [Line(source, account, total)],
        idem_key=key, actor=actor, effective_on=day,
    )  # fmt: skip
    wave = Wave.objects.create(
        programme=programme, slug=slug, pence=total, begins_on=begins_on, ends_on=ends_on,
        decision=decision, journal=journal,
    )  # fmt: skip
    for place, pence in shares.items():
        allocation = allocate(
            fund, place, pence, begins_on=begins_on, ends_on=ends_on, on=day,
            idem_key=f"{key}:{place.slug}", source=account, over_term=years > 0, actor=actor,
        )  # fmt: skip
        WaveShare.objects.create(
            wave=wave,
            allocation=allocation,
            yearly=rules.yearly_parts(pence, years) if years else [],
        )
    return wave


def decided_places(decision: Decision) -> dict[Place, int]:
    """{place: pence} of a decision; refused where an area has no place here yet."""
    proposal = decision.proposal
    shares = {one.place.code: one.pence for one in decision.shares.select_related("place")}
    areas = Area.objects.filter(
        unit=proposal.unit, year=proposal.boundary_year, code__in=shares, place__isnull=False
    ).select_related("place")
    found = {area.code: area.place for area in areas if area.place}
    if missing := sorted(shares.keys() - found.keys()):
        raise Refused(
            _("%(code)s has no place here yet. Open the place and join it to its area first.")
            % {"code": missing[0]},
            code="no_place",
        )
    return {found[code]: pence for code, pence in shares.items()}


@transaction.atomic
def draw_down(
    share: WaveShare, pence: int, *, on: date | None, idem_key: str, actor: Actor
) -> DrawDown:
    """Let a place have a part of its share: what fell due so far, and what it carried over."""
    lock_head()
    earlier = DrawDown.objects.filter(journal__idem_key=idem_key).first()
    allocation = share.allocation
    day = day_of(on, idem_key)
    if earlier is None:
        due = rules.due_so_far(share.yearly, allocation.begins_on, day)
        rules.refuse_draw_down(pence, due, drawn_pence(share), day > allocation.ends_on)
    place = allocation.place.slug
    line = Line(accounts.due(allocation.fund.slug, place), accounts.available(place), pence)
    journal = post("fund.drawn_down", [line], idem_key=idem_key, actor=actor, effective_on=day)
    return earlier or DrawDown.objects.create(
        share=share, pence=pence, drawn_on=day, journal=journal
    )


@transaction.atomic
def give_back(
    fund: Fund, place: Place, pence: int, *, reason: str, on: date | None, idem_key: str,
    actor: Actor,
) -> Journal:  # fmt: skip
    """A place returns what it does not need to the fund's pot, with a reason."""
    rules.refuse_reason(reason)
    lock_head()
    line = Line(accounts.available(place.slug), accounts.pot(fund.slug), pence)
    return post(
        "fund.given_back", [line],
        idem_key=idem_key, actor=actor, effective_on=day_of(on, idem_key), memo=reason,
    )  # fmt: skip


@transaction.atomic
def end_term(share: WaveShare, *, on: date | None = None, actor: Actor) -> Journal | None:
    """After its last day, what a share did not draw goes back to the pot; None where nothing is."""
    lock_head()
    allocation = share.allocation
    key = f"term:{allocation.pk}"
    day = day_of(on, key)
    rules.refuse_running_term(allocation.ends_on, day)
    left = sum(share.yearly) - drawn_pence(share)
    earlier = Journal.objects.filter(idem_key=key).first()
    if earlier is not None or not left:
        return earlier
    source = accounts.due(allocation.fund.slug, allocation.place.slug)
    line = Line(source, accounts.pot(allocation.fund.slug), left)
    return post("fund.term_ended", [line], idem_key=key, actor=actor, effective_on=day)


def drawn_pence(share: WaveShare) -> int:
    """What a place drew of its share; a draw-down that was taken back does not count."""
    there = share.drawn.filter(journal__reversal=None)
    return int(there.aggregate(total=Sum("pence"))["total"] or 0)


def _standing(wave: Wave) -> dict[str, int]:
    shares = wave.shares.select_related("allocation__place")
    return {one.allocation.place.slug: one.allocation.pence for one in shares}
