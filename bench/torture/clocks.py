"""Moves the clock while the fund works and people vote: to and fro, and over changes of hour."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from bench.torture import Figure, Options
from bench.torture.frame.databases import fresh

NUMBERS = ("T11",)
EACH_DATABASE = True

NOW = datetime(2026, 11, 28, 15, tzinfo=UTC)
# Changes of hour in Britain, and a leap day; the clock is set to seconds before and after.
CHANGES = (
    datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2028, 2, 29, tzinfo=UTC),
)  # fmt: skip
# The poll opens among the moments and closes after all of them, so that its end is moved to last.
CLOSES = datetime(2029, 12, 1, 20, tzinfo=UTC)
CODES = 40
PAGES = ("/", "/record/", "/record/watch/", "/record/invariants/", "/fund/", "/feed/", "/vote/")


@dataclass
class Votes:
    """What was told to the voters of one poll: trackers by credential, in the order of casting."""

    kept: dict[int, list[str]] = field(default_factory=dict)
    refused: int = 0
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        from tests.apps.voting.polling import running

        self.polling = running(slug="clocks", cards=CODES, closes_at=CLOSES)
        self.voters = [self.polling.credential(code).pk for code in self.polling.codes]
        self.opens = self.polling.poll.round.terms.opens_at

    @property
    def cast(self) -> int:
        return sum(map(len, self.kept.values()))

    def cast_one(self, chance: Random) -> None:
        """A vote at the moment that the clock says now: kept if voting has begun, else refused."""
        from django.utils import timezone

        from doorstep.apps.voting.chores import keep_polls_to_their_times

        voter, is_open = chance.choice(self.voters), timezone.now() >= self.opens
        if tracker := _cast(voter, chance.randrange(3)):
            self.kept.setdefault(voter, []).append(tracker)
        else:
            self.refused += 1
        if bool(tracker) != is_open:
            self.faults.append(f"a vote was {'kept' if tracker else 'refused'} out of its time")
        keep_polls_to_their_times()

    def ended(self) -> None:
        """End it, go back into its time, and hold what counts against what was told."""
        import time_machine

        from doorstep.apps.voting import box
        from doorstep.apps.voting.actions.polls import end_poll
        from doorstep.apps.voting.models import Envelope, PollState

        with time_machine.travel(CLOSES, tick=False):
            end_poll(self.polling.poll)
        with time_machine.travel(NOW, tick=False):
            if _cast(self.voters[0], 0) or self.polling.poll.state != PollState.ENDED:
                self.faults.append("the poll opened a second time")
        found: dict[int, list[str]] = {}
        for one in Envelope.objects.order_by("credential", "version"):
            found.setdefault(one.credential_id, []).append(self._tracker(one))
        if found != self.kept:
            self.faults.append("a vote was lost, doubled, or changed its order")
        counted = [self._tracker(one) for one in box.envelopes_that_count(self.polling.round)]
        if sorted(counted) != sorted(trackers[-1] for trackers in self.kept.values()):
            self.faults.append("what counts is not the last vote of each code, once")

    def _tracker(self, envelope: object) -> str:
        from doorstep.apps.voting import box
        from doorstep.apps.voting.models import Envelope

        assert isinstance(envelope, Envelope)
        slip = box.slip_of(self.polling.opened(bytes(envelope.sealed)))
        return slip.tracker if slip else "none"


def _cast(voter: int, idea: int) -> str:
    """Cast one ballot; its tracker, or nothing where voting has not begun or is over."""
    from doorstep.apps.refused import Refused
    from doorstep.apps.voting import trackers
    from doorstep.apps.voting.actions.casting import cast, credential_of
    from doorstep.apps.voting.choices import Choice

    credential, tracker = credential_of(voter), trackers.new()
    assert credential is not None
    try:
        cast(credential, Choice(((idea, 1),)), tracker)
    except Refused as refusal:
        if refusal.code not in ("not_open_yet", "voting_over"):
            raise
        return ""
    return tracker


def main(options: Options) -> list[Figure]:
    with fresh(options):
        votes = Votes()
        moves, faults = _moved(options, votes)
    told = (
        f"{moves:,} moves of the clock; {votes.cast:,} votes kept in order, {votes.refused:,} "
        f"refused before their time; order changed or answer lost: {len(faults)}"
    )
    figure = "; ".join([told, *faults[:5]])
    return [Figure("T11", "clock moved", figure, not faults)]


def _moved(options: Options, votes: Votes) -> tuple[int, list[str]]:
    import time_machine
    from django.conf import settings
    from django.test import Client

    from doorstep.apps.ledger.actions import Line, open_account, post
    from doorstep.apps.ledger.models import Journal
    from doorstep.apps.record.actions import write_leaf
    from doorstep.apps.record.keys import make_keys
    from doorstep.apps.record.models import Leaf
    from doorstep.apps.record.publishing import publish
    from doorstep.site.server import prepare_static
    from doorstep.site.upkeep.checking import check_invariants
    from tests.millbrook import ACTOR

    prepare_static()
    settings.RECORD_FOLDER = options.folder / "record"
    settings.RECORD_KEYS = options.folder / "keys"
    make_keys("https://fund.example.org")
    open_account("world:a", fund="a", guard="none")
    open_account("a:pot", fund="a", guard="credit_nonneg")
    chance, many = options.chance(), options.size(20, 500)
    client, faults, sizes, moments = Client(headers={"host": "localhost"}), [], [0], []
    for number in range(many):
        moments.append(_moment(chance))
        with time_machine.travel(moments[-1], tick=chance.random() < 0.5):
            write_leaf("test.moved", {"number": number})
            post(
                "a.paid_in", [Line("world:a", "a:pot", 1)], idem_key=f"paid {number}",
                actor=ACTOR, effective_on=date(2026, 11, 28),
            )  # fmt: skip
            votes.cast_one(chance)
            sizes.append(publish()[0].checkpoint.size)
            status = {page: client.get(page, follow=True).status_code for page in PAGES}
        faults += [f"{page} answered {code}" for page, code in status.items() if code >= 500]
        options.say(f"{number + 1:,} of {many:,} moves, {len(faults)} faults")
    votes.ended()
    order = Leaf.objects.filter(kind="test.moved").order_by("idx")
    told = [(json.loads(bytes(leaf.body))["number"], leaf.recorded_at) for leaf in order]
    if [number for number, _ in told] != list(range(many)):
        faults.append("the leaves changed their order")
    if any(
        abs(at - moment) > timedelta(seconds=60)
        for (_, at), moment in zip(told, moments, strict=True)
    ):
        faults.append("a leaf says another time than the clock did")
    paid = Journal.objects.filter(kind="a.paid_in").order_by("pk")
    if list(paid.values_list("idem_key", flat=True)) != [
        f"paid {number}" for number in range(many)
    ]:
        faults.append("the entries changed their order")
    faults += votes.faults
    if sizes != sorted(set(sizes)):
        faults.append("a checkpoint did not grow")
    faults += [f"invariant {one.invariant.name}" for one in check_invariants() if one.faults]
    return many, faults


def _moment(chance: Random) -> datetime:
    """Anywhere in three years, or within a second of a change."""
    if chance.random() < 0.5:
        return chance.choice(CHANGES) + timedelta(seconds=chance.choice((-1, 0, 1, 3_599, 3_600)))
    return NOW + timedelta(seconds=chance.randrange(-366 * 86_400, 2 * 366 * 86_400))
