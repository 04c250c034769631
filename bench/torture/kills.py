"""Kills the process that writes at random moments (kill -9), and asks for what it acknowledged.

The writer is forked, posts entries and casts votes without a break, and says each on a pipe when
it is done. It is killed while it works; often the database has committed what it had no time to
say. Then the work in flight is asked for again, as a client would that heard no answer.
"""

import os
import random
import select
import signal
import time
from dataclasses import dataclass, field
from datetime import date

import time_machine

from bench.torture import Figure, Options
from bench.torture.frame.databases import fresh

NUMBERS = ("T4",)
EACH_DATABASE = True

WORLD, POT, AWAY = "world:kills", "kills:pot", "kills:away"
CODES = 60
VERIFIED_EVERY = 100
LONGEST = 0.06  # seconds from the first word of a writer to its end: one entry takes 3 to 8 ms


@dataclass
class Told:
    """What was acknowledged, by all writers so far."""

    entries: int = 0
    pence: int = 0
    receipts: set[str] = field(default_factory=set)
    in_flight: int = 0
    """Entries committed, though the writer was killed before it could say so."""
    votes_in_flight: int = 0
    envelopes: int = 0
    """Votes that stand: acknowledged, or found in flight. All were cast, by `CODES` codes."""
    faults: list[str] = field(default_factory=list)


def main(options: Options) -> list[Figure]:
    kills, chance = options.size(20, 1_000), options.chance()
    with fresh(options):
        polling, voters = _furnish()
        told = Told()
        from tests.apps.voting.polling import DURING

        with time_machine.travel(DURING, tick=True):
            for kill in range(1, kills + 1):
                _one(told, voters, chance)
                if kill % VERIFIED_EVERY == 0 or kill == kills:
                    _verify(told, polling)
                options.say(f"{kill} of {kills} kills, {told.entries} entries acknowledged")
                if told.faults:
                    break
    figure = (
        f"{kill:,} kills; {told.entries:,} entries and {len(told.receipts):,} votes acknowledged, "
        f"{told.in_flight:,} and {told.votes_in_flight:,} more committed but not told; "
        f"lost, doubled or half done: {len(told.faults)} {'; '.join(told.faults[:3])}".strip()
    )
    return [Figure("T4", "writer killed", figure, not told.faults and kill == kills)]


def _furnish():
    from doorstep.apps.ledger.actions import open_account
    from tests.apps.voting.polling import running

    open_account(WORLD, fund="kills", guard="none")
    for code in (POT, AWAY):
        open_account(code, fund="kills", guard="credit_nonneg")
    polling = running(cards=CODES)
    return polling, [polling.credential(code).pk for code in polling.codes]


def _work(number: int):
    """Entry `number`: one line in, or three of which one goes on; what is in the pot afterwards."""
    from doorstep.apps.ledger.actions import Line, post
    from doorstep.apps.record.actors import Actor

    lines = [Line(WORLD, POT, 3)]
    if number % 3 == 0:
        lines += [Line(POT, AWAY, 1), Line(AWAY, POT, 1)]
    return post(
        "kills.moved", lines, idem_key=f"kill {number}", actor=Actor("system", "torture"),
        effective_on=date(2026, 11, 22), memo=f"Entry {number}" if number % 4 == 0 else "",
    )  # fmt: skip


def vote(number: int, voters: list[int]) -> str:
    """Cast vote `number` with the next of these codes; gives its receipt."""
    from doorstep.apps.voting import trackers
    from doorstep.apps.voting.actions.casting import cast, credential_of
    from doorstep.apps.voting.choices import Choice

    kept = cast(
        credential_of(voters[number % len(voters)]), Choice(((number % 3, 1),)), trackers.new()
    )
    return bytes(kept.env_hash).hex()


def _one(told: Told, voters: list[int], chance: random.Random) -> None:
    from django.db import connection

    connection.close()  # what is forked must not share a connection
    reads, writes = os.pipe()
    writer = os.fork()
    if writer == 0:
        _write_until_killed(writes, told.entries, voters)
    os.close(writes)
    select.select([reads], [], [], 60)
    time.sleep(chance.random() * LONGEST)
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)
    said = b""
    while part := os.read(reads, 65_536):
        said += part
    os.close(reads)
    whole, broken = said.decode().rpartition("\n")[::2]
    if broken:
        told.faults.append(f"the writer said half a word: {broken!r}")
    what = ""
    for word in whole.split():
        what, _colon, value = word.partition(":")
        if what == "fault":
            told.faults.append(value)
        elif what == "vote":
            told.receipts.add(value)
            told.envelopes += 1
        else:
            told.entries, told.pence = told.entries + 1, told.pence + 3
    _ask_for_the_vote(told, voters, told.entries - 1 if what == "entry" else None)
    _ask(told)


def _write_until_killed(writes: int, first: int, voters: list[int]) -> None:
    number = first
    try:
        while True:
            _work(number)
            os.write(writes, f"entry:{number}\n".encode())
            receipt = vote(number, voters)
            os.write(writes, f"vote:{receipt}\n".encode())
            number += 1
    except BaseException as error:
        os.write(writes, f"fault:{type(error).__name__}-{error}\n".replace(" ", "_").encode())
    finally:
        os._exit(1)


def _ask_for_the_vote(told: Told, voters: list[int], in_flight: int | None) -> None:
    """Every vote acknowledged is there and no other, but for the one in flight. That one is cast
    again, with the same code and choice: whether or not it stood, the code counts once."""
    from doorstep.apps.voting.models import Claim, Envelope

    here = Envelope.objects.count()
    if here - told.envelopes not in ((0, 1) if in_flight is not None else (0,)):
        told.faults.append(f"{told.envelopes} votes stood or were acknowledged, {here} are kept")
    told.votes_in_flight += here - told.envelopes
    told.envelopes = here
    if in_flight is None:
        return
    told.receipts.add(vote(in_flight, voters))
    told.envelopes += 1
    code = voters[in_flight % len(voters)]
    versions = list(Envelope.objects.filter(credential=code).values_list("version", flat=True))
    if sorted(versions) != list(range(1, len(versions) + 1)):
        told.faults.append(f"cast again, a code has the versions {sorted(versions)}")
    if Claim.objects.filter(pk=code).count() != 1 or Envelope.objects.count() != told.envelopes:
        told.faults.append("cast again, a vote was lost or doubled")


def _ask(told: Told) -> None:
    """Everything acknowledged is there and nothing else, but for the one that was in flight."""
    from doorstep.apps.ledger.models import Journal, Transfer
    from doorstep.apps.ledger.queries import balances
    from doorstep.apps.record.models import Leaf

    here = Journal.objects.filter(kind="kills.moved").count()
    if here not in (told.entries, told.entries + 1):
        told.faults.append(f"{told.entries} acknowledged, {here} kept")
    told.in_flight += here - told.entries
    again = _work(told.entries)  # the key in flight, whether it was committed or not
    told.entries, told.pence = told.entries + 1, told.pence + 3
    entries = Journal.objects.filter(kind="kills.moved")
    if entries.count() != told.entries:
        told.faults.append(f"asked again, it was doubled: {entries.count()} for {told.entries}")
    if Transfer.objects.filter(journal=again).count() != again.n_lines:
        told.faults.append(f"entry {again.seq} is half done")
    if Leaf.objects.filter(journal_seq=again.seq).count() != 1:
        told.faults.append(f"entry {again.seq} has no leaf of its own")
    held = balances([POT, AWAY])
    if held != {POT: told.pence, AWAY: 0}:
        told.faults.append(f"the pot holds {held}, not {told.pence}")


def _verify(told: Told, polling) -> None:
    from django.db.models import Count, Max

    from doorstep.apps.ledger.verify import verify_ledger
    from doorstep.apps.record.verify import verify_record
    from doorstep.apps.voting import box
    from doorstep.apps.voting.models import Claim, Envelope
    from doorstep.apps.voting.verify import verify_voting

    used = Claim.objects.count()
    if box.how_many_count(polling.round) != used or used > CODES:
        told.faults.append(f"{used} codes were used, and other votes count")
    kept = {bytes(each).hex() for each in Envelope.objects.values_list("env_hash", flat=True)}
    if lost := told.receipts - kept:
        told.faults.append(f"{len(lost)} receipts without their ballot")
    versions = Envelope.objects.values("credential").annotate(n=Count("pk"), last=Max("version"))
    told.faults += [f"versions of a code: {row}" for row in versions if row["n"] != row["last"]]
    told.faults += [str(f) for f in (*verify_record(), *verify_ledger(), *verify_voting())]
