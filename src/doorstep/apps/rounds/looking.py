"""Looking up a published ballot by its tracker, and counting that somebody did."""

import re

from django.db import IntegrityError, transaction
from django.db.models import F

from doorstep.apps.rounds.models import Looks, Round
from doorstep.engine.count import Found, find_ballot

# Longer than any tracker or voter's number; what is longer is not looked for.
LONGEST = 200


def as_typed(text: str) -> str:
    """What somebody typed or read out, as trackers are written: `Otter lamp, river quilt 42`."""
    return "-".join(re.findall(r"[^\W\d_]+|[0-9]+", text[:LONGEST].lower()))


def look_up(round_: Round, typed: str) -> Found:
    """The ballot under a tracker among the published ones; counted as a look when it is found."""
    found = find_ballot(round_.box.pabulib, as_typed(typed), name=f"{round_.slug}.pb")
    if found.ballot is not None:
        _count_a_look(round_)
    return found


def looks_at(round_: Round) -> int:
    """How often a ballot of this round was found."""
    return Looks.objects.filter(round=round_).values_list("times", flat=True).first() or 0


def _count_a_look(round_: Round) -> None:
    """One more, whoever it was. A number and nothing beside it: not which ballot, and not when."""
    if Looks.objects.filter(round=round_).update(times=F("times") + 1):
        return
    try:
        with transaction.atomic():
            Looks.objects.create(round=round_, times=1)
    except IntegrityError:  # somebody else was the first at the same moment
        Looks.objects.filter(round=round_).update(times=F("times") + 1)
