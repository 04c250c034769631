"""Where a trustee stands, as one word: what their own device has to do next, or what they wait for.

One statement tells it of every trusteeship of an account, for its desk and for its page alike.
"""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from doorstep.apps.rounds.models import RoundState
from doorstep.apps.voting.models import KeyCopy, KeyGone, Opening, PollState, RoundKey, Trustee


def trusteeships() -> QuerySet[Any]:
    """Trustees, each with what `step` looks at."""
    same = Trustee.objects.filter(round=OuterRef("round"))
    return Trustee.objects.select_related("round__title", "round__terms", "round__poll").annotate(
        keys_missing=Exists(same.filter(public_key=None)),
        key_made=Exists(RoundKey.objects.filter(round=OuterRef("round"))),
        to_hand_on=Exists(KeyCopy.objects.filter(first=OuterRef("pk"), inner=None)),
        to_open=Exists(KeyCopy.objects.filter(second=OuterRef("pk")).exclude(inner=None)),
        gone_said=Exists(KeyGone.objects.filter(trustee=OuterRef("pk"))),
        looked=Exists(Opening.objects.filter(trustee=OuterRef("pk"))),
    )


def step_of(me: Trustee) -> str:
    return step(trusteeships().get(pk=me.pk))


def step(one: Any) -> str:
    """The word for one of `trusteeships`."""
    poll = getattr(one.round, "poll", None)
    opened = poll is not None and poll.state in (PollState.OPENED, PollState.SEALED)
    if opened or one.round.state == RoundState.CANCELLED:
        return "over" if one.public_key is None or one.gone_said else "destroy"
    if poll is not None and poll.state == PollState.ENDED:
        if one.to_hand_on:
            return "hand-on"
        return "looked" if one.looked else "open" if one.to_open else "wait-for-other"
    if one.round.state != RoundState.DRAFT:
        return "wait-for-end"
    if one.public_key is None:
        return "make-key"
    if one.keys_missing:
        return "wait-for-keys"
    if not one.key_made:
        return "make-round-key"
    return "wait-for-freeze" if one.tried else "try-key"
