"""What happens to a fund: it opens, money arrives, owners reclaim, places get their share.

Each action takes the record's pen before it reads, so that what it read still holds when it
writes, and so that a request sent twice at one moment finds what the first did.

A day `on` of None is today for a new request, and for one sent again the day of the first: so
the same command on the morning after is still the same request. All else must be as it was.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.fund import accounts, rules
from doorstep.apps.fund.models import Allocation, Arrival, AssetClass, Fund
from doorstep.apps.fund.queries import matched_pence, released_pence
from doorstep.apps.ledger.actions import Line, open_account, post
from doorstep.apps.ledger.models import Account, Journal
from doorstep.apps.places.models import Place
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule


@transaction.atomic
def open_fund(slug: str, name: str, *, actor: Actor) -> Fund:
    """A fund with its accounts: outside, reserve for each class of forgotten money, and pot.

    Opened again under the same name, it is the first one; under another name it is refused.
    """
    rules.refuse_reserved_fund(slug)
    lock_head()
    earlier = Fund.objects.filter(slug=slug).first()
    if earlier is not None and earlier.name == name:
        return earlier
    if earlier is not None:
        raise Refused(
            _("There is a fund %(slug)s already. Choose another id.") % {"slug": slug},
            code="fund_exists",
        )
    fund = Fund.objects.create(slug=slug, name=name)
    write_leaf(
        "fund.opened",
        {"fund": slug, "name": keep_words(name).commitment, "actor": actor.as_leaf()},
    )
    for asset_class in AssetClass.values:
        open_account(accounts.dormant_world(slug, asset_class), fund=slug, guard="none")
        open_account(accounts.reserve(slug, asset_class), fund=slug, guard="credit_nonneg")
    open_account(accounts.match_world(slug), fund=slug, guard="none")
    open_account(accounts.pot(slug), fund=slug, guard="credit_nonneg")
    return fund


@transaction.atomic
def receive_dormant(
    fund: Fund,
    asset_class: AssetClass,
    pence: int,
    *,
    giver: str,
    on: date | None,
    idem_key: str,
    actor: Actor,
) -> Arrival:
    """Forgotten money arrives; the rulebook's share is reserved before anything can be given."""
    rules.refuse_giver(giver)
    lock_head()
    on = _day_of(on, idem_key)
    percent = int(rule(f"fund.reclaim_reserve.{asset_class}", on).value)
    reserved = rules.reserved_part(pence, percent)
    outside = accounts.dormant_world(fund.slug, asset_class)
    lines = [
        Line(outside, accounts.reserve(fund.slug, asset_class), reserved),
        Line(outside, accounts.pot(fund.slug), pence - reserved),
    ]
    return _arrive(
        fund, Arrival.Kind.DORMANT, [line for line in lines if line.pence],
        asset_class=asset_class, giver=giver, pence=pence, reserved=reserved,
        on=on, idem_key=idem_key, actor=actor,
    )  # fmt: skip


@transaction.atomic
def receive_match(
    fund: Fund, pence: int, *, giver: str, on: date | None, idem_key: str, actor: Actor
) -> Arrival:
    """Money that matches what was released of the forgotten money, up to the rulebook's ratio."""
    rules.refuse_giver(giver)
    lock_head()
    on = _day_of(on, idem_key)
    if not Journal.objects.filter(idem_key=idem_key).exists():
        ratio = int(rule("fund.match_ratio", on).value)
        rules.refuse_match_over_ratio(pence, matched_pence(fund), released_pence(fund), ratio)
    lines = [Line(accounts.match_world(fund.slug), accounts.pot(fund.slug), pence)]
    return _arrive(
        fund, Arrival.Kind.MATCH, lines,
        asset_class="", giver=giver, pence=pence, reserved=0,
        on=on, idem_key=idem_key, actor=actor,
    )  # fmt: skip


def _arrive(
    fund: Fund,
    kind: Arrival.Kind,
    lines: list[Line],
    *,
    asset_class: str,
    giver: str,
    pence: int,
    reserved: int,
    on: date,
    idem_key: str,
    actor: Actor,
) -> Arrival:
    """Post it with the giver as its words, so that the record commits to who gave."""
    journal = post(
        f"fund.{kind}_arrived",
        lines,
        idem_key=idem_key,
        actor=actor,
        effective_on=on,
        memo=giver,
    )
    arrival, _made = Arrival.objects.get_or_create(
        journal=journal,
        defaults={
            "fund": fund,
            "kind": kind,
            "asset_class": asset_class,
            "giver": giver,
            "pence": pence,
            "reserved_pence": reserved,
            "arrived_on": on,
        },
    )
    return arrival


@transaction.atomic
def pay_reclaim(
    fund: Fund, asset_class: AssetClass, pence: int, *, on: date | None, idem_key: str, actor: Actor
) -> Journal:
    """An owner came forward and is paid from the reserve of that class, and from nothing else."""
    lock_head()
    on = _day_of(on, idem_key)
    line = Line(
        accounts.reserve(fund.slug, asset_class),
        accounts.dormant_world(fund.slug, asset_class),
        pence,
    )
    return post("fund.reclaim_paid", [line], idem_key=idem_key, actor=actor, effective_on=on)


@transaction.atomic
def allocate(
    fund: Fund,
    place: Place,
    pence: int,
    *,
    begins_on: date,
    ends_on: date,
    on: date | None,
    idem_key: str,
    actor: Actor,
) -> Allocation:
    """Give a place its share for a term of years; the pot can never be overspent."""
    rules.refuse_term(begins_on, ends_on)
    lock_head()
    day = _day_of(on, idem_key)
    account = accounts.available(place.slug)
    line = Line(accounts.pot(fund.slug), account, pence)

    def move() -> Journal:
        return post("fund.allocated", [line], idem_key=idem_key, actor=actor, effective_on=day)

    earlier = Allocation.objects.filter(journal__idem_key=idem_key).first()
    if earlier:
        move()  # refuses another sum or place under the same key, and moves nothing
        rules.refuse_other_term(
            (begins_on, ends_on), (earlier.begins_on, earlier.ends_on), earlier.journal_id
        )
        return earlier
    decision = write_leaf(
        "allocation.decided",
        {
            "fund": fund.slug,
            "place": place.slug,
            "pence": pence,
            "begins_on": begins_on.isoformat(),
            "ends_on": ends_on.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
    _open_once(account, fund=fund.slug, guard="credit_nonneg")
    return Allocation.objects.create(
        fund=fund,
        place=place,
        pence=pence,
        begins_on=begins_on,
        ends_on=ends_on,
        decision=decision,
        journal=move(),
    )


@transaction.atomic
def open_beside(neighbour: str, code: str) -> None:
    """Open account `code` in the same fund as `neighbour`; it can never go below nothing."""
    lock_head()
    fund = Account.objects.get(code=neighbour).fund
    open_account(code, fund=fund, guard="credit_nonneg")


@transaction.atomic
def open_example_budget(
    place: Place, pence: int, *, on: date | None, idem_key: str, actor: Actor
) -> Journal:
    """Pretend money for trying real elections in a place; it can never meet a live pound."""
    lock_head()
    account = accounts.available(place.slug, example=True)
    _open_once(accounts.EXAMPLE_WORLD, fund=accounts.EXAMPLE, guard="none")
    _open_once(account, fund=accounts.EXAMPLE, guard="credit_nonneg")
    line = Line(accounts.EXAMPLE_WORLD, account, pence)
    return post(
        "example.budget",
        [line],
        idem_key=idem_key,
        actor=actor,
        effective_on=_day_of(on, idem_key),
    )


def _day_of(on: date | None, idem_key: str) -> date:
    """The day asked for, or that of the first entry under this key, or today. Holds the pen."""
    first = Journal.objects.filter(idem_key=idem_key).values_list("effective_on", flat=True).first()
    return on or first or timezone.localdate()


def _open_once(code: str, *, fund: str, guard: str) -> None:
    if not Account.objects.filter(code=code).exists():
        open_account(code, fund=fund, guard=guard)
