"""Re-checks agreements with organisations: each against its leaves, each fee against its entry, and
that none holds less than nothing."""

from collections.abc import Iterator
from typing import Any

from doorstep.apps.awards.models import Funding, Move, MoveKind, MoveState, SpendReport
from doorstep.apps.awards.queries.hosting import held
from doorstep.apps.fund import accounts
from doorstep.apps.ledger.models import Journal
from doorstep.apps.ledger.queries import entry_lines
from doorstep.apps.places.models import Place
from doorstep.apps.record.verify import Finding, body_of

FEES = ("fund.host_fee_paid", "fund.host_fee_returned")


def verify_hosting() -> Iterator[Finding]:
    """Every fault, as a sentence and where it stands."""
    yield from _agreements()
    yield from _moves()
    for report in SpendReport.objects.select_related("leaf", "words").order_by("pk"):
        stands = {
            "report": report.number, "until": report.until.isoformat(),
            "spent": report.spent_pence, "held": report.held_pence,
            "at_bank": report.at_bank_pence, "words": report.words.commitment,
        }  # fmt: skip
        yield from _otherwise(f"Spend report {report.pk}", stands, body_of(report.leaf))
    funded = Place.objects.filter(partnership__hosts__fundings__accepted__isnull=False)
    for place in funded.distinct().order_by("pk"):
        for one in held(place).values():
            if one.free < 0:
                yield Finding(f"Agreement {one.funding.pk}", "more left its account than came.")


def _agreements() -> Iterator[Finding]:
    rows = Funding.objects.select_related(
        "drafted", "accepted", "withdrawn", "takes_over__drafted", "host__organisation",
        "host__partnership__place", "fund",
    ).prefetch_related("parts")  # fmt: skip
    for one in rows.order_by("pk"):
        where = f"Agreement {one.pk}"
        planned = [part for part in one.parts.all() if not part.bridging]
        stands = {
            "place": one.host.partnership.place.slug,
            "organisation": one.host.organisation.slug,
            "fund": one.fund.slug,
            "parts": [[part.pence, part.due_on.isoformat()] for part in planned],
            "takes_over": one.takes_over.drafted.idx if one.takes_over else None,
        }
        yield from _otherwise(where, stands, body_of(one.drafted))
        if one.accepted is not None:
            agreed = {
                "agreement": one.drafted.idx, "pence": sum(part.pence for part in planned),
            }  # fmt: skip
            yield from _otherwise(where, agreed, body_of(one.accepted))
        if one.withdrawn is not None:
            back = {"kind": "hosting.withdrawn", "agreement": one.drafted.idx}
            yield from _otherwise(where, back, body_of(one.withdrawn))


def _moves() -> Iterator[Finding]:
    entries = set()
    rows = Move.objects.select_related(
        "said", "ended", "entry", "reason", "back_of__said", "to__host__organisation",
        "funding__host__partnership__place", "funding__fund", "part",
    )  # fmt: skip
    for move in rows.order_by("pk"):
        where = f"Move {move.pk}"
        stands = {
            "move": move.kind, "pence": move.pence, "fee": move.fee_pence,
            "part": move.part.number if move.part else None,
            "back_of": move.back_of.said.idx if move.back_of else None,
            "to": move.to.host.organisation.slug if move.to else None,
            "reason": move.reason.commitment, "said_on": move.said_on.isoformat(),
        }  # fmt: skip
        yield from _otherwise(where, stands, body_of(move.said))
        if move.ended is not None:
            ended = {
                "kind": f"hosting.move_{move.state}", "said": move.said.idx,
                "entry": move.entry.seq if move.entry else None,
            }  # fmt: skip
            yield from _otherwise(where, ended, body_of(move.ended))
        entries.add(move.entry_id)
        if move.state == MoveState.CONFIRMED and move.fee_pence:
            pot = accounts.pot(move.funding.fund.slug)
            outside = accounts.host_fees_world(
                move.funding.fund.slug, move.funding.host.partnership.place.slug
            )
            there = (outside, pot) if move.kind == MoveKind.RETURNED else (pot, outside)
            lines = entry_lines(move.entry) if move.entry else []
            if [tuple(line) for line in lines] != [(*there, move.fee_pence)]:
                yield Finding(where, "its entry in the ledger moved another fee than it says.")
    for seq in Journal.objects.filter(kind__in=FEES, reversal=None).values_list("pk", flat=True):
        if seq not in entries:
            yield Finding(f"Entry {seq}", "it moved a fee of no release or return.")


def _otherwise(
    where: str, stands: dict[str, Any], said: dict[str, Any] | None
) -> Iterator[Finding]:
    wrong = [name for name, value in stands.items() if (said or {}).get(name) != value]
    if wrong:
        yield Finding(where, f"the record says another {', '.join(wrong)}.")
