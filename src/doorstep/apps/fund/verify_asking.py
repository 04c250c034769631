"""Re-checks steps: what was asked, that another person agreed, and the entry that it became."""

from collections.abc import Iterator

from doorstep.apps.fund.models import Step, StepAnswer
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import Finding, body_of

KINDS = ("fund.step_asked", "fund.step_answered")


def verify_asking() -> Iterator[Finding]:
    """Every fault, as a sentence and where it stands."""
    seen = set()
    for step in Step.objects.select_related("fund", "leaf", "words"):
        seen.add(step.leaf_id)
        yield from (Finding(f"Step {step.pk}", fault) for fault in _asked_faults(step))
    for answer in StepAnswer.objects.select_related("step__leaf", "leaf", "reason"):
        seen.add(answer.leaf_id)
        where = f"Answer to step {answer.step_id}"
        yield from (Finding(where, fault) for fault in _answer_faults(answer))
    for leaf in Leaf.objects.filter(log="public", kind__in=KINDS).exclude(pk__in=seen):
        yield Finding(f"Leaf {leaf.idx} of the public log", "the step or answer it tells is gone.")


def _asked_faults(step: Step) -> Iterator[str]:
    said = body_of(step.leaf) or {}
    stands = {
        "fund": step.fund.slug,
        "step": step.kind,
        "said": step.said,
        "words": step.words.commitment if step.words else None,
        "actor": {"role": step.asked_role, "id": step.asked_by_id},
    }
    if wrong := [name for name, value in stands.items() if said.get(name) != value]:
        yield f"the record says another {', '.join(wrong)}."


def _answer_faults(answer: StepAnswer) -> Iterator[str]:
    said = body_of(answer.leaf) or {}
    stands = {
        "asked": answer.step.leaf.idx,
        "step": answer.step.kind,
        "agreed": answer.agreed,
        "entry": answer.journal_id,
        "reason": answer.reason.commitment if answer.reason else None,
    }
    if wrong := [name for name, value in stands.items() if said.get(name) != value]:
        yield f"the record says another {', '.join(wrong)}."
    if (said.get("actor") or {}).get("id") != answer.account_id:
        yield "the record says that another person gave it."
    if answer.agreed and answer.account_id == answer.step.asked_by_id:
        yield "whoever asked for the step agreed to it."
