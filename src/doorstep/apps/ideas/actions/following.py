"""Who hears of an idea. No leaf is written: whom an idea interests is nobody's business, and how
many is not shown before the vote, so that the ballot alone says what people want."""

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.apps.ideas import rules
from doorstep.apps.ideas.models import Follower, Idea
from doorstep.apps.outbox.models import Contact
from doorstep.apps.refused import Refused


def follow(idea: Idea, contact: Contact) -> Follower:
    """Tell this address what becomes of an idea. Asked twice, it is told once."""
    if idea.hidden:
        raise Refused(
            _("The words of this idea are hidden, so nobody follows it now."), code="hidden"
        )
    follower, _made = Follower.objects.get_or_create(idea=idea, contact=contact)
    return follower


@transaction.atomic
def follow_instead(follower: Follower) -> Follower:
    """A supporter of a retired idea says yes to the one it was retired for."""
    idea = Idea.objects.select_related("favoured").get(pk=follower.idea_id)
    if idea.favoured is None:
        raise Refused(_("This idea was not retired for another one."), code="not_retired")
    if idea.favoured.state not in rules.LIVE and idea.favoured.project_id is None:
        raise Refused(
            _("Idea %(number)s is no longer in the running: choose another one.")
            % {"number": idea.favoured.number},
            code="favoured_over",
        )
    return follow(idea.favoured, follower.contact)


def stop_following(follower: Follower) -> None:
    """Hear no more of an idea. An author who stops can no longer open their idea by its link."""
    follower.delete()
