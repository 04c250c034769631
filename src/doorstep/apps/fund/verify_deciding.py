"""Works every proposal and decision out again, from its rows, and compares them with the record."""

from collections.abc import Iterator
from typing import Any

from doorstep.apps.fund import working
from doorstep.apps.fund.models import Decision, Proposal
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import Finding, body_of
from doorstep.engine.need.errors import NeedError


def verify_deciding() -> Iterator[Finding]:
    """Every fault in proposals and decisions, as a sentence and where it stands."""
    proposals = Proposal.objects.select_related("fund", "leaf", "decision__leaf")
    seen = set()
    for proposal in proposals.order_by("pk"):
        seen.add(proposal.leaf_id)
        where = f"Proposal {proposal.slug} of {proposal.fund.slug}"
        yield from (Finding(where, fault) for fault in proposal_faults(proposal))
        decision = getattr(proposal, "decision", None)
        if decision is not None:
            seen.add(decision.leaf_id)
    kinds = ["fund.shares_proposed", "fund.shares_decided"]
    for leaf in Leaf.objects.filter(log="public", kind__in=kinds).exclude(pk__in=seen):
        yield Finding(f"Leaf {leaf.idx} of the public log", "what it proposed or decided is gone.")


def proposal_faults(proposal: Proposal) -> Iterator[str]:
    """One proposal and its decision worked out again; every difference from the record."""
    said: dict[str, Any] = body_of(proposal.leaf) or {}
    places = list(proposal.places.all())
    stands = {
        "kind": "fund.shares_proposed",
        "fund": proposal.fund.slug,
        "proposal": proposal.slug,
        "on": proposal.on.isoformat(),
        "programme": proposal.programme,
        "pot": proposal.pot_pence,
        "need": proposal.need,
        "floor": proposal.floor_pence,
        "ceiling": proposal.ceiling_pence,
        "steps": proposal.steps,
        "files": sorted({one["sha256"] for one in proposal.inputs if one["sha256"]}),
        "places": len(places),
        "rows_sha256": working.rows_digest(places),
    }
    if wrong := [name for name, value in stands.items() if said.get(name) != value]:
        yield f"the record says another {', '.join(wrong)}."
        return
    try:
        worked = working.work_out(proposal, places)
    except NeedError as problem:
        yield f"it cannot be worked out again: {problem.what}"
        return
    for place in worked.places:
        verdict = worked.selection.verdict(place.code)
        reasons = [working.told(one) for one in verdict.reasons]
        if (place.chosen, place.position, place.reasons) != (
            verdict.chosen, verdict.position, reasons,
        ):  # fmt: skip
            yield f"worked out again, {place.code} hears another answer."
    decision = getattr(proposal, "decision", None)
    if decision is not None:
        yield from _decision_faults(decision, worked)


def _decision_faults(decision: Decision, worked: working.Working) -> Iterator[str]:
    said: dict[str, Any] = body_of(decision.leaf) or {}
    outcome = worked.outcomes().get(decision.rule)
    if outcome is None or isinstance(outcome, NeedError):
        yield "its rule cannot be applied again."
        return
    again = sorted([one.code, one.pence] for one in outcome)
    stands = sorted([one.place.code, one.pence] for one in decision.shares.select_related("place"))
    if stands != again:
        yield "worked out again, its shares are other sums."
    told = [said.get("rule"), said.get("on"), sorted(said.get("shares", []))]
    if told != [decision.rule, decision.decided_on.isoformat(), again]:
        yield "the record says another rule, day or share."
