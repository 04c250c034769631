"""An idea is proposed: by somebody with a confirmed address, or typed in for somebody."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.files.models import StoredFile
from doorstep.apps.ideas import rules
from doorstep.apps.ideas.actions.steps import kept, take, terms_of
from doorstep.apps.ideas.models import Follower, Idea, IdeaState, Step, StepKind
from doorstep.apps.outbox.models import Contact
from doorstep.apps.record.actions import keep_words
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.actions import locked
from doorstep.apps.rounds.models import Round, RoundState


@dataclass(frozen=True)
class Said:
    """What somebody says of their idea. `rough_pence` None means that they do not know."""

    title: str
    what: str
    where: str = ""
    tags: Sequence[str] = ()
    rough_pence: int | None = None


@transaction.atomic
def propose(
    round_: Round,
    said: Said,
    *,
    ground: str,
    author: Contact | None,
    photo: StoredFile | None = None,
    actor: Actor | None = None,
    today: date | None = None,
) -> Idea:
    """Take an idea in. `actor` is who typed it in for somebody; None where its author did.

    The record knows an author by the number of their idea, and by nothing else.
    """
    round_ = locked(round_, RoundState.DRAFT)
    terms = terms_of(round_)
    rules.refuse_outside(terms.ideas_from, terms.ideas_until, today or timezone.localdate())
    if ground not in terms.grounds:
        raise Refused(_("Say how you belong to this place."), code="ground")
    words = words_of(said)
    if before := _same(round_, words, author, actor):
        return before
    number = (Idea.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    idea = Idea(
        number=number,
        round=round_,
        ground=ground,
        typed_in=actor is not None,
        state=IdeaState.PROPOSED,
        photo=photo,
        **words,
    )
    take(idea, StepKind.PROPOSED, actor=actor or Actor("author", number))
    if author is not None:
        Follower.objects.create(idea=idea, contact=author, is_author=True)
    return idea


def _same(round_: Round, words: dict, author: Contact | None, actor: Actor | None) -> Idea | None:
    """The idea that this very person put in these very words already: the form was sent twice."""
    found = Idea.objects.filter(
        round=round_, title__text=words["title"].text, what__text=words["what"].text,
        typed_in=actor is not None,
    )  # fmt: skip
    if actor is None:
        return found.filter(followers__contact=author, followers__is_author=True).first()
    for idea in found:
        first = Step.objects.select_related("leaf").get(idea=idea, seq=1)
        if json.loads(bytes(first.leaf.body))["actor"] == actor.as_leaf():
            return idea
    return None


def words_of(said: Said) -> dict:
    """What was said as the fields of an idea, cleaned and kept; refuses what cannot be kept."""
    where = said.where.strip()
    return {
        "title": kept(said.title, "title"),
        "what": kept(said.what, "what"),
        "where": keep_words(where) if where else None,
        "tags": rules.written_tags(said.tags),
        "rough_pence": said.rough_pence,
    }
