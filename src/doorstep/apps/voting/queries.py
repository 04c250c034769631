"""Reads of voting that pages and commands share. None of them can tell what was chosen."""

import json
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from doorstep.apps.record.models import Leaf, Log
from doorstep.apps.rounds.models import Round, RoundState
from doorstep.apps.voting.models import (
    CodeBatch,
    CodeState,
    Credential,
    EnvelopeBatch,
    KeyGone,
    Poll,
    PollState,
    Trustee,
    Way,
)
from doorstep.apps.voting.models.envelopes import Claim


@dataclass(frozen=True)
class CodeCounts:
    """Public throughout. `used` is as of the last batch in the record; by channel after close."""

    issued: int
    used: int
    voided: int
    replaced: int
    returned: int
    by_channel: dict[str, int]
    used_online: int | None = None
    used_paper: int | None = None


def in_words(round_: Round) -> str:
    """Where a round stands, in a neighbour's words: between its freeze and its count, its poll
    says more than its state."""
    poll: Poll | None = getattr(round_, "poll", None)
    if round_.state != RoundState.FROZEN or poll is None or poll.state == PollState.PREPARED:
        return round_.neighbour_word
    return poll.neighbour_word


def used_by_way(round_: Round) -> tuple[int, int]:
    """How many codes were used online, and how many on paper."""
    ways = Claim.objects.filter(credential__round=round_)
    return ways.filter(channel=Way.ONLINE).count(), ways.filter(channel=Way.PAPER).count()


def code_counts(round_: Round) -> CodeCounts:
    """How many codes there are and what became of them. Of a sealed poll the leaf says it, since
    its codes are gone."""
    runs = CodeBatch.objects.filter(plan__round=round_, spoiled=None)
    by_channel = dict(
        runs.values("plan__channel").annotate(n=Sum("count")).values_list("plan__channel", "n")
    )
    states = Credential.objects.filter(round=round_, batch__spoiled=None).aggregate(
        voided=Count("pk", filter=Q(state=CodeState.VOIDED)),
        replaced=Count("pk", filter=Q(state=CodeState.REPLACED)),
        returned=Count("pk", filter=Q(state=CodeState.RETURNED)),
    )
    if Poll.objects.filter(round=round_, state=PollState.SEALED).exists():
        said = json.loads(bytes(sealing_leaf(round_).body))["codes"]
        online, paper = said["online"], said["paper"]
        states = {state: said[state] for state in states}
        return CodeCounts(
            issued=said["made"],
            used=online + paper,
            by_channel=by_channel,
            used_online=online,
            used_paper=paper,
            **states,
        )
    online = paper = None
    last = EnvelopeBatch.objects.filter(round=round_).order_by("-pk").first()
    used = last.used if last else 0
    poll = Poll.objects.filter(round=round_).first()
    if poll and poll.state in {PollState.ENDED, PollState.OPENED}:
        online, paper = used_by_way(round_)
        used = online + paper
    return CodeCounts(
        issued=sum(by_channel.values()),
        used=used,
        by_channel=by_channel,
        used_online=online,
        used_paper=paper,
        **states,
    )


def sealing_leaf(round_: Round) -> Leaf:
    """The leaf under which a poll was sealed."""
    return next(
        leaf
        for leaf in Leaf.objects.filter(log=Log.PUBLIC, kind="voting.sealed")
        if json.loads(bytes(leaf.body))["round"] == round_.slug
    )


def keys_gone(poll: Poll) -> int | None:
    """How many trustees have said that their key is deleted; None while it may be needed."""
    over = poll.state in {PollState.OPENED, PollState.SEALED}
    if not over or not Trustee.objects.filter(round=poll.round).exists():
        return None
    return KeyGone.objects.filter(trustee__round=poll.round).count()
