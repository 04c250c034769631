"""How long a new bank holiday takes to move 100,000 open promises, with progress.

.venv/bin/python -m bench promises
"""

import statistics
import time
from datetime import date, timedelta

from bench.scratch import scratch_site

PROMISES = 100_000
DAYS = (2, 5, 10, 20, 28, 40)
HOLIDAY = date(2027, 1, 4)


def run(runs: int = 3) -> None:
    """Each run adds the holiday and takes it out again; the median of both is printed."""
    with scratch_site():
        _fill()
        took = []
        for _ in range(runs):
            took += [_timed(add=True), _timed(add=False)]
        median = statistics.median(took)
        print(f"{PROMISES:,} open promises after a new holiday: median {median:.2f} s (bar: 10 s)")


def _fill() -> None:
    from doorstep.apps.places.actions import open_place
    from doorstep.apps.promises.models import Promise
    from doorstep.apps.record.actors import Actor
    from doorstep.engine.rulebook import working_days_after

    place = open_place(
        "east", "East", "Alderdale", population=7000, population_year=2024,
        population_source="Made up", boundary_year=2021, actor=Actor("system", "bench"),
    )  # fmt: skip
    rows, number, start = [], 0, HOLIDAY - timedelta(days=60)
    sums = [
        (start + timedelta(days=n), days)
        for n in range(60)
        for days in DAYS
        if working_days_after(start + timedelta(days=n), days).due >= HOLIDAY
    ]
    while number < PROMISES:
        begun, days = sums[number % len(sums)]
        rows.append(
            Promise(
                kind="bench.promise", subject=str(number), place=place, owed_by_role="worker",
                made_on=begun, counted="working", counted_from=begun, days=days, nations="ENG",
                due_on=working_days_after(begun, days).due, public=True,
            )
        )  # fmt: skip
        number += 1
    Promise.objects.bulk_create(rows, batch_size=2_000)
    print(f"{PROMISES:,} open promises in {len(sums)} different sums")


def _timed(*, add: bool) -> float:
    from doorstep.apps.promises.actions import add_holiday, take_out_holiday
    from doorstep.apps.record.actors import Actor

    actor = Actor("system", "bench")
    begun = time.perf_counter()
    if add:
        step = add_holiday(HOLIDAY, "Day of mourning", actor=actor, progress=_say)
    else:
        step = take_out_holiday(HOLIDAY, actor=actor, progress=_say)
    took = time.perf_counter() - begun
    print(f"  {'added' if add else 'taken out'}: {step.moved:,} moved in {took:.2f} s")
    return took


def _say(done: int, of: int) -> None:
    print(f"    {done} of {of} sums", end="\r")
