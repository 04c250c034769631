"""Is what a place got started with what the record says: what was heard, the start-up money and
the vision?"""

from collections.abc import Iterator

from doorstep.apps.partnerships.models import Listening, Start, StartMoney
from doorstep.apps.record.verify import Finding, otherwise


def verify_starting() -> Iterator[Finding]:
    """Every fault in every start; nothing when all is sound."""
    rows = Start.objects.select_related("place", "where", "vision", "opened", "ended")
    related = rows.prefetch_related(
        "listenings__heard", "listenings__leaf", "money__title", "money__leaf"
    )
    for start in related.order_by("pk").iterator(chunk_size=200):
        for fault in _faults(start):
            yield Finding(f"Getting started in {start.place.slug}", fault)


def _faults(start: Start) -> Iterator[str]:
    yield from otherwise(
        start.opened,
        {
            "kind": "start.opened",
            "place": start.place.slug,
            "where": start.where.commitment,
            "money": start.money_pence,
            "opened_on": start.opened_on.isoformat(),
        },
    )
    for one in start.listenings.all():
        for fault in otherwise(one.leaf, _heard(start, one)):
            yield f"what was heard on {one.on}: {fault}"
    money = sorted(start.money.all(), key=lambda one: one.number)
    for line in money:
        for fault in otherwise(line.leaf, _agreed(start, line)):
            yield f"sum {line.number}: {fault}"
    if [line.number for line in money] != list(range(1, len(money) + 1)):
        yield "its sums are not numbered one after another: one is gone."
    if sum(line.pence for line in money) > start.money_pence:
        yield "its sums come to more than there was to get started with."
    yield from _ending(start)


def _heard(start: Start, one: Listening) -> dict[str, object]:
    return {
        "kind": "start.listened",
        "place": start.place.slug,
        "how": one.how,
        "people": one.people,
        "heard": one.heard.commitment,
        "on": one.on.isoformat(),
    }


def _agreed(start: Start, line: StartMoney) -> dict[str, object]:
    return {
        "kind": "meeting.decided",
        "place": start.place.slug,
        "start_money": line.number,
        "title": line.title.commitment,
        "pence": line.pence,
        "pays_for": line.kind,
        "decided_on": line.on.isoformat(),
        "voted": {"resident": line.in_favour + line.against},
        "in_favour": line.in_favour,
        "against": line.against,
    }


def _ending(start: Start) -> Iterator[str]:
    if start.ended is None:
        if start.vision is not None or start.ended_on is not None:
            yield "it says how it ended, and no leaf says that it did."
        return
    yield from otherwise(
        start.ended,
        {
            "kind": "start.vision_told",
            "place": start.place.slug,
            "vision": start.vision.commitment if start.vision else None,
            "ended_on": start.ended_on.isoformat() if start.ended_on else None,
        },
    )
