"""Joins ballots to voters with the whole database in hand, before the seal and after it.

The attacker has every row, every byte of the tables' files and the log, tries the order of rows,
times and sizes and PostgreSQL's own numbers of transactions, and takes the best of all guesses.
"""

from bench.torture import Figure, Options
from bench.torture.frame.tests import repeated

NUMBERS = ("T17",)
EACH_DATABASE = True

ATTACK = "tests/apps/voting/test_sealing_destroys_what_joins_a_ballot_to_a_voter.py"


def main(options: Options) -> list[Figure]:
    voters = options.size(60, 1_000)
    passed, failed = repeated(options, ATTACK, DOORSTEP_T17_VOTERS=str(voters))
    told = f"{voters:,} ballots; no order links more than chance; {passed} tests held, "
    figure = "; ".join([f"{told}{len(failed)} failed", *failed])
    return [Figure("T17", "ballots joined to voters", figure, not failed and passed > 0)]
