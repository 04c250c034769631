"""Reads of voting that pages and commands share. None of them can tell what was chosen."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from doorstep.apps.rounds.models import Round
from doorstep.apps.voting.models import (
    CodeBatch,
    CodeState,
    Credential,
    EnvelopeBatch,
    Poll,
    PollState,
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


def code_counts(round_: Round) -> CodeCounts:
    """How many codes there are and what became of them."""
    runs = CodeBatch.objects.filter(plan__round=round_, spoiled=None)
    by_channel = dict(
        runs.values("plan__channel").annotate(n=Sum("count")).values_list("plan__channel", "n")
    )
    states = Credential.objects.filter(round=round_, batch__spoiled=None).aggregate(
        voided=Count("pk", filter=Q(state=CodeState.VOIDED)),
        replaced=Count("pk", filter=Q(state=CodeState.REPLACED)),
        returned=Count("pk", filter=Q(state=CodeState.RETURNED)),
    )
    online = paper = None
    last = EnvelopeBatch.objects.filter(round=round_).order_by("-pk").first()
    used = last.used if last else 0
    poll = Poll.objects.filter(round=round_).first()
    if poll and poll.state in {PollState.ENDED, PollState.OPENED}:
        ways = Claim.objects.filter(credential__round=round_)
        online = ways.filter(channel=Way.ONLINE).count()
        paper = ways.filter(channel=Way.PAPER).count()
        used = online + paper
    return CodeCounts(
        issued=sum(by_channel.values()),
        used=used,
        by_channel=by_channel,
        used_online=online,
        used_paper=paper,
        **states,
    )
