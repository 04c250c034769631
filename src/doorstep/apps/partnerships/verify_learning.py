"""Is everything that members learned what the record says, and is no duty held twice?"""

from collections import defaultdict
from collections.abc import Iterator

from doorstep.apps.partnerships.actions.learning import LEAVES, WITHDRAWN, leaf_of
from doorstep.apps.partnerships.models import Duty, LearningEntry, LearningKind, LearningWithdrawn
from doorstep.apps.partnerships.rules.learning import is_withdrawn, standing
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import Finding, otherwise


def verify_learning() -> Iterator[Finding]:
    """Every fault in every entry; nothing when all is sound."""
    rows = LearningEntry.objects.order_by("partnership", "number").select_related(
        "partnership__place", "words", "given_by", "organisation", "line__plan", "returns", "leaf",
        "withdrawn__reason", "withdrawn__leaf",
    )  # fmt: skip
    of_one: dict[str, list[LearningEntry]] = defaultdict(list)
    for entry in rows.iterator(chunk_size=500):
        place = entry.partnership.place.slug
        of_one[place].append(entry)
        for fault in _faults(entry):
            yield Finding(f"Entry {entry.number} of {place}", fault)
    for place, entries in of_one.items():
        held = [one.what for one in standing(entries).held if one.what != Duty.OTHER]
        for duty in sorted({one for one in held if held.count(one) > 1}):
            yield Finding(f"Learning of {place}", f"the duty {duty} is held more than once.")
    yield from _gone()


def _gone() -> Iterator[Finding]:
    """Leaves whose row is gone."""
    leaves = (
        Leaf.objects.filter(kind__in=[*LEAVES.values(), WITHDRAWN])
        .exclude(pk__in=LearningEntry.objects.values("leaf"))
        .exclude(pk__in=LearningWithdrawn.objects.values("leaf"))
    )
    for idx in leaves.order_by("idx").values_list("idx", flat=True):
        yield Finding(f"Leaf {idx} of the public log", "its entry or its withdrawal is gone.")


def _faults(entry: LearningEntry) -> Iterator[str]:
    yield from otherwise(entry.leaf, {"kind": LEAVES.get(entry.kind), **leaf_of(entry)})
    if entry.kind == LearningKind.GIVEN_BACK and entry.returns is not None:
        if entry.returns.partnership_id != entry.partnership_id:
            yield "it gives back a duty of another partnership."
        elif entry.returns.kind != LearningKind.DUTY or entry.on < entry.returns.on:
            yield "it gives back what was not taken over before."
    if is_withdrawn(entry):
        for fault in otherwise(
            entry.withdrawn.leaf,
            {
                "kind": WITHDRAWN,
                "place": entry.partnership.place.slug,
                "entry": entry.number,
                "reason": entry.withdrawn.reason.commitment,
                "on": entry.withdrawn.on.isoformat(),
            },
        ):
            yield f"withdrawn: {fault}"
