"""The one way a step is taken: its leaf, the step with how the idea stands, the idea's row."""

from typing import Any

from django.utils.translation import gettext as _

from doorstep.apps.ideas import rules
from doorstep.apps.ideas.models import Idea, Standing, Step, StepKind
from doorstep.apps.ideas.promised import follow
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Wording
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import Round, Terms

RELATED = (
    "round__place", "round__terms", "title", "what", "where", "photo", "favoured", "project",
)  # fmt: skip


def held(idea: Idea) -> Idea:
    """The idea as it stands now, under the record's pen until the transaction ends."""
    lock_head()
    return Idea.objects.select_related(*RELATED).get(pk=idea.pk)


def terms_of(round_: Round) -> Terms:
    """A round's terms; an example election was asked elsewhere, and takes no ideas."""
    terms = Terms.objects.filter(pk=round_.pk).first()
    if terms is None:
        raise Refused(_("This round takes no ideas: it was asked elsewhere."), code="no_terms")
    return terms


def kept(text: str, name: str) -> Wording:
    """Words of a public answer, cleaned, beside the record."""
    return keep_words(rules.plain_text(text, name))


def take(
    idea: Idea,
    kind: StepKind,
    *,
    actor: Actor,
    reason: Wording | None = None,
    rule_key: str = "",
    rule_words: Wording | None = None,
    changes: Wording | None = None,
    **now: Any,
) -> Step:
    """Let a held idea take its next step; `now` is what of its standing becomes different."""
    if kind is not StepKind.PROPOSED:
        rules.refuse_step(kind, idea.state, idea.hidden, idea.number)
    for name, value in now.items():
        setattr(idea, name, value)
    idea.steps_taken = (idea.steps_taken or 0) + 1
    step = Step(
        idea_id=idea.number,
        seq=idea.steps_taken,
        kind=kind,
        reason=reason,
        rule_key=rule_key,
        rule_words=rule_words,
        changes=changes,
        **idea.standing(),
    )
    step.leaf = write_leaf(f"idea.{kind}", {**leaf_of(idea, step), "actor": actor.as_leaf()})
    step.save(force_insert=True)
    if kind is StepKind.PROPOSED:
        idea.save(force_insert=True)
    else:
        fields = [field.name for field in Standing._meta.fields]
        idea.save(update_fields=["steps_taken", *fields])
    follow(idea, step, actor)
    return step


def leaf_of(idea: Idea, step: Step) -> dict[str, Any]:
    """What a step's leaf says, but for the actor: how the idea stands, words by commitment only."""

    def seal(words: Wording | None) -> str:
        return words.commitment if words is not None else ""

    body = {
        "idea": str(idea.number),
        "round": idea.round.slug,
        "step": step.seq,
        "state": str(step.state),
        "hidden": step.hidden,
        "title": seal(step.title),
        "what": seal(step.what),
        "where": seal(step.where),
        "photo": step.photo.fingerprint if step.photo else "",
        "themes": [str(theme) for theme in step.themes],
        "rough_pence": step.rough_pence,
        "cost_pence": step.cost_pence,
        "favoured": str(step.favoured_id or ""),
        "project": step.project.code if step.project else "",
        "reason": seal(step.reason),
        "rule_key": step.rule_key,
        "rule_words": seal(step.rule_words),
        "changes": seal(step.changes),
    }
    if step.seq == 1:
        body |= {"ground": str(idea.ground), "typed_in": idea.typed_in}
    return body
