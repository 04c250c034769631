"""Kills every process of PostgreSQL itself under load (kill -9), and starts it again.

The cluster is the run's own. Four processes post entries and vote; each keeps what it was told.
When the server is back, each asks again for the entry or vote whose answer it never heard.
"""

import json
import os
import time
from collections import Counter
from contextlib import suppress
from datetime import date
from pathlib import Path

import time_machine

from bench.torture import Figure, Options
from bench.torture.frame.clusters import Cluster, in_a_cluster_of_its_own
from bench.torture.frame.databases import fresh
from bench.torture.kills import vote

NUMBERS = ("T5",)
EACH_DATABASE = False

WORLD, POT = "world:kills", "kills:pot"
WRITERS, CODES = 4, 30


def main(options: Options) -> list[Figure]:
    kills = options.size(3, 50)
    with in_a_cluster_of_its_own() as cluster:
        there = Options(options.seed, "postgresql", options.full, options.folder, cluster.url)
        with fresh(there):
            from tests.apps.voting.polling import DURING

            voters = _furnish()
            with time_machine.travel(DURING, tick=True):
                _kill_under_load(options, cluster, kills, voters)
            return [_judge(options.folder, kills, cluster)]


def _kill_under_load(options: Options, cluster: Cluster, kills: int, voters: list[int]) -> None:
    chance, over = options.chance(), options.folder / "over"
    writers = [_fork(number, options.folder, over, voters) for number in range(WRITERS)]
    for kill in range(1, kills + 1):
        time.sleep(0.5 + chance.random())
        cluster.kill()
        cluster.start()
        options.say(f"{kill} of {kills} kills")
    time.sleep(1)
    over.touch()
    for writer in writers:
        os.waitpid(writer, 0)


def _furnish() -> list[int]:
    """Two accounts, and an open vote: its codes, which all writers share."""
    from django.db import connections

    from doorstep.apps.ledger.actions import open_account
    from tests.apps.voting.polling import running

    open_account(WORLD, fund="kills", guard="none")
    open_account(POT, fund="kills", guard="credit_nonneg")
    polling = running(cards=CODES)
    voters = [polling.credential(code).pk for code in polling.codes]
    connections.close_all()
    return voters


def _fork(number: int, folder: Path, over: Path, voters: list[int]) -> int:
    writer = os.fork()
    if writer == 0:
        try:
            _write(number, folder / f"told-{number}.json", over, voters)
        finally:
            os._exit(0)
    return writer


def _write(writer: int, told: Path, over: Path, voters: list[int]) -> None:
    """Post and vote until it is over; what had no answer is asked for until there is one."""
    from django.db import DatabaseError, connection

    from doorstep.apps.refused import Refused

    receipts, unheard, turned_away, number = list[str](), 0, 0, 0
    while not over.exists():
        try:
            connection.ensure_connection()
        except DatabaseError:
            turned_away += 1  # the server was gone: nothing was asked, so no answer was lost
            time.sleep(0.05)
            continue
        try:
            _post(writer, number)
            receipts.append(vote(number, voters))
        except (DatabaseError, Refused):  # of a vote: so many vote that it was not kept
            unheard += 1
            with suppress(DatabaseError):
                connection.close()
            time.sleep(0.05)
            continue
        number += 1
    told.write_text(
        json.dumps(
            {
                "acknowledged": number, "receipts": receipts, "unheard": unheard,
                "turned_away": turned_away,
            }
        )
    )  # fmt: skip


def _post(writer: int, number: int) -> None:
    from doorstep.apps.ledger.actions import Line, post
    from doorstep.apps.record.actors import Actor

    post(
        "kills.moved", [Line(WORLD, POT, 1)], idem_key=f"writer {writer} entry {number}",
        actor=Actor("system", "torture"), effective_on=date(2026, 11, 22),
    )  # fmt: skip


def _judge(folder: Path, kills: int, cluster: Cluster) -> Figure:
    from doorstep.apps.ledger.models import Journal
    from doorstep.apps.ledger.queries import balances
    from doorstep.apps.ledger.verify import verify_ledger
    from doorstep.apps.record.verify import verify_record
    from doorstep.apps.voting.models import Claim, Envelope
    from doorstep.apps.voting.verify import verify_voting

    told = [json.loads((folder / f"told-{number}.json").read_text()) for number in range(WRITERS)]
    acknowledged = {
        f"writer {number} entry {entry}"
        for number, each in enumerate(told)
        for entry in range(each["acknowledged"])
    }
    kept = list(Journal.objects.filter(kind="kills.moved").values_list("idem_key", flat=True))
    lost, doubled = acknowledged - set(kept), len(kept) - len(set(kept))
    # At most the last one of each writer stands without having been acknowledged.
    unknown = len(set(kept) - acknowledged)
    faults = [str(found) for found in (*verify_record(), *verify_ledger(), *verify_voting())]
    receipts = {receipt for each in told for receipt in each["receipts"]}
    envelopes = list(Envelope.objects.values_list("credential", "version", "env_hash"))
    votes_lost = receipts - {bytes(mark).hex() for _code, _version, mark in envelopes}
    last = Counter[int]()
    for code, version, _mark in envelopes:
        last[code] = max(last[code], version)
    # Each code is used once, and the versions of its vote are without a gap.
    once = Claim.objects.count() == len(last) and last.total() == len(envelopes)
    unheard, turned_away = (sum(each[what] for each in told) for what in ("unheard", "turned_away"))
    right = (
        balances([POT])[POT] == len(kept)
        and unknown <= WRITERS
        and once
        and not votes_lost
        and len(envelopes) - len(receipts) <= unheard
    )
    figure = (
        f"{kills} kills of the whole server; {len(acknowledged):,} entries and {len(receipts):,} "
        f"votes acknowledged, {unheard:,} answers never heard and asked for again ({turned_away:,} "
        f"times nobody was there to ask); lost {len(lost) + len(votes_lost)}, doubled {doubled}, "
        f"faults found by verify {len(faults)}"
    )
    held = not lost and not doubled and not faults and right and cluster.kills == kills
    return Figure("T5", "PostgreSQL killed", figure, held)
