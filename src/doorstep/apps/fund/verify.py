"""Re-checks the fund: each arrival and each share against the leaves that say what happened."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from doorstep.apps.fund import accounts
from doorstep.apps.fund.flows import arrival_lines, kept_of
from doorstep.apps.fund.models import Allocation, Arrival, Fund, Release
from doorstep.apps.fund.rules import reserved_part
from doorstep.apps.ledger.models import Journal
from doorstep.apps.ledger.rules import pounds
from doorstep.apps.record.models import Leaf, Wording
from doorstep.apps.record.verify import PIECE, Finding, body_of
from doorstep.engine.rulebook import NoRuleInForceError, UnknownRuleError, rule

_ARRIVED = [f"fund.{kind}_arrived" for kind in Arrival.Kind.values]


def verify_fund() -> Iterator[Finding]:
    """Every fault in funds, arrivals and shares, as a sentence and where it stands."""
    yield from _funds()
    yield from _arrivals()
    yield from _allocations()


def _funds() -> Iterator[Finding]:
    opened = {}
    splits = {}
    for _leaf, body in _leaves("fund.opened"):
        opened[str(body.get("fund"))] = body.get("name")
        splits[str(body.get("fund"))] = bool(body.get("splits"))
    standing = dict(Fund.objects.values_list("slug", "name"))
    for fund in Fund.objects.order_by("slug"):
        if fund.splits != splits.get(fund.slug, fund.splits):
            yield Finding(f"Fund {fund.slug}", "whether its releases are split is told otherwise.")
    names = dict(
        Wording.objects.filter(commitment__in=opened.values()).values_list("commitment", "text")
    )
    for slug in sorted(standing.keys() ^ opened.keys()):
        yield Finding(f"Fund {slug}", "its row and the leaf that opened it are not both there.")
    for slug in sorted(standing.keys() & opened.keys()):
        if standing[slug] != names.get(str(opened[slug]), standing[slug]):
            yield Finding(f"Fund {slug}", "it has another name than it was opened under.")


def _arrivals() -> Iterator[Finding]:
    released: dict[int, int] = {}
    matched: dict[int, int] = {}
    seen = set()
    rows = Arrival.objects.select_related("fund", "journal__leaf", "journal__memo")
    standing = Release.objects.filter(journal__reversal=None)
    freed = list(standing.select_related("fund", "journal").order_by("-journal_id"))
    taken_back = set(
        Journal.objects.filter(reverses__kind__in=_ARRIVED).values_list("reverses", flat=True)
    )
    for arrival in rows.order_by("journal_id").iterator(chunk_size=PIECE):
        seen.add(arrival.journal_id)
        where = f"Arrival of entry {arrival.journal_id}"
        yield from (Finding(where, fault) for fault in _arrival_faults(arrival))
        if arrival.journal_id in taken_back:
            continue
        while freed and freed[-1].journal_id < arrival.journal_id:
            one = freed.pop()
            kept = kept_of(one.fund, one.pence, one.journal.effective_on)
            released[one.fund_id] = released.get(one.fund_id, 0) + kept
        is_match = arrival.kind == Arrival.Kind.MATCH
        set_free = arrival.pence - arrival.reserved_pence
        came = set_free if is_match else kept_of(arrival.fund, set_free, arrival.arrived_on)
        sums = matched if is_match else released
        so_far = sums[arrival.fund_id] = sums.get(arrival.fund_id, 0) + came
        if is_match:
            most = _most_matched(released.get(arrival.fund_id, 0), arrival.arrived_on)
            if so_far > most:
                yield Finding(
                    where,
                    f"it brought the match to {pounds(so_far)}, but the rule allowed "
                    f"{pounds(most)}.",
                )
    yield from _without_row(_ARRIVED, seen, "Arrival")


def _arrival_faults(arrival: Arrival) -> Iterator[str]:
    fund, kept = arrival.fund.slug, arrival.reserved_pence
    lines: list[list[str | int]]
    if arrival.kind == Arrival.Kind.MATCH:
        lines = [[accounts.match_world(fund), accounts.pot(fund), arrival.pence]]
    else:
        posted = arrival_lines(
            arrival.fund, arrival.asset_class, arrival.pence, kept, arrival.arrived_on
        )
        lines = [list(line) for line in posted]
        if kept != _reserved(arrival):
            yield "another part of it is kept for owners than the rule says."
    yield from _entry_faults(
        arrival.journal,
        f"fund.{arrival.kind}_arrived",
        [line for line in lines if line[2]],
        arrival.arrived_on,
    )
    giver = arrival.journal.memo
    if giver is not None and giver.text and giver.text != arrival.giver:
        yield "it names another giver than the record does."


def _entry_faults(
    journal: Journal, kind: str, lines: list[list[str | int]], on: date | None = None
) -> Iterator[str]:
    """What a row says of its money, compared with the bytes of its entry's leaf."""
    said = body_of(journal.leaf) or {}
    if said.get("entry") != kind or said.get("lines") != lines:
        yield "its entry in the ledger moved another sum, or other accounts, than it says."
    if on is not None and said.get("effective_on") != on.isoformat():
        yield "its entry in the ledger took effect on another day."


def _reserved(arrival: Arrival) -> int | None:
    try:
        percent = rule(f"fund.reclaim_reserve.{arrival.asset_class}", arrival.arrived_on).value
    except (NoRuleInForceError, UnknownRuleError):
        return None
    return reserved_part(arrival.pence, int(percent))


def _most_matched(released: int, on: date) -> int:
    try:
        return released * int(rule("fund.match_ratio", on).value) // 100
    except (NoRuleInForceError, UnknownRuleError):
        return 0


def _allocations() -> Iterator[Finding]:
    seen, decided = set(), set()
    rows = Allocation.objects.select_related(
        "fund", "place", "decision", "journal__leaf", "wave_share__wave__programme"
    )
    for share in rows.order_by("journal_id").iterator(chunk_size=PIECE):
        seen.add(share.journal_id)
        decided.add(share.decision_id)
        where = f"Share of entry {share.journal_id}"
        yield from (Finding(where, fault) for fault in _allocation_faults(share))
    yield from _without_row(["fund.allocated"], seen, "Share")
    for leaf, _body in _leaves("allocation.decided"):
        if leaf.pk not in decided:
            yield Finding(f"Leaf {leaf.idx} of the public log", "the share it decided is gone.")


def _allocation_faults(share: Allocation) -> Iterator[str]:
    decision: dict[str, Any] = body_of(share.decision) or {}
    decided = {
        "kind": "allocation.decided",
        "fund": share.fund.slug,
        "place": share.place.slug,
        "pence": share.pence,
        "begins_on": share.begins_on.isoformat(),
        "ends_on": share.ends_on.isoformat(),
    }
    if wrong := [name for name, value in decided.items() if decision.get(name) != value]:
        yield f"its decision in the record says another {', '.join(wrong)}."
    source, target = accounts.pot(share.fund.slug), accounts.available(share.place.slug)
    wave_share = getattr(share, "wave_share", None)
    if wave_share is not None:
        programme = wave_share.wave.programme
        source = accounts.wave(share.fund.slug, f"{programme.slug}-{wave_share.wave.slug}")
        if wave_share.yearly:
            target = accounts.due(share.fund.slug, share.place.slug)
    line: list[str | int] = [source, target, share.pence]
    yield from _entry_faults(share.journal, "fund.allocated", [line])


def _without_row(kinds: list[str], seen: set[int], what: str) -> Iterator[Finding]:
    """Entries of these kinds (which the ledger's own check compares with their leaves) alone."""
    for seq in Journal.objects.filter(kind__in=kinds).order_by("pk").values_list("pk", flat=True):
        if seq not in seen:
            yield Finding(
                f"{what} of entry {seq}", "the ledger moved its money, but its row is gone."
            )


def _leaves(kind: str) -> Iterator[tuple[Leaf, dict[str, Any]]]:
    """Every public leaf of a kind that can be read; the record's own check names the others."""
    leaves = Leaf.objects.filter(log="public", kind=kind).order_by("idx")
    for leaf in leaves.iterator(chunk_size=PIECE):
        body = body_of(leaf)
        if body is not None:
            yield leaf, body
