"""Kills every process of PostgreSQL itself under load (kill -9), and starts it again.

The cluster is the run's own. Four processes post entries; each keeps what it tried and what it was
told. When the server is back, each asks again for the entry whose answer it never heard.
"""

import json
import os
import time
from contextlib import suppress
from datetime import date
from pathlib import Path

from bench.torture import Figure, Options
from bench.torture.frame.clusters import Cluster, in_a_cluster_of_its_own
from bench.torture.frame.databases import fresh

NUMBERS = ("T5",)
EACH_DATABASE = False

WORLD, POT = "world:kills", "kills:pot"
WRITERS = 4


def main(options: Options) -> list[Figure]:
    kills, chance = options.size(3, 50), options.chance()
    with in_a_cluster_of_its_own() as cluster:
        there = Options(options.seed, "postgresql", options.full, options.folder, cluster.url)
        with fresh(there):
            _open_accounts()
            over = options.folder / "over"
            writers = [_fork(number, options.folder, over) for number in range(WRITERS)]
            for kill in range(1, kills + 1):
                time.sleep(0.5 + chance.random())
                cluster.kill()
                cluster.start()
                options.say(f"{kill} of {kills} kills")
            time.sleep(1)
            over.touch()
            for writer in writers:
                os.waitpid(writer, 0)
            return [_judge(options.folder, kills, cluster)]


def _open_accounts() -> None:
    from django.db import connections

    from doorstep.apps.ledger.actions import open_account

    open_account(WORLD, fund="kills", guard="none")
    open_account(POT, fund="kills", guard="credit_nonneg")
    connections.close_all()


def _fork(number: int, folder: Path, over: Path) -> int:
    writer = os.fork()
    if writer == 0:
        try:
            _write(number, folder / f"told-{number}.json", over)
        finally:
            os._exit(0)
    return writer


def _write(writer: int, told: Path, over: Path) -> None:
    """Post until it is over; an entry without an answer is asked for until there is one."""
    from django.db import DatabaseError, connection

    acknowledged, unheard, number = 0, 0, 0
    while not over.exists():
        try:
            _post(writer, number)
        except DatabaseError:
            unheard += 1
            with suppress(DatabaseError):
                connection.close()
            time.sleep(0.05)
            continue
        acknowledged, number = acknowledged + 1, number + 1
    told.write_text(json.dumps({"acknowledged": acknowledged, "unheard": unheard}))


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
    faults = [str(found) for found in (*verify_record(), *verify_ledger())]
    right = balances([POT])[POT] == len(kept) and unknown <= WRITERS
    figure = (
        f"{kills} kills of the whole server; {len(acknowledged):,} entries acknowledged, "
        f"{sum(each['unheard'] for each in told):,} answers never heard and asked for again; "
        f"lost {len(lost)}, doubled {doubled}, faults found by verify {len(faults)}"
    )
    held = not lost and not doubled and not faults and right and cluster.kills == kills
    return Figure("T5", "PostgreSQL killed", figure, held)
