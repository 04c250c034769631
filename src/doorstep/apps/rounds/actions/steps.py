"""What every step of a round does: hold it, and move it on."""

from doorstep.apps.record.actions import lock_head
from doorstep.apps.rounds import rules
from doorstep.apps.rounds.models import Round, RoundState


def locked(round_: Round, wanted: RoundState) -> Round:
    """The round as it stands now, held until the transaction ends; refuses any other state."""
    lock_head()  # first, as in every action that reads before it writes
    held = (
        Round.objects.select_for_update(of=("self",))
        .select_related("place", "title")
        .get(pk=round_.pk)
    )
    rules.refuse_unless_in(held.state, wanted, held.slug)
    return held


def moved(round_: Round, state: RoundState) -> Round:
    round_.state = state
    round_.save()
    return round_
