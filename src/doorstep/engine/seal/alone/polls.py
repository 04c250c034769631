"""Votes as far as leaves tell: codes issued and used, steps of each round, who signed a recount."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .plain import told


@dataclass
class Poll:
    """A round: the codes that were issued and used, and its steps by the leaf that took them."""

    issued: int = 0
    used: int = 0
    steps: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    link_before_frozen: str = ""


@dataclass
class Polls:
    """Every round by its id."""

    rounds: dict[str, Poll] = field(default_factory=dict)
    batches: dict[int, tuple[str, int]] = field(default_factory=dict)

    def read(self, index: int, says: dict[str, Any], link_before: str) -> Iterator[str]:
        """The faults of one leaf, as sentences that begin with “it”."""
        room, _, step = says["kind"].partition(".")
        if room not in ("round", "voting") or type(says.get("round")) is not str:
            return
        poll = self.rounds.setdefault(says["round"], Poll())
        if room == "voting":
            yield from self._voting(index, step, says, poll)
            return
        if step == "frozen":
            poll.link_before_frozen = link_before
        elif "frozen" not in poll.steps:
            yield f"it takes the step “{step}” in round {says['round']}, which was never frozen."
        if step in poll.steps and step in ("frozen", "closed", "counted", "decided", "settled"):
            yield f"it takes the step “{step}” in round {says['round']} a second time."
        if step == "counted" and "closed" not in poll.steps:
            yield f"it counts round {says['round']}, which was not closed."
        poll.steps[step] = index, says

    def _voting(self, index: int, step: str, says: dict[str, Any], poll: Poll) -> Iterator[str]:
        if step == "batch_printed":
            count = _whole(says, "count")
            poll.issued += count
            self.batches[index] = says["round"], count
        elif step == "batch_spoiled":
            batch = says.get("printed")
            printed = self.batches.pop(batch, None) if type(batch) is int else None
            if printed != (says["round"], _whole(says, "count")):
                yield "it calls codes spoilt that were not printed so."
            else:
                poll.issued -= printed[1]
        elif step == "opened" and _whole(says, "codes") != poll.issued:
            codes = told(says.get("codes"))
            yield f"it opens voting with {codes} codes, and {poll.issued} were printed."
        elif step == "envelopes":
            poll.used = max(poll.used, _whole(says, "used"))
        elif step in ("ended", "paper_taken_in"):
            poll.used = max(poll.used, _whole(says, "used_online") + _whole(says, "used_paper"))
        if poll.used > poll.issued:
            yield f"it makes {poll.used} codes used, and only {poll.issued} were issued."


def _whole(says: dict[str, Any], name: str) -> int:
    value = says.get(name)
    return value if type(value) is int else 0
