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

from doorstep.apps.fund import accounts, flows, rules
from doorstep.apps.fund.models import Allocation, Arrival, AssetClass, Fund
from doorstep.apps.fund.queries import backing, matched_pence, released_pence
from doorstep.apps.ledger.actions import Line, open_account, post
from doorstep.apps.ledger.models import Account, Journal
from doorstep.apps.ledger.queries import balances, entry_lines
from doorstep.apps.ledger.rules import check_pence
from doorstep.apps.places.models import Place
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.apps.rule_names import ask_the_officer
from doorstep.engine.rulebook import AskTheOfficerError, deciding, rule


@transaction.atomic
def open_fund(slug: str, name: str, *, splits: bool = False, actor: Actor) -> Fund:
    """A fund with its accounts: outside, reserve for each class of forgotten money, and pot.

    `splits`: what it releases is shared among the four nations, and England's part is its own.
    Opened again under the same name, it is the first one; under another name it is refused.
    """
    rules.refuse_reserved_fund(slug)
    lock_head()
    earlier = Fund.objects.filter(slug=slug).first()
    if earlier is not None and (earlier.name, earlier.splits) == (name, splits):
        return earlier
    if earlier is not None:
        raise Refused(
            _("There is a fund %(slug)s already. Choose another id.") % {"slug": slug},
            code="fund_exists",
        )
    fund = Fund.objects.create(slug=slug, name=name, splits=splits)
    write_leaf(
        "fund.opened",
        {
            "fund": slug,
            "name": keep_words(name).commitment,
            "splits": splits,
            "actor": actor.as_leaf(),
        },
    )
    for asset_class in AssetClass.values:
        open_account(accounts.dormant_world(slug, asset_class), fund=slug, guard="none")
        open_account(accounts.reserve(slug, asset_class), fund=slug, guard="credit_nonneg")
    open_account(accounts.match_world(slug), fund=slug, guard="none")
    open_account(accounts.costs_world(slug), fund=slug, guard="none")
    if splits:
        open_account(accounts.released(slug), fund=slug, guard="credit_nonneg")
        for nation in flows.NATIONS:
            if nation != flows.HOME:
                open_account(accounts.nation_world(slug, nation), fund=slug, guard="none")
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
    check_pence(pence)
    lock_head()
    on = day_of(on, idem_key)
    percent = int(rule(f"fund.reclaim_reserve.{asset_class}", on).value)
    reserved = rules.reserved_part(pence, percent)
    return _arrive(
        fund, Arrival.Kind.DORMANT, flows.arrival_lines(fund, asset_class, pence, reserved, on),
        asset_class=asset_class, giver=giver, pence=pence, reserved=reserved,
        on=on, idem_key=idem_key, actor=actor,
    )  # fmt: skip


@transaction.atomic
def receive_match(
    fund: Fund, pence: int, *, giver: str, on: date | None, idem_key: str, actor: Actor
) -> Arrival:
    """Money that matches what was released of the forgotten money, up to the rulebook's ratio."""
    rules.refuse_giver(giver)
    check_pence(pence)
    lock_head()
    on = day_of(on, idem_key)
    if not Journal.objects.filter(idem_key=idem_key).exists():
        ratio, cap = _decides("fund.match_ratio", on), _decides("fund.match_cap", on)
        matched, released = matched_pence(fund), released_pence(fund)
        # The tighter of the two holds the other, and says how much could really be recorded.
        if cap <= rules.most_match(released, ratio):
            rules.refuse_match_over_cap(pence, matched, cap)
        else:
            rules.refuse_match_over_ratio(pence, matched, released, ratio)
    lines = [Line(accounts.match_world(fund.slug), accounts.pot(fund.slug), pence)]
    return _arrive(
        fund, Arrival.Kind.MATCH, lines,
        asset_class="", giver=giver, pence=pence, reserved=0,
        on=on, idem_key=idem_key, actor=actor,
    )  # fmt: skip


def _decides(key: str, on: date) -> int:
    """What the rule lets through; refused where nobody compared it with its source for a year."""
    try:
        return int(deciding(key, on).value)
    except AskTheOfficerError as error:
        raise Refused(ask_the_officer(error.rule, on), code="ask_the_officer") from None


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
    """An owner came forward and is paid: always, while the fund holds a pound not promised.

    From the reserve of that class; where that is not enough, from the pot, what programmes have
    not promised, and the other reserves. An owner's right comes before any plan of the fund.
    """
    check_pence(pence)
    lock_head()
    on = day_of(on, idem_key)
    outside = accounts.dormant_world(fund.slug, asset_class)
    earlier = Journal.objects.filter(idem_key=idem_key, kind="fund.reclaim_paid").first()
    first = [Line(*line) for line in entry_lines(earlier)] if earlier else []
    if earlier and {line.credit for line in first} == {outside}:
        # The accounts have moved on since; sent again, it is what it was or it is refused.
        lines = first if sum(line.pence for line in first) == pence else [Line("", outside, pence)]
    else:
        never_reclaimed = -balances([outside])[outside]
        behind = backing(fund, asset_class)
        rules.refuse_reclaim(pence, never_reclaimed, sum(behind.values()))
        lines = flows.reclaim_lines(outside, pence, behind)
    return post("fund.reclaim_paid", lines, idem_key=idem_key, actor=actor, effective_on=on)


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
    source: str = "",
    over_term: bool = False,
    actor: Actor,
) -> Allocation:
    """Give a place its share for a term of years; the pot can never be overspent.

    `source` is the account that it comes from, by default the pot; `over_term` leaves it with the
    fund, to be drawn as it falls due.
    """
    rules.refuse_term(begins_on, ends_on)
    lock_head()
    day = day_of(on, idem_key)
    at_once = accounts.available(place.slug)
    account = accounts.due(fund.slug, place.slug) if over_term else at_once
    line = Line(source or accounts.pot(fund.slug), account, pence)

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
    for code in {account, at_once}:
        open_once(code, fund=fund.slug, guard="credit_nonneg")
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
    open_once(accounts.EXAMPLE_WORLD, fund=accounts.EXAMPLE, guard="none")
    open_once(account, fund=accounts.EXAMPLE, guard="credit_nonneg")
    line = Line(accounts.EXAMPLE_WORLD, account, pence)
    return post(
        "example.budget",
        [line],
        idem_key=idem_key,
        actor=actor,
        effective_on=day_of(on, idem_key),
    )


def day_of(on: date | None, idem_key: str) -> date:
    """The day asked for, or that of the first entry under this key, or today. Holds the pen."""
    first = Journal.objects.filter(idem_key=idem_key).values_list("effective_on", flat=True).first()
    day = on or first or timezone.localdate()
    rules.refuse_future(day, timezone.localdate())
    return day


def open_once(code: str, *, fund: str, guard: str) -> None:
    if not Account.objects.filter(code=code).exists():
        open_account(code, fund=fund, guard=guard)
