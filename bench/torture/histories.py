"""Lets chance write histories of the ledger, and compares each step with a model of it."""

import time

from hypothesis import HealthCheck, Verbosity, seed, settings

from bench.torture import Figure, Options
from bench.torture.frame.databases import fresh

NUMBERS = ("T3",)
EACH_DATABASE = True


def main(options: Options) -> list[Figure]:
    runs, steps = options.size(50, 2_000), 50
    with fresh(options):
        from hypothesis.stateful import run_state_machine_as_test

        from tests.apps.ledger.test_any_history_adds_up import History

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

        began = time.monotonic()
        chosen = settings(
            max_examples=runs, stateful_step_count=steps, deadline=None, database=None,
            verbosity=Verbosity.normal, suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        run_state_machine_as_test(seed(options.seed)(Counted), settings=chosen)
        minutes = (time.monotonic() - began) / 60
    told = (
        f"{count['runs']:,} histories, {count['steps']:,} steps, {minutes:.1f} min; differences 0"
    )
    return [Figure("T3", "histories", told, count["runs"] >= runs)]
