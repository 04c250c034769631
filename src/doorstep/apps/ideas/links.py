"""The links in messages: whoever holds one is the author or supporter that it names.

Signed with the install's secret and bound to one follower's row, so that a link ends with it.
"""

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from doorstep.apps.ideas.models import Follower, Idea

_SALT = "doorstep.ideas.mine"


def page_of(idea: Idea) -> str:
    return reverse("ideas:idea", args=[idea.number])


def token_of(follower: Follower) -> str:
    return Signer(salt=_SALT).sign_object([follower.pk, follower.idea_id])


def link_of(follower: Follower) -> str:
    """What the message to this follower links to: the author's page, or the supporter's."""
    return reverse("ideas:mine", args=[token_of(follower)])


def follower_of(token: str) -> Follower | None:
    """Whom a link names; None for one that was made up, cut short, or has ended."""
    try:
        pk, idea = Signer(salt=_SALT).unsign_object(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return (
        Follower.objects.filter(pk=pk, idea_id=idea)
        .select_related("idea__round__place", "idea__favoured", "contact")
        .first()
    )
