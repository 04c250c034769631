"""Re-checks meetings: each decision is what its room, its votes and the rules of its day give."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from doorstep.apps.partnerships.models import (
    Filling,
    FillingState,
    ItemDecision,
    MinutesStep,
    Presence,
)
from doorstep.apps.partnerships.rules import meetings as rules
from doorstep.apps.partnerships.rules.seats import chosen_by_lot
from doorstep.apps.record.verify import Finding, body_of, otherwise
from doorstep.engine.rulebook import rule


def verify_meetings() -> Iterator[Finding]:
    """Every fault in every decision of a meeting; nothing when all is sound."""
    rows = ItemDecision.objects.select_related(
        "leaf", "chair", "item__title", "item__organisation", "item__meeting__partnership__place"
    ).prefetch_related(Prefetch("item__presences", Presence.objects.order_by("pk")))
    for decision in rows.order_by("pk").iterator(chunk_size=500):
        for fault in _faults(decision):
            item = decision.item
            yield Finding(f"Item {item.number} of meeting {item.meeting.number}", fault)
    for step in MinutesStep.objects.select_related("leaf", "text").iterator():
        said = (body_of(step.leaf) or {}).get("text")
        if step.kind != MinutesStep.Kind.AGREED and said != step.text.commitment:
            yield Finding(f"Minutes {step.pk}", "the record commits to other words.")


def verify_lots() -> Iterator[Finding]:
    """Every lot that, drawn again, gives others a seat; nothing when all is sound."""
    rows = Filling.objects.filter(state=FillingState.FILLED, how=Filling.How.LOT)
    for filling in rows.select_related("ended").prefetch_related("candidates").iterator(100):
        standing = list(filling.candidates.all())
        given = chosen_by_lot(filling.seed, len(standing), filling.seats)
        seated = {one.number for one in standing if one.membership_id}
        body = body_of(filling.ended) or {} if filling.ended else {}
        if seated != set(given):
            yield Finding(f"Filling {filling.pk}", "its lot gives the seats to others.")
        if (body.get("seed"), body.get("chosen")) != (filling.seed, given):
            yield Finding(f"Filling {filling.pk}", "the record says another lot.")


def _faults(decision: ItemDecision) -> Iterator[str]:
    item, meeting = decision.item, decision.item.meeting
    place = meeting.partnership.place.slug
    day = timezone.localtime(meeting.meets_at).date()
    there = [
        rules.There(one.membership_id, one.lives_here, one.stays_out)
        for one in item.presences.all()
    ]
    room = rules.room(
        there,
        quorum=rule("meeting.quorum", day, place),
        majority=rule("meeting.resident_majority", day, place),
    )
    counted = (decision.present, decision.counted, decision.residents)
    if counted != (room.present, room.counted, room.residents):
        yield "those who were in the room are not those it counted."
    if (decision.quorum, decision.majority) != (room.quorum, room.majority):
        yield "it was judged by another rule than that of its day."
    if decision.outcome in ("carried", "lost") and not room.can_decide:
        yield "it is said to be decided, but its room could not decide."
    yield from otherwise(decision.leaf, _said(decision))


def _said(decision: ItemDecision) -> dict[str, Any]:
    item = decision.item
    return {
        "kind": "meeting.item_decided",
        "place": item.meeting.partnership.place.slug,
        "meeting": item.meeting.number,
        "item": item.number,
        "title": item.title.commitment,
        "organisation": item.organisation.slug if item.organisation else "",
        "pence": item.pence or 0,
        "terms": item.terms,
        "method": decision.method,
        "in_favour": decision.in_favour,
        "against": decision.against,
        "abstained": decision.abstained,
        "present": decision.present,
        "counted": decision.counted,
        "residents": decision.residents,
        "outcome": decision.outcome,
        "chair": decision.chair.seat if decision.chair else "",
        "decided_on": decision.decided_on.isoformat(),
    }
