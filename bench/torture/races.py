"""Lets 32 hands do the same thing at one moment: vote, release a payment, spend from one pot.

The tests of these promises, in the promised size. Each hand is a thread with its own connection.
"""

from bench.torture import Figure, Options
from bench.torture.frame.tests import repeated

NUMBERS = ("T8", "T9", "T10")
EACH_DATABASE = True

VOTES = "tests/apps/voting/test_a_code_counts_once.py"
PHONES = "tests/apps/voting/test_phones_cast_one_code_at_one_moment.py"
PAYMENTS = "tests/apps/awards/test_many_hands_pay_once.py"
AFTER_A_RESTART = "tests/apps/awards/test_a_release_survives_a_restart.py"
POTS = "tests/apps/ledger/test_at_the_same_moment.py"


def main(options: Options) -> list[Figure]:
    codes = options.size(10, 500)
    return [
        _figure(
            options, "T8", "32 clients, one code each moment", f"{codes} codes, each by 32 hands "
            "at one moment, and one by 32 phones; each code counted once", VOTES, PHONES,
            DOORSTEP_TEST_CODES=str(codes),
        ),
        _figure(
            options, "T9", "32 releases", "one entry, one line of a file, and the same after a "
            "restart and a week", PAYMENTS, AFTER_A_RESTART,
        ),
        _figure(
            options, "T10", "32 spenders", "14 of 32 got £0.70 from £10; £0.20 left", POTS
        ),
    ]  # fmt: skip


def _figure(
    options: Options, number: str, what: str, told: str, *files: str, **environment: str
) -> Figure:
    options.say(what, at_most_every=0)
    passed, failed = repeated(options, *files, **environment)
    said = f"{told}; {passed} tests held, {len(failed)} failed"
    return Figure(number, what, "; ".join([said, *failed]), not failed and passed > 0)
