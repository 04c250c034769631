"""What happens to ideas. Each function is one transaction and writes its leaf."""

from doorstep.apps.ideas.actions.authors import (
    ask_review,
    change,
    question_hiding,
    retire,
    withdraw,
)
from doorstep.apps.ideas.actions.ballot import put_on_ballot, tell_fates
from doorstep.apps.ideas.actions.checking import answer
from doorstep.apps.ideas.actions.confirming import (
    ask_to_follow,
    ask_to_propose,
    confirm,
    forget_unconfirmed,
    send_new_code,
)
from doorstep.apps.ideas.actions.following import follow, follow_instead, stop_following
from doorstep.apps.ideas.actions.moderation import erase, hide, keep_hidden, show_again
from doorstep.apps.ideas.actions.proposing import Said, propose

__all__ = [
    "Said",
    "answer",
    "ask_review",
    "ask_to_follow",
    "ask_to_propose",
    "change",
    "confirm",
    "erase",
    "follow",
    "follow_instead",
    "forget_unconfirmed",
    "hide",
    "keep_hidden",
    "propose",
    "put_on_ballot",
    "question_hiding",
    "retire",
    "send_new_code",
    "show_again",
    "stop_following",
    "tell_fates",
    "withdraw",
]
