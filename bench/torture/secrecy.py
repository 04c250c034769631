"""Joins ballots to voters with the whole database in hand, before the seal and after it.

The attacker has every row, every byte of the files of tables and indexes and the log, tries the
order of rows, times and sizes and PostgreSQL's own numbers of transactions, and takes the best of
all guesses. PostgreSQL's own log is read in a cluster of its own: as the seal leaves it, and after
what docs/secrecy.md says.
"""

from dataclasses import replace

from bench.torture import Figure, Options
from bench.torture.frame.clusters import Cluster, in_a_cluster_of_its_own
from bench.torture.frame.databases import fresh
from bench.torture.frame.tests import repeated

NUMBERS = ("T17",)
EACH_DATABASE = True

ATTACK = "tests/apps/voting/test_sealing_destroys_what_joins_a_ballot_to_a_voter.py"


def main(options: Options) -> list[Figure]:
    voters = options.size(60, 1_000)
    passed, failed = repeated(options, ATTACK, DOORSTEP_T17_VOTERS=str(voters))
    told = f"{voters:,} ballots; no order links more than chance; {passed} tests held, "
    figure = "; ".join([f"{told}{len(failed)} failed", *failed])
    figures = [Figure("T17", "ballots joined to voters", figure, not failed and passed > 0)]
    if options.database == "postgresql":
        with in_a_cluster_of_its_own() as cluster:
            there = replace(options, server=cluster.url)
            with fresh(there):
                figures.append(_log_of_the_server(cluster, voters))
    return figures


def _log_of_the_server(cluster: Cluster, voters: int) -> Figure:
    from doorstep.apps.voting.actions.box import open_box, seal_round
    from doorstep.apps.voting.actions.rewriting import compact
    from doorstep.apps.voting.models import Envelope
    from tests.apps.voting.boxes import drafted, frozen, opened, vote, with_trustees
    from tests.millbrook import ACTOR

    world = opened(frozen(with_trustees(drafted(expected_voters=voters)), codes=voters))
    for voter in range(voters):
        vote(world, voter, [voter % 3])
    world.end()
    world.look(1, 2)
    pieces = [bytes(one)[65:97] for one in Envelope.objects.values_list("sealed", flat=True)]
    open_box(world.round, actor=ACTOR)
    seal_round(world.round, actor=ACTOR)
    compact()
    before = _in_log(cluster, pieces)
    turns = cluster.turn_log_over()
    after = _in_log(cluster, pieces)
    figure = (
        f"{voters:,} envelopes, {before:,} of them in pg_wal after the seal; "
        f"{after:,} after {turns} segments were begun"
    )
    return Figure("T17", "the server's own log", figure, before > 0 and not after)


def _in_log(cluster: Cluster, pieces: list[bytes]) -> int:
    log = b"".join(path.read_bytes() for path in cluster.log_segments())
    return sum(piece in log for piece in pieces)
