"""Re-checks promises: each stands as its last step says, and is due when its sum says."""

from collections.abc import Iterator

from django.db.models import Prefetch

from doorstep.apps.promises.actions.common import leaf_of
from doorstep.apps.promises.models import Promise, Step, StepKind
from doorstep.apps.promises.queries import added_holidays
from doorstep.apps.record.verify import Finding, body_of
from doorstep.engine.rulebook import days_after, working_days_after


def verify_promises() -> Iterator[Finding]:
    """Every fault in every promise; nothing when all is sound."""
    added = added_holidays()
    steps = Step.objects.select_related("leaf", "reason").order_by("seq")
    rows = Promise.objects.select_related("place", "owed_by_organisation", "words")
    for promise in rows.prefetch_related(Prefetch("steps", steps)).iterator(chunk_size=500):
        taken = list(promise.steps.all())
        for fault in (*_faults(promise, taken), *_clock(promise, taken, added)):
            yield Finding(f"Promise {promise.pk}", fault)


def _faults(promise: Promise, steps: list[Step]) -> Iterator[str]:
    if not steps or [step.seq for step in steps] != list(range(1, promise.steps_taken + 1)):
        yield "its steps are not those it took."
        return
    if promise.state != steps[-1].state:
        yield "it does not stand as its last step says."
    for step in steps:
        body = body_of(step.leaf) or {}
        if not str(body.get("kind", "")).startswith("promise."):
            continue  # A room's act made or kept it, and that leaf is the room's to check.
        said = leaf_of(promise, StepKind(step.kind), step.reason)
        fixed = ("promise", "promised", "place", "role", "organisation", "reason", "words")
        now = {name: said[name] for name in fixed if name in said} | {
            "kind": f"promise.{step.kind}",
            "step": step.seq,
            "due": step.due_on.isoformat(),
            "state": str(step.state),
        }
        if wrong := [name for name, value in now.items() if body.get(name) != value]:
            yield f"the record says another {', '.join(wrong)} of step {step.seq}."


def _clock(promise: Promise, steps: list[Step], added: list) -> Iterator[str]:
    if not steps or promise.state != "open":
        return
    if promise.counted_from is None or promise.days is None:
        due = steps[-1].due_on
    elif promise.counted == Promise.Counted.WORKING:
        nations = promise.nations.split(",")
        due = working_days_after(promise.counted_from, promise.days, nations, added).due
    else:
        due = days_after(promise.counted_from, promise.days).due
    if promise.due_on != due:
        yield f"it is due on {promise.due_on}, but its sum gives {due}."
