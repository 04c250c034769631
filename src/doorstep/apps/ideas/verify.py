"""Re-checks ideas: each stands as its last step says, and each step as its leaf says."""

from collections.abc import Iterator

from doorstep.apps.ideas.actions.steps import leaf_of
from doorstep.apps.ideas.models import Idea, Step
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import Finding, body_of


def verify_ideas() -> Iterator[Finding]:
    """Every fault in every idea, as a sentence and where it stands; nothing when all is sound."""
    steps: dict[int, list[Step]] = {}
    told: set[int] = set()
    rows = Step.objects.select_related(
        "leaf", "title", "what", "where", "photo", "project", "reason", "rule_words", "changes"
    )
    for step in rows.order_by("idea", "seq"):
        steps.setdefault(step.idea_id, []).append(step)
        told.add(step.leaf_id)
    ideas = list(Idea.objects.select_related("round").order_by("number"))
    if [idea.number for idea in ideas] != list(range(1, len(ideas) + 1)):
        yield Finding("The ideas", "their numbers have a gap: one is missing.")
    for idea in ideas:
        where = f"Idea {idea.number}"
        yield from (Finding(where, fault) for fault in _faults(idea, steps.pop(idea.number, [])))
    for number in sorted(steps):
        yield Finding(f"Idea {number}", "it has steps, but it is gone.")
    leaves = Leaf.objects.filter(log="public", kind__startswith="idea.").order_by("idx")
    for leaf in leaves.exclude(pk__in=told):
        yield Finding(f"Leaf {leaf.idx} of the public log", "the step it tells is gone.")


def _faults(idea: Idea, steps: list[Step]) -> Iterator[str]:
    if [step.seq for step in steps] != list(range(1, idea.steps_taken + 1)) or not steps:
        yield "its steps are not those it took."
        return
    if idea.standing() != steps[-1].standing():
        yield "it does not stand as its last step says."
    for step in steps:
        said = body_of(step.leaf) or {}
        stands = leaf_of(idea, step) | {"kind": f"idea.{step.kind}"}
        if wrong := [name for name, value in stands.items() if said.get(name) != value]:
            yield f"the record says another {', '.join(wrong)} of step {step.seq}."
