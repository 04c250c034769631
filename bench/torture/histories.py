"""Lets chance write histories of the ledger, and compares each step with a model of it.

As many processes as there are cores write them, each into a database of its own.
"""

import time

from hypothesis import HealthCheck, Verbosity, seed, settings

from bench.torture import Figure, Options
from bench.torture.frame.databases import fresh
from bench.torture.frame.hands import HANDS, side_by_side

NUMBERS = ("T3",)
EACH_DATABASE = True
STEPS = 50


def main(options: Options) -> list[Figure]:
    # Some end before their last step: with a fifth more of them, 2,000 x 50 steps are made.
    runs, began = options.size(50, 2_400), time.monotonic()
    done = side_by_side(_part, options, runs)
    minutes = (time.monotonic() - began) / 60
    histories, steps = (sum(each) for each in zip(*done, strict=True))
    told = (
        f"{histories:,} histories, {steps:,} steps, {minutes:.1f} min with {HANDS} processes; "
        "differences 0"
    )
    return [Figure("T3", "histories", told, histories >= runs)]


def _part(options: Options, runs: int) -> tuple[int, int]:
    """How many histories and steps were tried; a difference raises."""
    with fresh(options):
        from hypothesis.stateful import run_state_machine_as_test

        from tests.apps.ledger.test_any_history_adds_up import History, open_accounts

        open_accounts()
        count = {"runs": 0, "steps": 0}

        class Counted(History):
            """The model of the short test; every operation that it tried is counted."""

            def __init__(self) -> None:
                super().__init__()
                count["runs"] += 1
                options.say(f"{count['runs']} histories, {count['steps']} steps")

            def check_invariants(self, *given: object) -> None:
                count["steps"] += 1
                super().check_invariants(*given)

        chosen = settings(
            max_examples=runs, stateful_step_count=STEPS, deadline=None, database=None,
            verbosity=Verbosity.normal, suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        run_state_machine_as_test(seed(options.seed)(Counted), settings=chosen)
    return count["runs"], count["steps"]
