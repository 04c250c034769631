"""Checked ideas go on the ballot when a round is frozen, and in the end everybody is told."""

from django.db import transaction

from doorstep.apps.ideas.actions import messages
from doorstep.apps.ideas.actions.steps import RELATED, take
from doorstep.apps.ideas.models import Idea, IdeaState, StepKind
from doorstep.apps.record.actions import lock_head
from doorstep.apps.record.actors import Actor
from doorstep.apps.rounds.actions import add_projects
from doorstep.apps.rounds.models import Project, Round


@transaction.atomic
def put_on_ballot(round_: Round, actor: Actor) -> list[Idea]:
    """Make projects of a draft's checked ideas, in the order in which they were proposed.

    Called by the freeze, in its transaction. Again, it puts on what was checked since.
    """
    lock_head()
    ideas = list(
        Idea.objects.filter(round=round_, state=IdeaState.POSSIBLE, hidden=False)
        .select_related(*RELATED)
        .order_by("number")
    )
    if not ideas:
        return []
    add_projects(round_, [(idea.code, idea.title.text, idea.cost_pence or 0) for idea in ideas])
    made = {project.code: project for project in Project.objects.filter(round=round_)}
    for idea in ideas:
        take(
            idea, StepKind.ON_BALLOT, actor=actor,
            state=IdeaState.ON_BALLOT, project=made[idea.code],
        )  # fmt: skip
    return ideas


@transaction.atomic
def tell_fates(round_: Round) -> int:
    """Tell every author and follower what became of their idea; how many were told.

    Sent again it tells nobody twice. Called when a round is settled, and by a chore
    when it was called off.
    """
    told = 0
    for idea in Idea.objects.filter(round=round_).select_related(*RELATED):
        for follower in idea.followers.select_related("contact").order_by("pk"):
            messages.fate(idea, follower)
            told += 1
    return told
