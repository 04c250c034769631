"""The ballots come in, the count is made and published, and the awards are told of."""

import gzip
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.record.actions import write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused
from doorstep.apps.rounds import ballots, rules
from doorstep.apps.rounds.actions.steps import locked, moved
from doorstep.apps.rounds.models import BallotBox, Counting, Result, Round, RoundState
from doorstep.apps.rounds.queries import project_costs
from doorstep.engine.count import Progress, canonical, read_pabulib

# Longer than any count on record takes; after it a claim is taken for one whose process died.
CLAIM_HOLDS = timedelta(hours=1)


@transaction.atomic
def close_round(
    round_: Round, pabulib: bytes, *, actor: Actor, with_trackers: bool = False
) -> Round:
    """Voting is over: keep the ballots as they will be published, and commit to their bytes.

    `pabulib` must be about the frozen ideas at the frozen costs. Age, sex and every other column
    that is no part of the choice are dropped before anything is kept. Voters are numbered anew,
    unless the file comes `with_trackers` for their ids, in random order, from our own box: then it
    must have the published form already, and is kept to the byte.
    """
    round_ = locked(round_, RoundState.FROZEN)
    election = read_pabulib(pabulib)
    rules.refuse_other_kind_of_ballot(round_.vote_type, election.vote_type)
    rules.refuse_other_ballots(
        project_costs(round_),
        round_.budget_pence,
        {project.id: ballots.pence(project.cost, project.id) for project in election.projects},
        ballots.pence(election.budget, "the budget"),
    )
    published = ballots.published(election, round_)
    if with_trackers:
        if ballots.before_votes(pabulib) != ballots.before_votes(published):
            raise Refused(
                _("These ballots are not in the form in which they are published."),
                code="not_the_published_form",
            )
        published = pabulib
    box = BallotBox.objects.create(
        round=round_,
        packed=gzip.compress(published, mtime=0),
        sha256=hashlib.sha256(published).hexdigest(),
        voters=election.voters,
    )
    round_.closed = write_leaf(
        "round.closed",
        {
            "round": round_.slug,
            "voters": box.voters,
            "ballots_sha256": box.sha256,
            "actor": actor.as_leaf(),
        },
    )
    return moved(round_, RoundState.CLOSED)


def count_round(round_: Round, *, actor: Actor, progress: Progress | None = None) -> Round:
    """Count the published ballots by the frozen rule and publish the result.

    The count itself runs outside the transaction, so that a large election holds up nobody, and
    under a claim, so that pressing the button ten times counts once.
    """
    with _claimed(round_):
        state = Round.objects.values_list("state", flat=True).get(pk=round_.pk)
        rules.refuse_unless_in(state, RoundState.CLOSED, round_.slug)
        outcome = canonical(ballots.recount(round_, progress))
    with transaction.atomic():
        round_ = locked(round_, RoundState.CLOSED)
        result = Result.objects.create(
            round=round_, outcome=outcome, sha256=hashlib.sha256(outcome.encode()).hexdigest()
        )
        round_.counted = write_leaf(
            "round.counted",
            {
                "round": round_.slug,
                "ballots_sha256": round_.box.sha256,
                "result_sha256": result.sha256,
                "funded": len(result.as_json["winners"]),
                "actor": actor.as_leaf(),
            },
        )
        return moved(round_, RoundState.COUNTED)


@contextmanager
def _claimed(round_: Round) -> Iterator[None]:
    """Hold the claim to count a round. A claim left by a killed process ends by itself."""
    now = timezone.now()
    Counting.objects.filter(round=round_, since__lt=now - CLAIM_HOLDS).delete()
    try:
        with transaction.atomic():
            Counting.objects.create(round=round_, since=now)
    except IntegrityError:
        raise Refused(
            _("Round %(round)s is being counted now. Come back in a minute.")
            % {"round": round_.slug},
            code="being_counted",
        ) from None
    try:
        yield
    finally:
        Counting.objects.filter(round=round_, since=now).delete()


@transaction.atomic
def mark_settled(round_: Round, *, returned_pence: int, actor: Actor) -> Round:
    """Say that the awards are made. Called by the awards room, which makes them."""
    round_ = locked(round_, RoundState.COUNTED)
    round_.settled = write_leaf(
        "round.settled",
        {
            "round": round_.slug,
            "decision": decision_of(round_).idx,
            "returned_pence": returned_pence,
            "actor": actor.as_leaf(),
        },
    )
    return moved(round_, RoundState.SETTLED)


def decision_of(round_: Round) -> Leaf:
    """The leaf of the count that decided a round; every award of it points there."""
    if round_.counted is None:
        raise Refused(
            _("Round %(slug)s has not been counted.") % {"slug": round_.slug},
            code="round_not_counted",
        )
    return round_.counted
