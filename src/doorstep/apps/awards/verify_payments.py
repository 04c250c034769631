"""Re-checks payments: each has its approvals, its leaves and its entries; nothing else was sent."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch

from doorstep.apps.awards.models import Approval, Decision, DecisionKind, Payment, PaymentState
from doorstep.apps.awards.rules import approvals_needed, second_approver_from
from doorstep.apps.fund import accounts
from doorstep.apps.ledger.models import Journal
from doorstep.apps.ledger.queries import entry_lines
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import PIECE, Finding, body_of

SENT = (PaymentState.RELEASED, PaymentState.CLEARED)


def verify_payments() -> Iterator[Finding]:
    """Every fault in decisions, payments and approvals, as a sentence and where it stands."""
    yield from _decisions()
    entries: set[int | None] = set()
    leaves: set[int] = set()
    rows = Payment.objects.select_related(
        "award__place", "mandate__hold", "payee_organisation", "invoice", "instalment", "raised",
        "approved", "released", "cleared", "cancelled", "release_entry", "clear_entry",
        "return_entry",
    ).prefetch_related(
        Prefetch("approvals", Approval.objects.select_related("leaf").order_by("pk")),
        "mandate__checks",
    )  # fmt: skip
    for payment in rows.order_by("pk").iterator(chunk_size=PIECE):
        where = f"Payment {payment.slug}"
        yield from (Finding(where, fault) for fault in _faults(payment))
        entries |= {payment.release_entry_id, payment.clear_entry_id}
        leaves.add(payment.raised_id)
    for kind in ("payment.released", "payment.cleared"):
        # What was reversed belongs to a step that was taken back.
        standing = Journal.objects.filter(kind=kind, reversal=None).order_by("pk")
        for seq in standing.values_list("pk", flat=True):
            if seq not in entries:
                yield Finding(f"Entry {seq}", "it moved money of a payment that is gone.")
    for leaf in Leaf.objects.filter(log="public", kind="payment.raised").order_by("idx"):
        if leaf.pk not in leaves:
            yield Finding(f"Leaf {leaf.idx} of the public log", "the payment it raised is gone.")


def _decisions() -> Iterator[Finding]:
    for decision in Decision.objects.select_related("place", "title", "leaf").order_by("pk"):
        stands = {
            "place": decision.place.slug,
            "title": decision.title.commitment,
            "pence": decision.pence,
            "decided_on": decision.decided_on.isoformat(),
        }
        said = body_of(decision.leaf) or {}
        how = _at_a_meeting if said.get("kind") == "meeting.item_decided" else _by_hand
        yield from _said_otherwise(f"Decision {decision.pk}", stands | how(decision), said)


def _by_hand(decision: Decision) -> dict[str, Any]:
    return {"kind": decision.kind, "voted": decision.voted, "recused": decision.recused}


def _at_a_meeting(decision: Decision) -> dict[str, Any]:
    """What the item's own leaf must say, for nothing is typed again."""
    item = "limit" if decision.kind == DecisionKind.DELEGATION else "money"
    counted = decision.voted.get("partnership_member", 0)
    stayed_out = decision.recused.get("partnership_member", 0)
    return {
        "item_kind": item, "outcome": "carried",
        "counted": counted, "present": counted + stayed_out,
    }  # fmt: skip


def _said_otherwise(where: str, stands: dict[str, Any], said: dict[str, Any]) -> Iterator[Finding]:
    if wrong := [name for name, value in stands.items() if said.get(name) != value]:
        yield Finding(where, f"its line in the record says another {', '.join(wrong)}.")


def _faults(payment: Payment) -> Iterator[str]:
    payee = payment.payee_organisation
    stands = {
        "kind": "payment.raised",
        "payment": payment.slug,
        "award": payment.award.slug,
        "organisation": payee.slug if payee else None,
        "instalment": payment.instalment.number if payment.instalment else None,
        "invoice": payment.invoice.commitment,
        "pence": payment.pence,
        "approvals_needed": payment.approvals_needed,
        "raised_on": payment.raised_on.isoformat(),
        "role": payment.raised_role,
    }
    said, of_its_day = body_of(payment.raised) or {}, (payment.raised_on, payment.award.place.slug)
    if "second_approver_from" in said:  # leaves of 28 November 2026 and before do not say it
        stands["second_approver_from"] = second_approver_from(*of_its_day)
    yield from (one.sentence for one in _said_otherwise("", stands, said))
    if payment.approvals_needed < approvals_needed(payment.pence, *of_its_day):
        yield "fewer people were asked to approve it than the rule of its day says."
    yield from _approval_faults(payment)
    yield from _step_faults(payment)
    yield from _money_faults(payment)


def _approval_faults(payment: Payment) -> Iterator[str]:
    given = [approval for approval in payment.approvals.all() if not approval.is_recusal]
    for approval in payment.approvals.all():
        said = body_of(approval.leaf) or {}
        actor = said.get("actor") or {}
        stands = (payment.slug, approval.role, approval.declared, approval.account_id)
        if stands != (
            said.get("payment"), said.get("role"), said.get("declared"), actor.get("id"),
        ):  # fmt: skip
            yield "an approval of it says something else than its line in the record."
        if approval.account_id == payment.raised_by_id:
            yield "whoever raised it approved it too."
        if approval.account_id == payment.payee_account_id and not approval.is_recusal:
            yield "whoever is paid by it approved it."
    if payment.approved is None:
        if payment.state in SENT:
            yield "it was sent without being approved."
        return
    said = body_of(payment.approved) or {}
    if len({approval.account_id for approval in given}) < payment.approvals_needed:
        yield "fewer people approved it than it needed."
    if said.get("payment") != payment.slug or said.get("approved_as") != [
        approval.role for approval in given
    ]:
        yield "the line of the record that it was approved names others."


def _step_faults(payment: Payment) -> Iterator[str]:
    steps = {
        "payment.released": payment.released,
        "payment.cleared": payment.cleared,
        "payment.cancelled": payment.cancelled,
    }
    for kind, leaf in steps.items():
        if leaf is not None and (leaf.kind, (body_of(leaf) or {}).get("payment")) != (
            kind,
            payment.slug,
        ):
            yield f"its line “{kind}” in the record is of something else."
    if payment.released_on is None:
        return
    hold = getattr(payment.mandate, "hold", None)
    if hold is None or payment.released_on < hold.clear_from:
        yield "it was sent before its bank details had waited."
    calls = [c for c in payment.mandate.checks.all() if c.confirmed]
    if hold is None or not any(c.called_by_id != hold.entered_by_id for c in calls):
        yield "it was sent although nobody else had called back about its bank details."


def _money_faults(payment: Payment) -> Iterator[str]:
    place, award = payment.award.place.slug, payment.award.slug
    on_its_way = accounts.in_transit(place, payment.slug)
    if payment.release_entry is not None and entry_lines(payment.release_entry) != [
        (accounts.committed(place, award), on_its_way, payment.pence)
    ]:
        yield "the ledger sent another sum than was approved, or from elsewhere."
    if payment.clear_entry is not None:
        lines = entry_lines(payment.clear_entry)
        if [(debit, pence) for debit, _credit, pence in lines] != [(on_its_way, payment.pence)]:
            yield "the ledger cleared another sum than was sent."
    returned = payment.return_entry
    if returned is not None and returned.reverses_id != payment.release_entry_id:
        yield "it was taken back by an entry that reverses something else."
