"""Ideas, each told by its steps; who hears of them; and what waits for a code."""

from doorstep.apps.ideas.models.ideas import Idea, IdeaState, Standing, Step, StepKind, Theme
from doorstep.apps.ideas.models.people import Follower, Unconfirmed

__all__ = [
    "Follower",
    "Idea",
    "IdeaState",
    "Standing",
    "Step",
    "StepKind",
    "Theme",
    "Unconfirmed",
]
